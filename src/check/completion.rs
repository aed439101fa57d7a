//! Completion: after the faults end, every request that had to complete does.

use simulated_clock::Instant;

use super::{Cause, Violation};
use crate::observation::RequestId;

/// The name of the check.
pub(super) const NAME: &str = "completion";

/// A request that had to complete, and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Which.
    pub request: RequestId,
    /// What was asked, and of whom.
    pub description: String,
    /// When.
    pub issued_at: Instant,
}

/// Is anything unfinished?
pub fn completion(at: Instant, unfinished: &[Unfinished]) -> Option<Violation> {
    let oldest = unfinished
        .iter()
        .min_by_key(|one| (one.issued_at, one.request))?;
    let others = match unfinished.len() - 1 {
        0 => String::new(),
        1 => ", nor was one other".to_owned(),
        others => format!(", nor were {others} others"),
    };
    let message = format!(
        "{} ({}), issued at {}, was not answered by the end at {at}{others}",
        oldest.request, oldest.description, oldest.issued_at
    );
    let cause = Cause::Unanswered;
    let requests = unfinished.iter().map(|one| one.request);
    Some(Violation::liveness(NAME, cause, at, Vec::new(), message).shown_by(requests))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfinished(sequence: u64, nanos: u64) -> Unfinished {
        Unfinished {
            request: RequestId {
                client: 1,
                sequence,
            },
            description: "put a = 1 through replica 2".to_owned(),
            issued_at: Instant::from_nanos(nanos),
        }
    }

    #[test]
    fn nothing_unfinished_is_completion() {
        assert_eq!(completion(Instant::ZERO, &[]), None);
    }

    #[test]
    fn the_oldest_is_named_and_the_others_are_counted() {
        let all = [unfinished(9, 900), unfinished(7, 100), unfinished(8, 300)];
        let message = |some: &[Unfinished]| {
            let violation = completion(Instant::from_nanos(1000), some).expect("not finished");
            assert_eq!(violation.class, super::super::Class::Liveness);
            violation.message
        };
        let three = message(&all);
        assert!(
            three.starts_with("request 7 of client 1 (put a = 1 through replica 2)"),
            "{three}"
        );
        assert!(three.ends_with("nor were 2 others"), "{three}");
        assert!(message(&all[1..]).ends_with("nor was one other"));
        assert!(
            message(&all[1..2]).ends_with("by the end at 1us"),
            "{}",
            message(&all[1..2])
        );
    }
}
