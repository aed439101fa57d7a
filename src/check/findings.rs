//! Known defects of libraries, by the violation that shows them.
//!
//! A scenario that lists a finding as `known` counts and shows its violations,
//! and is not failed by them. A new finding is one more entry of the list.

use super::Violation;

/// A known defect of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name in scenarios.
    pub name: &'static str,
    /// The checks that it breaks.
    pub checks: &'static [&'static str],
    /// What the violation's place or message contains.
    pub needle: &'static str,
    /// The library and the version that has it.
    pub library: &'static str,
    /// What goes wrong, in a sentence.
    pub summary: &'static str,
}

const FINDINGS: &[Finding] = &[Finding {
    name: "own-promise-left-out",
    checks: &["completion", "convergence"],
    needle: "is left out: it promised its own ballot",
    library: "omnipaxos 0.2.4",
    summary: "a replica that crashed after promising its own ballot, above that of the leader which \
              stands, is never synchronised again: it refuses the leader's Prepare, the leader \
              ignores its PrepareReq, and its election sees no reason to take over",
}];

/// All known defects.
pub fn findings() -> &'static [Finding] {
    FINDINGS
}

/// The known defect of that name.
pub fn finding(name: &str) -> Option<&'static Finding> {
    findings().iter().find(|finding| finding.name == name)
}

impl Finding {
    /// Whether a violation has the signature of this defect.
    pub fn matches(&self, violation: &Violation) -> bool {
        let in_place = |place: &String| place.contains(self.needle);
        self.checks.contains(&violation.check)
            && (violation.message.contains(self.needle)
                || violation.place.as_ref().is_some_and(in_place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Caught;
    use simulated_clock::Instant;

    #[test]
    fn a_finding_matches_by_check_and_by_place_or_message() {
        let finding = Finding {
            name: "empty-range",
            checks: &["panic"],
            needle: "internal_storage.rs",
            library: "omnipaxos 0.2.4",
            summary: "reading an empty range panics",
        };
        let caught = Caught {
            message: "unimplemented".to_owned(),
            place: "omnipaxos-0.2.4/src/storage/internal_storage.rs:160:17".to_owned(),
        };
        let panic = Violation::panic(Instant::ZERO, 1, &caught);
        assert!(finding.matches(&panic));
        let elsewhere = Violation {
            place: Some("src/main.rs:1:1".to_owned()),
            ..panic.clone()
        };
        assert!(!finding.matches(&elsewhere));
        let other = Violation {
            check: "agreement",
            ..panic
        };
        assert!(!finding.matches(&other));
    }

    #[test]
    fn every_finding_has_its_own_name_and_a_check_that_exists() {
        for (place, finding) in findings().iter().enumerate() {
            let names = super::super::names();
            assert!(!finding.checks.is_empty(), "{finding:?}");
            assert!(
                finding.checks.iter().all(|check| names.contains(check)),
                "{finding:?}"
            );
            assert!(
                !finding.needle.is_empty(),
                "{finding:?} would match anything"
            );
            let others = &findings()[place + 1..];
            assert!(
                others.iter().all(|other| other.name != finding.name),
                "{finding:?}"
            );
        }
        assert_eq!(finding("no such finding"), None);
    }
}
