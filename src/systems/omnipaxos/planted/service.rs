//! Mistakes of the service: what it proposes, reads, applies and forgets.

use std::collections::BTreeMap;
use std::rc::Rc;

use omnipaxos::messages::Message;
use omnipaxos::storage::Storage;
use omnipaxos::util::LogEntry;

use super::messages::Wire;
use super::{Bug, Flaw};
use crate::observation::{ClientId, Observation, ReplicaId};
use crate::replica::{Context, Request};
use crate::systems::omnipaxos::entry::Entry;
use crate::systems::omnipaxos::machine::StateMachine;
use crate::systems::omnipaxos::replica::{OmniPaxosReplica, ServiceDisk};
use crate::systems::omnipaxos::tuning::{Reads, ReplicaOptions, StartSignal};

/// A bug in one life of a replica, and what it has to remember.
#[derive(Debug)]
pub(in crate::systems::omnipaxos) struct Planted<S: StateMachine> {
    pub(super) bug: Bug,
    wire: Wire,
    /// Whether this life has other options because of it.
    adjusts: bool,
    me: ReplicaId,
    replicas: u64,
    incarnation: u32,
    /// What an earlier life had decided.
    decided_before: u64,
    /// Whether anything was read from the log in this life.
    has_read: bool,
    /// Requests that arrived in this life.
    requests: u64,
    last_operation: Option<S::Command>,
    pub(super) last_asker: Option<ClientId>,
    /// Who asked last under a number.
    pub(super) askers: BTreeMap<u64, ClientId>,
    /// The newest number of each client.
    pub(super) newest: BTreeMap<ClientId, u64>,
}

/// The options of a life, as far as the bug that is planted changes them.
pub(in crate::systems::omnipaxos) fn adjusted(
    options: &ReplicaOptions,
    incarnation: u32,
) -> ReplicaOptions {
    let mut options = options.clone();
    match options.planted {
        Some(Bug::LocalGet) => options.tuning.reads = Reads::Local,
        Some(Bug::DedupMissing) => options.tuning.dedup = false,
        Some(Bug::NeverTicks) if incarnation > 1 => {
            (options.tuning.start_signal, options.tuning.initial_leader) =
                (StartSignal::Upstream, None);
        }
        _ => {}
    }
    options
}

impl<S: StateMachine> Planted<S> {
    /// The bug of a life that begins on `disk`, if one is planted; `options` are those without
    /// it.
    ///
    /// # Panics
    /// When the disk refuses.
    pub(in crate::systems::omnipaxos) fn new(
        options: &ReplicaOptions,
        disk: &ServiceDisk<S>,
        context: &Context<'_, OmniPaxosReplica<S>>,
    ) -> Option<Box<Self>> {
        let bug = options.planted?;
        let readable = "the disk must be readable";
        let promise = disk.get_promise().expect(readable).unwrap_or_default();
        let adjusts = adjusted(options, context.incarnation()) != *options;
        if adjusts && bug == Bug::NeverTicks {
            disk.observe(Observation::Deviated);
        }
        Some(Box::new(Self {
            bug,
            adjusts,
            wire: Wire::new(bug, options, context.me(), promise),
            me: context.me(),
            replicas: context.replicas(),
            incarnation: context.incarnation(),
            decided_before: disk.get_decided_idx().expect(readable) as u64,
            has_read: false,
            requests: 0,
            last_operation: None,
            last_asker: None,
            askers: BTreeMap::new(),
            newest: BTreeMap::new(),
        }))
    }

    /// A request arrives, and may be changed. `false`: it is ignored.
    pub(in crate::systems::omnipaxos) fn admits(
        &mut self,
        request: &mut Request<S::Command>,
        context: &Context<'_, OmniPaxosReplica<S>>,
    ) -> bool {
        self.requests += 1;
        let (client, sequence) = (request.id.client, request.id.sequence);
        self.last_asker = Some(client);
        self.askers.insert(sequence, client);
        let newest = self.newest.entry(client).or_default();
        *newest = sequence.max(*newest);
        let is_retry = request.attempt > 1;
        match self.bug {
            Bug::RetryIgnored => {
                context.deviates_if(is_retry);
                !is_retry
            }
            Bug::RequestBufferReused => {
                let last = self.last_operation.take();
                match last {
                    Some(last) if is_retry => {
                        context.deviates_if(last != request.command);
                        request.command = last;
                    }
                    _ => self.last_operation = Some(request.command.clone()),
                }
                true
            }
            _ => true,
        }
    }

    /// The mistake that a request's command carries into the log.
    pub(in crate::systems::omnipaxos) fn flaw(
        &self,
        request: &Request<S::Command>,
        context: &Context<'_, OmniPaxosReplica<S>>,
    ) -> Option<Flaw> {
        let bug = self.bug;
        let (client, sequence) = (request.id.client, request.id.sequence);
        let key = match bug {
            Bug::DedupKeyPerCoordinator => {
                let shared = (client - 1) / self.replicas + 1;
                context.deviates_if(shared != client);
                Some((shared, sequence))
            }
            Bug::IdsReusedAfterRestart => {
                // In its first life a coordinator's own numbers are as good as any, but for
                // what has one already.
                context.deviates_if(self.incarnation > 1 || request.attempt > 1);
                Some((self.me, self.requests))
            }
            _ => None,
        };
        // It executes commands as they are, and lets them be known again.
        let is_marked = bug == Bug::DedupMissing && self.adjusts;
        (bug.is_of_machine() || is_marked).then_some(Flaw { bug, key })
    }
}

impl<S: StateMachine> OmniPaxosReplica<S> {
    /// The planted bug did what the correct code would not have done, if it did.
    pub(in crate::systems::omnipaxos) fn deviates_if(&self, deviates: bool) {
        if deviates {
            self.disk.observe(Observation::Deviated);
        }
    }

    /// Whether the library hears of sessions that were made again.
    #[cold]
    pub(in crate::systems::omnipaxos) fn tells_of_sessions(&self) -> bool {
        let ignores = self.planted.as_ref().is_some_and(|planted| {
            matches!(planted.bug, Bug::SessionNewsIgnored | Bug::GapIgnored)
        });
        self.deviates_if(ignores);
        !ignores
    }

    /// Whether a checkpoint that is owed is written.
    #[cold]
    pub(in crate::systems::omnipaxos) fn writes_checkpoints(&self) -> bool {
        let forgets = self
            .planted
            .as_ref()
            .is_some_and(|planted| planted.bug == Bug::CheckpointNotWritten);
        self.deviates_if(forgets);
        !forgets
    }

    /// A read is answered from the replica's own state.
    #[cold]
    pub(in crate::systems::omnipaxos) fn answers_locally(&self) {
        let planted = self.planted.as_ref();
        let is_new = planted.is_some_and(|planted| planted.adjusts && planted.bug == Bug::LocalGet);
        self.deviates_if(is_new);
    }

    /// The replica goes on from a snapshot.
    #[cold]
    pub(in crate::systems::omnipaxos) fn note_restored(&self) {
        let looks_nothing_up = self
            .planted
            .as_ref()
            .is_some_and(|planted| planted.adjusts && planted.bug == Bug::DedupMissing);
        // Without sessions a snapshot does not tell which requests that wait it answers.
        let forgets = looks_nothing_up && self.attempts.owed().next().is_some();
        self.deviates_if(forgets || self.machine.is_wrong);
    }

    /// A message reaches the library through the shim.
    #[cold]
    pub(in crate::systems::omnipaxos) fn receive_planted(&mut self, message: Message<Entry<S>>) {
        let promise = self.paxos.get_promise();
        let Some(planted) = &mut self.planted else {
            return;
        };
        let messages = planted.wire.incoming(message, promise);
        self.note_deviations();
        for message in messages {
            self.paxos.handle_incoming(message);
        }
    }

    /// Messages that were taken pass the shim.
    #[cold]
    pub(in crate::systems::omnipaxos) fn spoil_outgoing(&mut self) {
        let accepted = self.paxos.get_accepted_idx();
        let Some(planted) = &mut self.planted else {
            return;
        };
        let wire = &mut planted.wire;
        let mut forged = Vec::new();
        self.outgoing.retain_mut(|message| {
            let leaves = wire.outgoing(message);
            forged.extend(wire.forged(message, accepted));
            leaves
        });
        self.outgoing
            .extend(wire.more().into_iter().map(Message::BLE));
        self.note_deviations();
        for message in forged {
            self.paxos.handle_incoming(message);
        }
    }

    /// What the shim did that a correct replica would not have done.
    fn note_deviations(&mut self) {
        let planted = self.planted.as_mut();
        let deviations = planted.map_or(0, |planted| planted.wire.deviations());
        for _ in 0..deviations {
            self.disk.observe(Observation::Deviated);
        }
    }

    /// How far the log is read to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn readable(&self) -> usize {
        let planted = self.planted.as_ref().map(|planted| planted.bug);
        if planted == Some(Bug::ApplyUndecided) {
            self.paxos.get_accepted_idx()
        } else {
            self.paxos.get_decided_idx()
        }
    }

    /// What is read from the log to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn read_planted(
        &mut self,
        applied: usize,
    ) -> Option<Vec<LogEntry<Entry<S>>>> {
        let readable = self.readable();
        let planted = self.planted.as_mut()?;
        let is_first = !std::mem::replace(&mut planted.has_read, true);
        let mut entries = match planted.bug {
            Bug::ApplyUndecided => self.paxos.read_entries(applied..readable)?,
            _ => self.paxos.read_decided_suffix(applied)?,
        };
        let deviates = match planted.bug {
            Bug::ApplyUndecided => {
                let mut deviates = false;
                for entry in &mut entries {
                    if let LogEntry::Undecided(undecided) = entry {
                        *entry = LogEntry::Decided(undecided.clone());
                        deviates = true;
                    }
                }
                deviates
            }
            Bug::AppliedOffByOne if planted.incarnation > 1 && is_first => {
                entries.remove(0);
                true
            }
            Bug::BatchAppliedBackwards => {
                entries.reverse();
                entries.len() > 1
            }
            Bug::SnapshotIgnored => {
                let many = entries.len();
                entries.retain(|entry| !matches!(entry, LogEntry::Snapshotted(_)));
                entries.len() < many
            }
            _ => false,
        };
        self.deviates_if(deviates);
        Some(entries)
    }

    /// An entry is about to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn before_applying(&mut self, entry: &Entry<S>) {
        let Some(planted) = &mut self.planted else {
            return;
        };
        let is_replayed =
            planted.incarnation > 1 && self.machine.chain.index < planted.decided_before;
        let deviates = match planted.bug {
            Bug::ReplayExecutesTwice if is_replayed => {
                let machine = Rc::make_mut(&mut self.machine);
                machine.state.apply(&entry.command().operation);
                true
            }
            Bug::DedupMissing if planted.adjusts => {
                self.machine.unseen.contains(&entry.command().id())
            }
            // Keys of one's own are counted where they are given.
            _ => match entry.command().flaw {
                Some(Flaw { key: None, .. }) => self.machine.errs_with(entry),
                _ => false,
            },
        };
        self.deviates_if(deviates);
    }
}
