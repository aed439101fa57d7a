//! What identifies a replica of an OmniPaxos service: what shows of it.
//!
//! The library tells its promise, its indices and, of a leader, how far each
//! follower has accepted; the disk tells the log, the service its state. What
//! was promised to a leader, and what was answered to heartbeats, matters until
//! all have answered; it is folded in as it was received. What else hides behind
//! that, [probes](super::probes) bring to light.

use std::collections::BTreeMap;

use omnipaxos::ballot_leader_election::Ballot;
use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::{BLEMessage, HeartbeatMsg, HeartbeatReply};
use omnipaxos::messages::sequence_paxos::PaxosMsg;
use omnipaxos::storage::Storage;

use super::entry::Entry;
use super::message::PaxosPacket;
use super::replica::OmniPaxosReplica;
use super::state_machine::StateMachine;
use crate::decision::hash::mix;
use crate::observation::{ReplicaId, content_digest};
use crate::replica::{Event, Known};

type Packet<S> = PaxosPacket<S>;

impl<S: StateMachine> OmniPaxosReplica<S> {
    pub(super) fn digest_of_what_shows(&self, known: &Known<'_, Self>) -> u64 {
        let leads = self.paxos.get_promise().pid == known.me;
        let library = content_digest(&(
            self.paxos.get_promise(),
            self.paxos.get_current_leader(),
            self.paxos.get_decided_idx(),
            self.paxos.get_accepted_idx(),
            self.paxos.get_compacted_idx(),
            self.paxos.get_batched_len(),
            self.paxos.get_ui_states().current_ballot,
        ));
        let accepted = leads.then(|| self.paxos.get_ui_states().cluster_state.accepted_indexes);
        let received = (leads.then(|| promises(known)), heartbeats(known));
        let followers = content_digest(&(accepted, received));
        let service = content_digest(&format!(
            "{:?} {:?} {:?}",
            self.attempts, self.trimming, self.start_phase
        ));
        let machine = mix(
            self.machine.digest(),
            mix(self.machine.chain.index, self.machine.chain.digest),
        );
        [library, followers, service, machine]
            .into_iter()
            .fold(self.disk_digest(), mix)
    }

    fn disk_digest(&self) -> u64 {
        let read = "a search injects no errors";
        let compacted = self.disk.get_compacted_idx().expect(read);
        let len = self.disk.get_log_len().expect(read);
        let entries = self
            .disk
            .get_entries(compacted, compacted + len)
            .expect(read);
        let snapshot = self.disk.get_snapshot().expect(read);
        let checkpoint = self.disk.checkpoint().expect(read);
        content_digest(&(
            (compacted, entries, snapshot),
            self.disk.get_promise().expect(read),
            self.disk.get_accepted_round().expect(read),
            self.disk.get_decided_idx().expect(read),
            checkpoint.map(|machine| (machine.digest(), machine.chain)),
        ))
    }
}

/// The messages of the consensus protocol in a life.
pub(super) fn heard<'a, S: StateMachine>(
    known: &Known<'a, OmniPaxosReplica<S>>,
) -> impl Iterator<Item = (ReplicaId, &'a PaxosMsg<Entry<S>>)> {
    known.life.iter().filter_map(|event| match event {
        Event::Message {
            from,
            message: Packet::Library(message),
        } => match &***message {
            Message::SequencePaxos(message) => Some((*from, &message.msg)),
            _ => None,
        },
        _ => None,
    })
}

/// What each peer promised last, ballot by ballot.
fn promises<S: StateMachine>(
    known: &Known<'_, OmniPaxosReplica<S>>,
) -> BTreeMap<(u32, ReplicaId), (Ballot, usize, usize)> {
    heard(known)
        .filter_map(|(from, message)| match message {
            PaxosMsg::Promise(promise) => Some((
                (promise.n.n, from),
                (
                    promise.n_accepted,
                    promise.accepted_idx,
                    promise.decided_idx,
                ),
            )),
            _ => None,
        })
        .collect()
}

/// The last answer of each peer to a heartbeat.
fn heartbeats<'a, S: StateMachine>(
    known: &Known<'a, OmniPaxosReplica<S>>,
) -> BTreeMap<ReplicaId, &'a HeartbeatReply> {
    let heard = known.life.iter().filter_map(|event| match event {
        Event::Message {
            from,
            message: Packet::Library(message),
        } => match &***message {
            Message::BLE(BLEMessage {
                msg: HeartbeatMsg::Reply(reply),
                ..
            }) => Some((*from, reply)),
            _ => None,
        },
        _ => None,
    });
    heard.collect()
}
