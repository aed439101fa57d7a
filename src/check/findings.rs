//! Known defects of libraries, by the violation that shows them.
//!
//! A scenario that lists a finding as `known` counts and shows its violations,
//! and is not failed by them. A new finding is one more entry of the list; what is known of a
//! single system, that system lists itself
//! ([`SystemInfo::findings`](crate::system::SystemInfo::findings)).

use super::{Cause, Class, Finding, Violation};

const FINDINGS: &[Finding] = &[
    Finding {
        name: "delta-snapshot-drops-entries",
        checks: &["snapshot_fold"],
        causes: &[Cause::SnapshotOfOtherLengthWhileSynchronising],
        panics: &[],
        in_contract: true,
        library: "omnipaxos 0.2.4",
        summary: "a replica that is synchronised with a delta snapshot folds its own log up to the \
                  new decided index instead of its own: entries below the delta are lost, or entries \
                  that were never decided are folded",
    },
    Finding {
        name: "own-promise-left-out",
        checks: &["completion", "convergence"],
        causes: &[Cause::StrandedByPromise],
        panics: &[],
        in_contract: true,
        library: "omnipaxos 0.2.4",
        summary: "a replica that promised a ballot above that of the leader which stands, its own \
                  before a crash or that of somebody out of reach, is never synchronised again: it \
                  refuses the leader's Prepare, the leader ignores its PrepareReq, and its election \
                  sees no reason to take over",
    },
    Finding {
        name: "priority-circle",
        checks: &["completion", "convergence"],
        causes: &[Cause::ElectionCycle, Cause::LeaderDeposed],
        panics: &[],
        in_contract: true,
        library: "omnipaxos 0.2.4",
        summary: "set_priority changes a follower's ballot in place, so that others take it for the \
                  leader while it does not lead; after it was called on two followers, each takes \
                  the other for the leader, and when the real one fails nobody ever takes over",
    },
    Finding {
        name: "stale-accept-sync",
        checks: &["panic", "acknowledged_stays"],
        causes: &[Cause::Truncated],
        panics: &["would overwrite decided entries up to"],
        in_contract: true,
        library: "omnipaxos 0.2.4",
        summary: "an AcceptSync that answers an earlier Promise of the same ballot is accepted as \
                  the answer to the present one, and cuts off entries that were acknowledged since: \
                  on links that duplicate or reorder, and where a paused follower answers a \
                  repeated Prepare more than once",
    },
];

/// The known defects of libraries that systems are built on.
pub fn findings() -> &'static [Finding] {
    FINDINGS
}

impl Finding {
    /// Whether a violation has the signature of this defect.
    pub fn matches(&self, violation: &Violation) -> bool {
        let says = |text: &str| self.panics.iter().any(|words| text.contains(words));
        let shows = match violation.class {
            Class::Panic => {
                says(&violation.message) || violation.place.as_deref().is_some_and(says)
            }
            Class::Safety | Class::Liveness => self.causes.contains(&violation.cause),
        };
        self.checks.contains(&violation.check) && shows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Caught;
    use simulated_clock::Instant;

    #[test]
    fn a_finding_matches_by_check_and_cause_a_panic_by_its_place_or_message() {
        let finding = Finding {
            name: "empty-range",
            checks: &["panic", "agreement"],
            causes: &[Cause::Truncated],
            panics: &["internal_storage.rs"],
            in_contract: true,
            library: "omnipaxos 0.2.4",
            summary: "reading an empty range panics",
        };
        let caught = Caught {
            message: "unimplemented".to_owned(),
            place: "omnipaxos-0.2.4/src/storage/internal_storage.rs:160:17".to_owned(),
            is_own: false,
        };
        let panic = Violation::panic(Instant::ZERO, 1, &caught);
        assert!(finding.matches(&panic));
        let elsewhere = Violation {
            place: Some("src/main.rs:1:1".to_owned()),
            ..panic.clone()
        };
        assert!(!finding.matches(&elsewhere));
        let other = Violation {
            check: "linearizability",
            ..panic
        };
        assert!(!finding.matches(&other));
        let agreement = |cause| {
            Violation::safety(
                "agreement",
                cause,
                Instant::ZERO,
                vec![1],
                "internal_storage.rs",
            )
        };
        assert!(finding.matches(&agreement(Cause::Truncated)));
        assert!(!finding.matches(&agreement(Cause::Overwritten)));
    }

    #[test]
    fn every_finding_has_its_own_name_and_a_check_that_exists() {
        for (place, finding) in findings().iter().enumerate() {
            let names: Vec<_> = super::super::names().collect();
            assert!(!finding.checks.is_empty(), "{finding:?}");
            assert!(
                finding.checks.iter().all(|check| names.contains(check)),
                "{finding:?}"
            );
            assert!(
                !finding.causes.is_empty() || !finding.panics.is_empty(),
                "{finding:?} would match nothing"
            );
            assert!(
                !finding.panics.contains(&""),
                "{finding:?} would match every panic"
            );
            let others = &findings()[place + 1..];
            assert!(
                others.iter().all(|other| other.name != finding.name),
                "{finding:?}"
            );
        }
    }
}
