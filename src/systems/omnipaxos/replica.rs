//! The replica: the library, the state machine, and the duties between them.

use std::rc::Rc;

use omnipaxos::OmniPaxos;
use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::util::LogEntry;
use simulated_clock::{Duration, Instant};

use super::action::PaxosAction;
use super::answer::answer;
use super::attempts::Attempts;
use super::carried::Spare;
use super::entry::{Command, Entry};
use super::machine::{Applied, Machine};
use super::message::{PaxosPacket, ServiceMessage, library_kind};
use super::planted::service::{Planted, adjusted};
use super::planted::storage::Shimmed;
use super::service_disk::ServiceDisk;
use super::snapshot::synchronise_by;
use super::start_phase::StartPhase;
use super::state_machine::StateMachine;
use super::trimming::Trimming;
use super::tuning::{MissedTicks, Reads, ReplicaOptions, StartSignal, TakeOutgoing};
use super::voice::voice;
use crate::observation::{Observation, Position, ReplicaId, content_digest};
use crate::replica::{Context, Event, Known, Probe, Replica, Request, TimerId};

/// The library is ticked.
pub(super) const TICK: TimerId = TimerId(0);
/// Outgoing messages are taken.
pub(super) const TAKE: TimerId = TimerId(1);
/// The initial leader looks whether it leads.
pub(super) const LEADER_WAIT: TimerId = TimerId(2);
/// The time that the start signal named has come.
pub(super) const BEGIN: TimerId = TimerId(3);

/// Events between two takings of messages in batch mode, as published.
const BATCH: u32 = 100;

/// The same as the library sees it.
type LibraryDisk<S> = Shimmed<S>;

/// A state machine replicated by OmniPaxos.
pub struct OmniPaxosReplica<S: StateMachine> {
    pub(super) options: ReplicaOptions,
    pub(super) paxos: OmniPaxos<Entry<S>, LibraryDisk<S>>,
    pub(super) disk: ServiceDisk<S>,
    pub(super) machine: Rc<Machine<S>>,
    pub(super) start_phase: StartPhase,
    pub(super) trimming: Trimming,
    pub(super) attempts: Attempts,
    pub(super) leader: Option<(ReplicaId, bool)>,
    pub(super) outgoing: Vec<LibraryMessage<Entry<S>>>,
    spare: Spare<Entry<S>>,
    /// The bug that is planted in it; none but to prove that it is found.
    pub(super) planted: Option<Box<Planted<S>>>,
    events_since_taking: u32,
}

impl<S: StateMachine> std::fmt::Debug for OmniPaxosReplica<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OmniPaxosReplica")
            .field("applied", &self.machine.chain.index)
            .field("decided", &self.paxos.get_decided_idx())
            .field("leader", &self.leader)
            .finish_non_exhaustive()
    }
}

impl<S: StateMachine> Replica for OmniPaxosReplica<S> {
    type Message = PaxosPacket<S>;
    type Command = S::Command;
    type Output = S::Output;
    type Disk = ServiceDisk<S>;
    type Entry = Entry<S>;
    type Action = PaxosAction;
    type Options = ReplicaOptions;

    fn start(options: &ReplicaOptions, disk: Self::Disk, context: &mut Context<'_, Self>) -> Self {
        synchronise_by(options.tuning.snapshots);
        let planted = Planted::new(options, &disk, context);
        let options = &adjusted(options, context.incarnation());
        let checkpoint = disk.checkpoint().expect("the checkpoint must be read");
        let paxos = options
            .paxos_config(context.me())
            .build(Shimmed::open(
                disk.clone(),
                options.planted,
                context.incarnation(),
            ))
            .expect("a scenario's options are validated before it runs");
        let mut replica = Self {
            options: options.clone(),
            paxos,
            disk,
            machine: checkpoint.unwrap_or_default(),
            start_phase: StartPhase::first(options, context.me()),
            trimming: Trimming::default(),
            attempts: Attempts::default(),
            leader: None,
            outgoing: Vec::with_capacity(options.tuning.buffer_size as usize),
            spare: Spare::default(),
            planted,
            events_since_taking: 0,
        };
        if replica.machine.chain.index > 0 {
            replica.observe_restored(context);
        }
        replica.begin_start_phase(context);
        if options.tuning.start_signal == StartSignal::None
            && options.tuning.initial_leader == Some(context.me())
            && context.incarnation() == 1
        {
            replica.paxos.try_become_leader();
        }
        if let TakeOutgoing::Every(period) = options.tuning.take_outgoing {
            context.set_timer(TAKE, period.0);
        }
        replica.after_event(context);
        replica
    }

    #[inline]
    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        synchronise_by(self.options.tuning.snapshots);
        match event {
            Event::Message { from, message } => match message {
                PaxosPacket::Library(message) if self.planted.is_some() => {
                    self.receive_planted(message.unpack())
                }
                PaxosPacket::Library(message) => self.paxos.handle_incoming(message.unpack()),
                PaxosPacket::Service(message) => self.handle_service(from, message, context),
            },
            Event::Timer { timer, late } => self.handle_timer(timer, late, context),
            Event::Request(request) => self.handle_request(request, context),
            Event::SessionUp(peer) => self.session_is_up(peer),
            Event::Operator(action) => self.handle_action(action, context),
            Event::SessionLost(_) => {}
            Event::Stop => {
                self.observe_state(context);
                self.observe_heartbeats(context);
            }
        }
        self.after_event(context);
    }

    fn fingerprint(&self, known: &Known<'_, Self>) -> Option<u64> {
        // What a planted bug remembers does not show.
        let shows = || self.digest_of_what_shows(known);
        self.planted.is_none().then(shows)
    }

    fn probes(&self, known: &Known<'_, Self>) -> Vec<Probe<Self>> {
        self.probes_for_what_hides(known)
    }
}

impl<S: StateMachine> OmniPaxosReplica<S> {
    fn session_is_up(&mut self, peer: ReplicaId) {
        if self.planted.is_none() || self.tells_of_sessions() {
            self.paxos.reconnected(peer);
        }
    }

    fn handle_timer(&mut self, timer: TimerId, late: Duration, context: &mut Context<'_, Self>) {
        match timer {
            TICK => self.tick(late, context),
            TAKE => {
                self.take_outgoing(context);
                if let TakeOutgoing::Every(period) = self.options.tuning.take_outgoing {
                    context.set_timer(TAKE, period.0);
                }
            }
            LEADER_WAIT => self.look_whether_leading(context),
            BEGIN => self.begin_ticking(context),
            TimerId(other) => debug_assert!(false, "nobody set timer {other}"),
        }
    }

    /// Ticks the library, and keeps the beat however late this one came.
    fn tick(&mut self, late: Duration, context: &mut Context<'_, Self>) {
        let beat = self.options.tuning.tick.as_nanos();
        let missed = match self.options.tuning.missed_ticks {
            MissedTicks::Collapse => 0,
            MissedTicks::Burst => late.as_nanos() / beat,
        };
        for _ in 0..=missed {
            self.paxos.tick();
        }
        let mut rest = beat;
        if late > Duration::ZERO {
            rest -= late.as_nanos() % beat;
        }
        context.set_timer(TICK, Duration::from_nanos(rest));
        if self.options.tuning.take_outgoing == TakeOutgoing::Batch {
            self.take_outgoing(context);
        }
    }

    fn handle_request(
        &mut self,
        mut request: Request<S::Command>,
        context: &mut Context<'_, Self>,
    ) {
        if let Some(planted) = &mut self.planted
            && !planted.admits(&mut request, context)
        {
            return;
        }
        if self.options.tuning.reads == Reads::Local
            && let Some(output) = self.machine.state.query(&request.command)
        {
            if self.planted.is_some() {
                self.answers_locally();
            }
            let position = Position::After(self.machine.chain.index);
            let reply = content_digest(&output);
            answer(
                request.id,
                request.attempt,
                position,
                output,
                reply,
                context,
            );
            return;
        }
        if !self
            .attempts
            .arrive(request.id, request.attempt, request.low_water)
        {
            return;
        }
        if self.planted.is_some() {
            self.answer_early(&request, context);
        }
        let planted = self.planted.as_ref();
        let flaw = planted.and_then(|planted| planted.flaw(&request, context));
        let entry = Entry::new(Command {
            client: request.id.client,
            sequence: request.id.sequence,
            attempt: request.attempt,
            low_water: request.low_water,
            coordinator: context.me(),
            dedup: self.options.tuning.dedup,
            operation: request.command,
            flaw,
        });
        if self.paxos.append(entry).is_err() {
            // Refused because of a pending reconfiguration: it never happened.
            self.attempts.forget(request.id, request.attempt);
        }
    }

    fn handle_service(
        &mut self,
        from: ReplicaId,
        message: ServiceMessage,
        context: &mut Context<'_, Self>,
    ) {
        match message {
            ServiceMessage::LeaderStartSignal { at_ns } => {
                self.begin_at(Instant::from_nanos(at_ns), context);
            }
            ServiceMessage::WriteCheckpoint { index } => self.owe_checkpoint(from, index, context),
            ServiceMessage::CheckpointWritten { index } => {
                self.note_checkpoint(from, index, context)
            }
        }
    }

    fn handle_action(&mut self, action: PaxosAction, context: &mut Context<'_, Self>) {
        match action {
            // A refusal says that there is nothing new to fold.
            PaxosAction::Snapshot { local_only } => {
                let _ = self.paxos.snapshot(None, local_only);
            }
            PaxosAction::Trim => self.ask_for_checkpoints(context),
            PaxosAction::SetPriority(priority) => self.paxos.set_priority(priority),
            PaxosAction::TryBecomeLeader => self.paxos.try_become_leader(),
        }
    }

    /// What follows every event: apply, answer, compact, send.
    #[inline]
    fn after_event(&mut self, context: &mut Context<'_, Self>) {
        self.observe_leader(context);
        let readable = match &self.planted {
            None => self.paxos.get_decided_idx(),
            Some(_) => self.readable(),
        };
        if readable as u64 > self.machine.chain.index {
            self.apply_decided(context);
            self.pay_checkpoint(context);
            self.snapshot_if_due(context);
        }
        self.events_since_taking += 1;
        match self.options.tuning.take_outgoing {
            TakeOutgoing::EachEvent => self.take_outgoing(context),
            TakeOutgoing::Batch if self.events_since_taking >= BATCH => self.take_outgoing(context),
            TakeOutgoing::Batch | TakeOutgoing::Every(_) => {}
        }
    }

    /// # Panics
    /// When entries that the service has not applied are trimmed away: that is
    /// a defect of the service or of the library, and a finding.
    fn apply_decided(&mut self, context: &mut Context<'_, Self>) {
        let applied = self.machine.chain.index;
        let entries = match &self.planted {
            None => self.paxos.read_decided_suffix(applied as usize),
            Some(_) => self.read_planted(applied as usize),
        };
        let Some(entries) = entries else {
            return;
        };
        for entry in entries {
            match entry {
                LogEntry::Decided(entry) => self.apply(&entry, context),
                LogEntry::Snapshotted(snapshotted) => {
                    self.restore(snapshotted.snapshot, context);
                }
                LogEntry::Trimmed(index) => assert!(
                    index as u64 <= applied,
                    "entries up to {index} are trimmed, but only {applied} were applied or checkpointed"
                ),
                LogEntry::Undecided(entry) => {
                    panic!("the decided suffix holds the undecided {entry:?}")
                }
                LogEntry::StopSign(..) => {}
            }
        }
    }

    fn apply(&mut self, entry: &Entry<S>, context: &mut Context<'_, Self>) {
        if self.planted.is_some() {
            self.before_applying(entry);
        }
        let chain = self.machine.chain.with(entry.content());
        let applied = Rc::make_mut(&mut self.machine).apply_at(chain, entry);
        let reply = applied
            .as_ref()
            .map_or(0, |applied| content_digest(&*applied.output));
        context.observe(|| Observation::Applied {
            index: chain.index,
            entry: entry.clone(),
            chain: chain.digest,
            reply,
            executed: applied.as_ref().is_some_and(|applied| applied.executed),
        });
        let command = entry.command();
        let (id, attempt) = (command.id(), command.attempt);
        let planted = self.planted.as_deref();
        let is_owed = command.coordinator == context.me() && self.attempts.pay(id, attempt);
        if (is_owed || planted.is_some_and(Planted::answers_all))
            && let Some(Applied {
                output, position, ..
            }) = applied
        {
            let output = output.into_owned();
            match planted {
                None => answer(id, attempt, position, output, reply, context),
                Some(planted) => {
                    context.deviates_if(!is_owed);
                    planted.answer(id, attempt, position, output, context);
                }
            }
        }
    }

    fn take_outgoing(&mut self, context: &mut Context<'_, Self>) {
        self.events_since_taking = 0;
        self.paxos.take_outgoing_messages(&mut self.outgoing);
        if self.planted.is_some() {
            self.spoil_outgoing();
        }
        if self.outgoing.is_empty() {
            return;
        }
        for taken in &mut self.outgoing {
            // Packed at once, because it is large: moved but this one time.
            let message = self.spare.pack(library_kind(taken), taken);
            if let Some((voice, ballot)) = voice(&message) {
                context.observe(|| Observation::Said { voice, ballot });
            }
            context.send(message.get_receiver(), PaxosPacket::Library(message));
        }
        self.outgoing.clear();
    }
}
