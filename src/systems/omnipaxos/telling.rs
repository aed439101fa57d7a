//! Messages of the library in words, as traces show them.

use std::fmt::Debug;

use omnipaxos::messages::Message;
use omnipaxos::messages::ballot_leader_election::HeartbeatMsg;
use omnipaxos::messages::sequence_paxos::{Compaction, PaxosMsg};
use omnipaxos::storage::Entry;
use omnipaxos::util::{LogSync, SequenceNumber};

use super::voice::ballot;

/// The most entries that are shown one by one.
const ENTRIES_SHOWN: usize = 4;

/// What a message says, without its kind.
pub(super) fn tell<T: Entry + Debug>(message: &Message<T>) -> String {
    if let Message::SequencePaxos(message) = message {
        return paxos(&message.msg);
    }
    if let Message::BLE(message) = message {
        return heartbeat(&message.msg);
    }
    format!("{message:?}")
}

fn heartbeat(message: &HeartbeatMsg) -> String {
    match message {
        HeartbeatMsg::Request(request) => format!("round {}", request.round),
        HeartbeatMsg::Reply(reply) => format!(
            "round {}: ballot {}, follows {}, {}",
            reply.round,
            ballot(reply.ballot),
            ballot(reply.leader),
            if reply.happy { "happy" } else { "unhappy" },
        ),
    }
}

fn paxos<T: Entry + Debug>(message: &PaxosMsg<T>) -> String {
    match message {
        PaxosMsg::PrepareReq(request) => format!("knows of {}", ballot(request.n)),
        PaxosMsg::Prepare(prepare) => format!(
            "{}: accepted {} up to {}, decided {}",
            ballot(prepare.n),
            ballot(prepare.n_accepted),
            prepare.accepted_idx,
            prepare.decided_idx,
        ),
        PaxosMsg::Promise(promise) => format!(
            "{}: accepted {} up to {}, decided {}{}",
            ballot(promise.n),
            ballot(promise.n_accepted),
            promise.accepted_idx,
            promise.decided_idx,
            promise
                .log_sync
                .as_ref()
                .map_or_else(String::new, |sync| format!("; {}", log_sync(sync))),
        ),
        PaxosMsg::AcceptSync(sync) => format!(
            "{}: {}, decided {}{}",
            ballot(sync.n),
            log_sync(&sync.log_sync),
            sync.decided_idx,
            numbered(sync.seq_num),
        ),
        PaxosMsg::AcceptDecide(accept) => format!(
            "{}: {}, decided {}{}",
            ballot(accept.n),
            entries(&accept.entries),
            accept.decided_idx,
            numbered(accept.seq_num),
        ),
        PaxosMsg::Accepted(accepted) => {
            format!("{}: up to {}", ballot(accepted.n), accepted.accepted_idx)
        }
        PaxosMsg::NotAccepted(refusal) => format!("promised {}", ballot(refusal.n)),
        PaxosMsg::Decide(decide) => format!(
            "{}: up to {}{}",
            ballot(decide.n),
            decide.decided_idx,
            numbered(decide.seq_num),
        ),
        PaxosMsg::ProposalForward(proposals) => entries(proposals),
        PaxosMsg::Compaction(Compaction::Trim(index)) => format!("trim up to {index}"),
        PaxosMsg::Compaction(Compaction::Snapshot(index)) => index.map_or_else(
            || "snapshot of what is decided".to_owned(),
            |index| format!("snapshot up to {index}"),
        ),
        PaxosMsg::AcceptStopSign(stop) => format!("{}: {:?}", ballot(stop.n), stop.ss),
        PaxosMsg::ForwardStopSign(stop) => format!("{stop:?}"),
    }
}

fn log_sync<T: Entry + Debug>(sync: &LogSync<T>) -> String {
    let snapshot = if sync.decided_snapshot.is_some() {
        "a snapshot, then "
    } else {
        ""
    };
    format!(
        "{snapshot}from {}: {}",
        sync.sync_idx,
        entries(&sync.suffix)
    )
}

fn entries<T: Debug>(entries: &[T]) -> String {
    let shown = entries.iter().take(ENTRIES_SHOWN);
    let shown: Vec<_> = shown.map(|entry| format!("{entry:?}")).collect();
    match entries.len().saturating_sub(ENTRIES_SHOWN) {
        0 => format!("[{}]", shown.join(", ")),
        more => format!("[{}, and {more} more]", shown.join(", ")),
    }
}

/// The number of a message among those of its leader's session.
fn numbered(number: SequenceNumber) -> String {
    format!(" (#{}.{})", number.session, number.counter)
}
