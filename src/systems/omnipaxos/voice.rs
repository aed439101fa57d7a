//! What the checks hear of the library's messages: who claims what in which ballot.

use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::messages::ballot_leader_election::HeartbeatReply;
use omnipaxos::messages::sequence_paxos::PaxosMsg;

use crate::observation::{Ballot, Observation, Voice};

/// The library's ballot as ours.
pub(super) fn ballot(ballot: omnipaxos::ballot_leader_election::Ballot) -> Ballot {
    Ballot {
        number: ballot.n,
        priority: ballot.priority,
        replica: ballot.pid,
    }
}

/// How a peer answered a heartbeat: its part in the election.
pub(super) fn heard<E>(reply: &HeartbeatReply) -> Observation<E> {
    Observation::Heartbeat {
        of: reply.ballot.pid,
        ballot: ballot(reply.ballot),
        follows: ballot(reply.leader),
        happy: reply.happy,
    }
}

/// What the invariants have to know of a message, if anything.
#[inline]
pub(super) fn voice<T: omnipaxos::storage::Entry>(
    message: &LibraryMessage<T>,
) -> Option<(Voice, Ballot)> {
    let LibraryMessage::SequencePaxos(message) = message else {
        return None;
    };
    let (voice, n) = match &message.msg {
        PaxosMsg::Prepare(prepare) => (Voice::Prepare, prepare.n),
        PaxosMsg::Promise(promise) => (Voice::Promise, promise.n),
        PaxosMsg::AcceptSync(sync) => (Voice::AcceptSync, sync.n),
        PaxosMsg::AcceptDecide(accept) => (Voice::AcceptDecide, accept.n),
        PaxosMsg::Accepted(accepted) => (
            Voice::Accepted {
                index: accepted.accepted_idx as u64,
            },
            accepted.n,
        ),
        PaxosMsg::Decide(decide) => (Voice::Decide, decide.n),
        _ => return None,
    };
    Some((voice, ballot(n)))
}
