//! Mistakes of the service: what it proposes, reads, applies and forgets.

use std::collections::BTreeMap;

use omnipaxos::storage::Storage;

use super::bug::Bug;
use super::flaw::Flaw;
use super::messages::Wire;
use crate::observation::{ClientId, Observation, ReplicaId};
use crate::replica::{Context, Replica, Request};
use crate::systems::omnipaxos::service_disk::ServiceDisk;
use crate::systems::omnipaxos::state_machine::StateMachine;
use crate::systems::omnipaxos::tuning::{Reads, ReplicaOptions, StartSignal};

/// A bug in one life of a replica, and what it has to remember.
#[derive(Debug)]
pub(in crate::systems::omnipaxos) struct Planted<S: StateMachine> {
    pub(super) bug: Bug,
    pub(super) wire: Wire,
    /// Whether this life has other options because of it.
    pub(super) adjusts: bool,
    me: ReplicaId,
    replicas: u64,
    pub(super) incarnation: u32,
    /// What an earlier life had decided.
    pub(super) decided_before: u64,
    /// Whether anything was read from the log in this life.
    pub(super) has_read: bool,
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
    pub(in crate::systems::omnipaxos) fn new<R: Replica>(
        options: &ReplicaOptions,
        disk: &ServiceDisk<S>,
        context: &Context<'_, R>,
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
    pub(in crate::systems::omnipaxos) fn admits<R: Replica>(
        &mut self,
        request: &mut Request<S::Command>,
        context: &Context<'_, R>,
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
    pub(in crate::systems::omnipaxos) fn flaw<R: Replica>(
        &self,
        request: &Request<S::Command>,
        context: &Context<'_, R>,
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
