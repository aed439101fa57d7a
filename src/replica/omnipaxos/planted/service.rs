//! Mistakes of the service: what it proposes, reads, applies and forgets.

use std::collections::BTreeMap;
use std::rc::Rc;

use omnipaxos::messages::Message;
use omnipaxos::storage::Storage;
use omnipaxos::util::LogEntry;

use super::messages::Wire;
use super::{Flaw, PlantedBug};
use crate::observation::{ClientId, ReplicaId};
use crate::replica::omnipaxos::entry::{Entry, EntryKind};
use crate::replica::omnipaxos::machine::StateMachine;
use crate::replica::omnipaxos::options::{ClusterOptions, Reads, StartSignal};
use crate::replica::omnipaxos::replica::{OmniPaxosReplica, ServiceDisk};
use crate::replica::{Context, Request};

/// A bug in one life of a replica, and what it has to remember.
#[derive(Debug)]
pub(in crate::replica::omnipaxos) struct Planted<S: StateMachine> {
    pub(super) bug: PlantedBug,
    wire: Wire,
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
pub(in crate::replica::omnipaxos) fn adjusted(
    options: &ClusterOptions,
    incarnation: u32,
) -> ClusterOptions {
    let mut options = options.clone();
    match options.planted {
        Some(PlantedBug::LocalGet) => options.reads = Reads::Local,
        Some(PlantedBug::DedupMissing) => options.dedup = false,
        Some(PlantedBug::NeverTicks) if incarnation > 1 => {
            (options.start_signal, options.initial_leader) = (StartSignal::Upstream, None);
        }
        _ => {}
    }
    options
}

impl<S: StateMachine> Planted<S> {
    /// The bug of a life that begins on `disk`, if one is planted.
    ///
    /// # Panics
    /// When the disk refuses.
    pub(in crate::replica::omnipaxos) fn new<K: EntryKind<S>>(
        options: &ClusterOptions,
        disk: &ServiceDisk<S, K>,
        context: &Context<'_, OmniPaxosReplica<S, K>>,
    ) -> Option<Box<Self>> {
        let bug = options.planted?;
        let readable = "the disk must be readable";
        let promise = disk.get_promise().expect(readable).unwrap_or_default();
        Some(Box::new(Self {
            bug,
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

    /// Whether the library hears of sessions that were made again.
    pub(in crate::replica::omnipaxos) fn tells_of_sessions(&self) -> bool {
        !matches!(
            self.bug,
            PlantedBug::SessionNewsIgnored | PlantedBug::GapIgnored
        )
    }

    /// Whether a checkpoint that is owed is written.
    pub(in crate::replica::omnipaxos) fn writes_checkpoints(&self) -> bool {
        self.bug != PlantedBug::CheckpointNotWritten
    }

    /// A request arrives, and may be changed. `false`: it is ignored.
    pub(in crate::replica::omnipaxos) fn admits(
        &mut self,
        request: &mut Request<S::Command>,
    ) -> bool {
        self.requests += 1;
        let (client, sequence) = (request.id.client, request.id.sequence);
        self.last_asker = Some(client);
        self.askers.insert(sequence, client);
        let newest = self.newest.entry(client).or_default();
        *newest = sequence.max(*newest);
        let is_retry = request.attempt > 1;
        match self.bug {
            PlantedBug::RetryIgnored => !is_retry,
            PlantedBug::RequestBufferReused => {
                let last = self.last_operation.take();
                match last {
                    Some(last) if is_retry => request.command = last,
                    _ => self.last_operation = Some(request.command.clone()),
                }
                true
            }
            _ => true,
        }
    }

    /// The mistake that a request's command carries into the log.
    pub(in crate::replica::omnipaxos) fn flaw(
        &self,
        request: &Request<S::Command>,
    ) -> Option<Flaw> {
        let bug = self.bug;
        let (client, sequence) = (request.id.client, request.id.sequence);
        let key = match bug {
            PlantedBug::DedupKeyPerCoordinator => {
                Some(((client - 1) / self.replicas + 1, sequence))
            }
            PlantedBug::IdsReusedAfterRestart => Some((self.me, self.requests)),
            _ => None,
        };
        bug.is_of_machine().then_some(Flaw { bug, key })
    }
}

impl<S: StateMachine, K: EntryKind<S>> OmniPaxosReplica<S, K> {
    /// A message reaches the library through the shim.
    #[cold]
    pub(in crate::replica::omnipaxos) fn receive_planted(&mut self, message: Message<Entry<S, K>>) {
        let promise = self.paxos.get_promise();
        let Some(planted) = &mut self.planted else {
            return;
        };
        for message in planted.wire.incoming(message, promise) {
            self.paxos.handle_incoming(message);
        }
    }

    /// Messages that were taken pass the shim.
    #[cold]
    pub(in crate::replica::omnipaxos) fn spoil_outgoing(&mut self) {
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
        for message in forged {
            self.paxos.handle_incoming(message);
        }
    }

    /// How far the log is read to be applied.
    #[cold]
    pub(in crate::replica::omnipaxos) fn readable(&self) -> usize {
        let planted = self.planted.as_ref().map(|planted| planted.bug);
        if planted == Some(PlantedBug::ApplyUndecided) {
            self.paxos.get_accepted_idx()
        } else {
            self.paxos.get_decided_idx()
        }
    }

    /// What is read from the log to be applied.
    #[cold]
    pub(in crate::replica::omnipaxos) fn read_planted(
        &mut self,
        applied: usize,
    ) -> Option<Vec<LogEntry<Entry<S, K>>>> {
        let readable = self.readable();
        let planted = self.planted.as_mut()?;
        let is_first = !std::mem::replace(&mut planted.has_read, true);
        let mut entries = match planted.bug {
            PlantedBug::ApplyUndecided => self.paxos.read_entries(applied..readable)?,
            _ => self.paxos.read_decided_suffix(applied)?,
        };
        match planted.bug {
            PlantedBug::ApplyUndecided => {
                for entry in &mut entries {
                    if let LogEntry::Undecided(undecided) = entry {
                        *entry = LogEntry::Decided(undecided.clone());
                    }
                }
            }
            PlantedBug::AppliedOffByOne if planted.incarnation > 1 && is_first => {
                entries.remove(0);
            }
            PlantedBug::BatchAppliedBackwards => entries.reverse(),
            PlantedBug::SnapshotIgnored => {
                entries.retain(|entry| !matches!(entry, LogEntry::Snapshotted(_)));
            }
            _ => {}
        }
        Some(entries)
    }

    /// An entry is about to be applied.
    #[cold]
    pub(in crate::replica::omnipaxos) fn before_applying(&mut self, entry: &Entry<S, K>) {
        let Some(planted) = &self.planted else {
            return;
        };
        let is_replayed =
            planted.incarnation > 1 && self.machine.chain.index < planted.decided_before;
        if planted.bug == PlantedBug::ReplayExecutesTwice && is_replayed {
            let machine = Rc::make_mut(&mut self.machine);
            machine.state.apply(&entry.command().operation);
        }
    }
}
