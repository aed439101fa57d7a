//! The planted bugs of the service, and of the machine that it replicates.

use super::bug::Bug;
use super::needs::{SNAPSHOTS, TRIMS};
use crate::system::{Need, PlantedBug};

/// Mistakes of the service around the library.
pub(super) const SERVICE: &[PlantedBug] = &[
    PlantedBug {
        name: Bug::ReplyBeforeDecide.name(),
        what: "a leader answers a write when it has appended it, before anybody else \
               has it; a takeover then loses what was acknowledged",
        origin: Some(
            "MongoDB and Elasticsearch acknowledged writes that a failover rolled \
               back (Jepsen, 2013 to 2015)",
        ),
        checks: &["linearizability"],
        needs: &[Need::Reads],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::ApplyUndecided.name(),
        what: "a replica applies and answers what it has accepted; another leader may \
               yet replace it",
        origin: Some(
            "ZooKeeper: a snapshot held transactions that were never committed \
               (ZOOKEEPER-1549)",
        ),
        checks: &["applied_state"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::AppliedOffByOne.name(),
        what: "after a restart the first entry that is replayed is passed over",
        origin: Some(
            "etcd 3.5.0 to 3.5.2 persisted the applied index ahead of the entry, \
               and skipped it after a crash",
        ),
        checks: &["applied_state"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::BatchAppliedBackwards.name(),
        what: "entries that are decided together are applied last first",
        origin: None,
        checks: &["applied_state"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::ReplayExecutesTwice.name(),
        what: "what was applied before a restart is executed twice when it is \
               replayed; puts hide it, appends do not",
        origin: None,
        checks: &["applied_state"],
        needs: &[Need::Restarts, Need::Appends],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::SnapshotIgnored.name(),
        what: "a replica that reads a snapshot from its log passes over it, and goes \
               on with the entries behind it",
        origin: Some(
            "the published OmniPaxos key-value server takes snapshotted entries for \
               unreachable",
        ),
        checks: &["applied_state", "convergence", "completion"],
        needs: &[SNAPSHOTS, Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::ReplyFromEveryReplica.name(),
        what: "every replica that applies a command answers it, not only the one that \
               was asked",
        origin: None,
        checks: &["reply_integrity"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::PendingBySequenceOnly.name(),
        what: "pending requests are looked up by their number alone: of two clients \
               at one replica, the wrong one is answered",
        origin: None,
        checks: &["reply_integrity", "applied_state"],
        needs: &[Need::Clients],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::OnePendingRequestPerClient.name(),
        what: "a replica keeps one pending request per client: the late answer to an \
               older one is taken for the answer to the newest",
        origin: None,
        checks: &["reply_integrity", "applied_state", "completion"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::ReplyToLastAsker.name(),
        what: "an answer leaves on the connection of the client that asked last",
        origin: None,
        checks: &["applied_state", "completion", "linearizability"],
        needs: &[Need::Clients],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::RetryIgnored.name(),
        what: "a replica takes the first attempt of a request only: what a leader \
               lost is lost for good",
        origin: None,
        checks: &["completion"],
        needs: &[Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::RequestBufferReused.name(),
        what: "a retry is proposed from a buffer that another request has overwritten",
        origin: None,
        checks: &["nothing_invented"],
        needs: &[Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::SessionNewsIgnored.name(),
        what: "the service never tells the library that a session was made again \
               (`reconnected`): what the break took is never sent again",
        origin: Some("the duty is documented by OmniPaxos and easily forgotten"),
        checks: &["agreement", "convergence", "completion"],
        needs: &[Need::SessionBreaks],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::NeverTicks.name(),
        what: "a replica waits for the start signal after a restart too; nobody sends \
               it twice",
        origin: Some(
            "the published OmniPaxos key-value server does not tick before the \
               signal",
        ),
        checks: &["completion", "convergence"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::CheckpointNotWritten.name(),
        what: "a replica says that its checkpoint is written, and has written none; \
               the log it needs is trimmed",
        origin: None,
        checks: &["panic"],
        needs: &[TRIMS, Need::Restarts],
        mistaken_for: None,
    },
];

/// Mistakes of the replicated machine, alike on every replica.
pub(super) const MACHINE: &[PlantedBug] = &[
    PlantedBug {
        name: Bug::DedupMissing.name(),
        what: "nobody looks whether a command was executed already: a retry is \
               executed twice",
        origin: Some("the published OmniPaxos key-value server has no session table"),
        checks: &["at_most_once"],
        needs: &[Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DedupKeyPerCoordinator.name(),
        what: "clients are numbered by the replica that they belong to, so that two \
               share a session and one gets the other's results",
        origin: Some("the published OmniPaxos key-value server numbers clients per server"),
        checks: &[
            "applied_state",
            "at_most_once",
            "completion",
            "linearizability",
        ],
        needs: &[Need::Clients],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::IdsReusedAfterRestart.name(),
        what: "a coordinator numbers requests from 1 on in each of its lives: after a \
               restart new commands are taken for old ones",
        origin: None,
        checks: &[
            "applied_state",
            "at_most_once",
            "completion",
            "linearizability",
        ],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::SessionKeepsLastOnly.name(),
        what: "a session remembers its newest command only: a retry that is decided \
               behind a newer command is executed again",
        origin: None,
        checks: &["at_most_once"],
        needs: &[Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::LowWaterOffByOne.name(),
        what: "a session forgets the oldest command that is still open along with \
               those that are over: its retry is executed again",
        origin: None,
        checks: &["at_most_once"],
        needs: &[Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::SessionsNotInSnapshot.name(),
        what: "a snapshot holds the state without the sessions",
        origin: None,
        checks: &["snapshot_fold", "applied_state", "at_most_once"],
        needs: &[SNAPSHOTS],
        mistaken_for: None,
    },
];

/// Mistakes in what a state machine says of itself, in
/// [`StateMachine::query`](crate::systems::omnipaxos::StateMachine::query) or
/// [`StateMachine::apply_flawed`](crate::systems::omnipaxos::StateMachine::apply_flawed): one that
/// keeps their defaults cannot have them.
pub(super) const STATE_MACHINE: &[PlantedBug] = &[
    PlantedBug {
        name: Bug::LocalGet.name(),
        what: "a read is answered from the state of whoever is asked, which may lag",
        origin: Some(
            "etcd 0.4 and Consul answered reads from a leader's own state (Jepsen, \
               2014)",
        ),
        checks: &["applied_state", "linearizability"],
        needs: &[Need::Reads],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::CasAlwaysYes.name(),
        what: "a compare-and-swap succeeds whatever the value is, on every replica \
               alike",
        origin: None,
        checks: &["linearizability"],
        needs: &[Need::Swaps],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DeleteLostInSnapshot.name(),
        what: "folding entries into a snapshot passes over deletions: deleted keys \
               come back",
        origin: Some(
            "the snapshot of the library's key-value example forgets a deletion \
               within one delta",
        ),
        checks: &["snapshot_fold", "applied_state"],
        needs: &[SNAPSHOTS, Need::Deletes],
        mistaken_for: None,
    },
];
