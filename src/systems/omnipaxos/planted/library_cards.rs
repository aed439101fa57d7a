//! The planted bugs below the service: what a consensus library could do wrong.

use super::bug::Bug;
use super::needs::{SNAPSHOTS, TRIMS, WIDE_PROMISES};
use crate::system::{Need, PlantedBug};

/// Mistakes in what is stored, and in what is said.
pub(super) const LIBRARY: &[PlantedBug] = &[
    PlantedBug {
        name: Bug::PromiseNotPersisted.name(),
        what: "the promise is not written to the disk",
        origin: None,
        checks: &["promise_durable"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::PromiseForgottenAtRestart.name(),
        what: "a restart does not read the promise, and begins as if it had given \
               none",
        origin: None,
        checks: &["promise_durable"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::AcceptedRoundNotPersisted.name(),
        what: "the ballot in which the log was accepted is not written with it",
        origin: None,
        checks: &["acknowledged_stays"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::LogTailLostAtRestart.name(),
        what: "entries that are accepted and not yet decided are kept in memory only: \
               a restart begins without them",
        origin: Some("the commonest shortcut in durable logs: acknowledging before the sync"),
        checks: &["acknowledged_stays"],
        needs: &[Need::Restarts],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::SyncAppends.name(),
        what: "a synchronisation appends its entries where it should first cut back \
               what differs",
        origin: Some(
            "ZooKeeper: a follower kept transactions that its leader never had \
               (ZOOKEEPER-2845)",
        ),
        checks: &["agreement", "acknowledged_stays", "panic"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::TrimBeyondDecided.name(),
        what: "a trim removes all that is accepted, not only what is decided",
        origin: None,
        checks: &["log_bounds", "panic"],
        needs: &[TRIMS],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::SnapshotIndexOffByOne.name(),
        what: "the log is compacted up to one entry before the end of its snapshot",
        origin: None,
        checks: &["snapshot_fold"],
        needs: &[SNAPSHOTS],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DecidedIndexNotPersisted.name(),
        what: "the decided index is not written to the disk",
        origin: None,
        checks: &["acknowledged_survives", "log_bounds"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DecidedIndexReset.name(),
        what: "a restart sets the decided index back to what was compacted",
        origin: None,
        checks: &["decided_stays"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::OlderBallotAccepted.name(),
        what: "a follower accepts entries from a leader of an older ballot than it \
               promised",
        origin: None,
        checks: &[
            "agreement",
            "acknowledged_stays",
            "decided_stays",
            "log_bounds",
            "applied_state",
        ],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::GapIgnored.name(),
        what: "a follower accepts entries although those before them were lost with a \
               session",
        origin: None,
        checks: &["agreement", "log_bounds"],
        needs: &[Need::SessionBreaks],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::AcceptAppliedTwice.name(),
        what: "the first entries after a synchronisation are appended twice",
        origin: None,
        checks: &["agreement", "log_bounds"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::QuorumOffByOne.name(),
        what: "a leader decides with one acceptance less than a quorum",
        origin: None,
        checks: &[
            "agreement",
            "acknowledged_stays",
            "decided_stays",
            "panic",
            "log_bounds",
        ],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::PromiseQuorumOffByOne.name(),
        what: "a leader begins with one promise less than a quorum",
        origin: None,
        checks: &["panic", "agreement", "decided_stays", "log_bounds"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::QuorumsConfused.name(),
        what: "a leader waits for as few promises as acceptances, though flexible \
               quorums ask for more",
        origin: None,
        checks: &["panic", "agreement", "decided_stays", "log_bounds"],
        needs: &[WIDE_PROMISES],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::BallotReusedAfterRestart.name(),
        what: "a leader that restarts goes on in the ballot in which it led, with \
               nothing of what it had proposed in it",
        origin: Some(
            "OmniPaxos 0.2.4 guards against it: a recovered server begins with \
               ballot number 0",
        ),
        checks: &["one_voice"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DecidedTooHigh.name(),
        what: "a leader tells its followers that the entries it sends them are \
               decided",
        origin: None,
        checks: &["panic", "agreement", "decided_stays", "log_bounds"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::PromiseWithoutSuffix.name(),
        what: "a promise comes without the entries that the new leader lacks",
        origin: None,
        checks: &["agreement", "log_bounds", "decided_stays"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::SyncCutShort.name(),
        what: "a synchronisation leaves out its last entry",
        origin: None,
        checks: &["agreement", "log_bounds"],
        needs: &[],
        mistaken_for: Some("stale-accept-sync"),
    },
    PlantedBug {
        name: Bug::AcknowledgesOneTooMany.name(),
        what: "a follower acknowledges one entry more than its log holds",
        origin: None,
        checks: &["acknowledged_stays"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::DecideNotSent.name(),
        what: "nobody is told what is decided but with the next entries: at rest, \
               followers lag",
        origin: None,
        checks: &["convergence"],
        needs: &[],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::AlwaysContent.name(),
        what: "every heartbeat says that its sender is content with the leader: when \
               that one falls, nobody takes over",
        origin: None,
        checks: &["completion", "convergence"],
        needs: &[Need::Restarts],
        mistaken_for: None,
    },
    PlantedBug {
        name: Bug::HeartbeatsPassedOn.name(),
        what: "a replica passes on every heartbeat that it hears to all replicas, whoever \
               has heard it already",
        origin: Some(
            "TFTP doubled all packets after one that came twice (the Sorcerer's \
               Apprentice, RFC 1123)",
        ),
        checks: &["bounded_traffic"],
        needs: &[],
        mistaken_for: None,
    },
];
