//! The replica: the library, the state machine, and the duties between them.

use std::rc::Rc;

use omnipaxos::OmniPaxos;
use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::util::LogEntry;
use simulated_clock::{Duration, Instant};

use super::action::PaxosAction;
use super::answer::answer;
use super::attempts::Attempts;
use super::entry::{Command, Entry, EntryKind};
use super::machine::{Applied, Machine, StateMachine};
use super::message::{PaxosPacket, ServiceMessage, heard, voice};
use super::options::{ClusterOptions, MissedTicks, Reads, Snapshots, StartSignal, TakeOutgoing};
use super::snapshot::LogSnapshot;
use super::start_phase::StartPhase;
use super::trimming::Trimming;
use crate::observation::{Observation, Position, ReplicaId, content_digest};
use crate::replica::{Context, Event, Replica, Request, TimerId};
use crate::storage::PaxosDisk;

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

/// The disk of an OmniPaxos service: the library's storage and the checkpoint.
type ServiceDisk<S, K> = PaxosDisk<Entry<S, K>, Rc<Machine<S>>>;

/// A state machine replicated by OmniPaxos.
pub struct OmniPaxosReplica<S: StateMachine, K: EntryKind<S>> {
    pub(super) options: ClusterOptions,
    pub(super) paxos: OmniPaxos<Entry<S, K>, ServiceDisk<S, K>>,
    pub(super) disk: ServiceDisk<S, K>,
    pub(super) machine: Rc<Machine<S>>,
    pub(super) start_phase: StartPhase,
    pub(super) trimming: Trimming,
    attempts: Attempts,
    leader: Option<(ReplicaId, bool)>,
    outgoing: Vec<LibraryMessage<Entry<S, K>>>,
    events_since_taking: u32,
}

impl<S: StateMachine, K: EntryKind<S>> std::fmt::Debug for OmniPaxosReplica<S, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OmniPaxosReplica")
            .field("applied", &self.machine.chain.index)
            .field("decided", &self.paxos.get_decided_idx())
            .field("leader", &self.leader)
            .finish_non_exhaustive()
    }
}

impl<S: StateMachine, K: EntryKind<S>> Replica for OmniPaxosReplica<S, K> {
    type Message = PaxosPacket<S, K>;
    type Command = S::Command;
    type Output = S::Output;
    type Disk = ServiceDisk<S, K>;
    type Entry = Entry<S, K>;
    type Action = PaxosAction;
    type Options = ClusterOptions;

    fn start(options: &ClusterOptions, disk: Self::Disk, context: &mut Context<'_, Self>) -> Self {
        let checkpoint = disk.checkpoint().expect("the checkpoint must be read");
        let paxos = options
            .paxos_config(context.me())
            .build(disk.clone())
            .expect("a scenario's options are validated before it runs");
        let mut replica = Self {
            options: options.clone(),
            paxos,
            disk,
            machine: checkpoint.unwrap_or_default(),
            start_phase: Self::first_phase(options, context.me()),
            trimming: Trimming::default(),
            attempts: Attempts::default(),
            leader: None,
            outgoing: Vec::with_capacity(options.buffer_size as usize),
            events_since_taking: 0,
        };
        if replica.machine.chain.index > 0 {
            replica.observe_restored(context);
        }
        replica.begin_start_phase(context);
        if options.start_signal == StartSignal::None
            && options.initial_leader == Some(context.me())
            && context.incarnation() == 1
        {
            replica.paxos.try_become_leader();
        }
        if let TakeOutgoing::Every(period) = options.take_outgoing {
            context.set_timer(TAKE, period.0);
        }
        replica.after_event(context);
        replica
    }

    #[inline]
    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match event {
            Event::Message { from, message } => match message {
                PaxosPacket::Library(message) => self.paxos.handle_incoming(*message),
                PaxosPacket::Service(message) => self.handle_service(from, message, context),
            },
            Event::Timer { timer, late } => self.handle_timer(timer, late, context),
            Event::Request(request) => self.handle_request(request, context),
            Event::SessionUp(peer) => self.paxos.reconnected(peer),
            Event::Operator(action) => self.handle_action(action, context),
            Event::SessionLost(_) => {}
            Event::Stop => {
                self.observe_state(context);
                self.observe_heartbeats(context);
            }
        }
        self.after_event(context);
    }
}

impl<S: StateMachine, K: EntryKind<S>> OmniPaxosReplica<S, K> {
    fn handle_timer(&mut self, timer: TimerId, late: Duration, context: &mut Context<'_, Self>) {
        match timer {
            TICK => self.tick(late, context),
            TAKE => {
                self.take_outgoing(context);
                if let TakeOutgoing::Every(period) = self.options.take_outgoing {
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
        let beat = self.options.tick.as_nanos();
        let missed = match self.options.missed_ticks {
            MissedTicks::Collapse => 0,
            MissedTicks::Burst => late.as_nanos() / beat,
        };
        for _ in 0..=missed {
            self.paxos.tick();
        }
        let rest = beat - late.as_nanos() % beat;
        context.set_timer(TICK, Duration::from_nanos(rest));
        if self.options.take_outgoing == TakeOutgoing::Batch {
            self.take_outgoing(context);
        }
    }

    fn handle_request(&mut self, request: Request<S::Command>, context: &mut Context<'_, Self>) {
        if self.options.reads == Reads::Local
            && let Some(output) = self.machine.state.query(&request.command)
        {
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
        let entry = Entry::new(Command {
            client: request.id.client,
            sequence: request.id.sequence,
            attempt: request.attempt,
            low_water: request.low_water,
            coordinator: context.me(),
            dedup: self.options.dedup,
            operation: request.command,
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
        if self.paxos.get_decided_idx() as u64 > self.machine.chain.index {
            self.apply_decided(context);
            self.pay_checkpoint(context);
            self.snapshot_if_due(context);
        }
        self.events_since_taking += 1;
        match self.options.take_outgoing {
            TakeOutgoing::EachEvent => self.take_outgoing(context),
            TakeOutgoing::Batch if self.events_since_taking >= BATCH => self.take_outgoing(context),
            TakeOutgoing::Batch | TakeOutgoing::Every(_) => {}
        }
    }

    #[inline]
    fn observe_leader(&mut self, context: &Context<'_, Self>) {
        let leader = self.paxos.get_current_leader();
        if leader != self.leader {
            if leader.is_some_and(|(leader, _)| leader == context.me()) {
                self.observe_heartbeats(context);
            }
            self.leader = leader;
            context.observe(Observation::Leads {
                leader: leader.map(|(leader, _)| leader),
                accepting: leader.is_some_and(|(_, accepting)| accepting),
            });
        }
    }

    fn observe_heartbeats(&self, context: &Context<'_, Self>) {
        for reply in &self.paxos.get_ui_states().heartbeats {
            context.observe(heard(reply));
        }
    }

    /// # Panics
    /// When entries that the service has not applied are trimmed away: that is
    /// a defect of the service or of the library, and a finding.
    fn apply_decided(&mut self, context: &mut Context<'_, Self>) {
        let applied = self.machine.chain.index;
        let Some(entries) = self.paxos.read_decided_suffix(applied as usize) else {
            return;
        };
        for entry in entries {
            match entry {
                LogEntry::Decided(entry) => self.apply(&entry, context),
                LogEntry::Snapshotted(snapshotted) => {
                    let snapshot =
                        K::reveal(&snapshotted.snapshot).expect("this entry type has snapshots");
                    self.restore(snapshot.clone(), context);
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

    fn apply(&mut self, entry: &Entry<S, K>, context: &mut Context<'_, Self>) {
        let chain = self.machine.chain.with(entry.content());
        let applied = Rc::make_mut(&mut self.machine).apply(entry);
        let reply = applied
            .as_ref()
            .map_or(0, |applied| content_digest(&*applied.output));
        context.observe(Observation::Applied {
            index: chain.index,
            entry: entry.clone(),
            chain: chain.digest,
            reply,
            executed: applied.as_ref().is_some_and(|applied| applied.executed),
        });
        let command = entry.command();
        if command.coordinator == context.me()
            && self.attempts.pay(command.id(), command.attempt)
            && let Some(Applied {
                output, position, ..
            }) = applied
        {
            let (id, attempt) = (command.id(), command.attempt);
            answer(id, attempt, position, output.into_owned(), reply, context);
        }
    }

    /// Goes on from a snapshot that the log was compacted into.
    fn restore(&mut self, snapshot: LogSnapshot<S>, context: &mut Context<'_, Self>) {
        let machine = snapshot.into_machine();
        if machine.chain.index <= self.machine.chain.index {
            return;
        }
        self.machine = machine;
        self.observe_restored(context);
        // Requests whose commands the snapshot folds are answered from its sessions.
        let known: Vec<_> = self
            .attempts
            .owed()
            .filter_map(|(id, attempt)| {
                let (index, output) = self.machine.sessions.result(id)?;
                Some((id, attempt, Position::At(index), output.clone()))
            })
            .collect();
        for (id, attempt, position, output) in known {
            self.attempts.pay(id, attempt);
            let reply = content_digest(&output);
            answer(id, attempt, position, output, reply, context);
        }
    }

    fn observe_restored(&self, context: &Context<'_, Self>) {
        context.observe(Observation::Restored {
            index: self.machine.chain.index,
            chain: self.machine.chain.digest,
            state: self.machine.digest(),
        });
    }

    fn snapshot_if_due(&mut self, context: &mut Context<'_, Self>) {
        let Snapshots::Every(every) = self.options.snapshots else {
            return;
        };
        let applied = self.machine.chain.index;
        if applied >= self.paxos.get_compacted_idx() as u64 + every {
            // A refusal says that the library has compacted this much already.
            let _ = self.paxos.snapshot(Some(applied as usize), true);
            self.observe_state(context);
        }
    }

    fn observe_state(&self, context: &Context<'_, Self>) {
        context.observe(Observation::State {
            index: self.machine.chain.index,
            chain: self.machine.chain.digest,
            state: self.machine.digest(),
        });
    }

    fn take_outgoing(&mut self, context: &mut Context<'_, Self>) {
        self.events_since_taking = 0;
        self.paxos.take_outgoing_messages(&mut self.outgoing);
        if self.outgoing.is_empty() {
            return;
        }
        // Boxed at once, because it is large: moved but this one time.
        for message in self.outgoing.drain(..).map(Box::new) {
            if let Some((voice, ballot)) = voice(&message) {
                context.observe(Observation::Said { voice, ballot });
            }
            context.send(message.get_receiver(), PaxosPacket::Library(message));
        }
    }
}
