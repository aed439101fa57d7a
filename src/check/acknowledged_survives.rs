//! Acknowledged survives: at the end of settle, every replica that has to work
//! has decided everything that a client was told of.
//!
//! What was told of is counted by position in the log.

use simulated_clock::Instant;

use super::{Cause, Checks, Fold, Violation};
use crate::observation::{LogId, ReplicaId, Replicated};

/// The name of the check.
pub(super) const NAME: &str = "acknowledged_survives";

/// Do these replicas have everything up to the greatest acknowledged position?
pub fn acknowledged_survives<E: Replicated, F: Fold<E>>(
    at: Instant,
    max_acknowledged: u64,
    checks: &Checks<E, F>,
    replicas: &[ReplicaId],
) -> Option<Violation> {
    if max_acknowledged == 0 {
        return None;
    }
    let agreed = checks.agreed(max_acknowledged);
    let lost = |cause, replica: ReplicaId, message| {
        let request = checks.requests().request_at(LogId::FIRST, max_acknowledged);
        Some(Violation::safety(NAME, cause, at, vec![replica], message).shown_by(request))
    };
    for replica in replicas.iter().copied() {
        let ledger = checks.ledger(replica);
        let decided = ledger.decided;
        if decided < max_acknowledged {
            return lost(
                Cause::AcknowledgedLost,
                replica,
                format!(
                    "a client was answered from index {max_acknowledged}, but at the end replica {replica} has decided only up to {decided}"
                ),
            );
        }
        let mine = ledger.digest_at(max_acknowledged);
        if mine.is_some() && agreed.is_some() && mine != agreed {
            return lost(
                Cause::AcknowledgedReplaced,
                replica,
                format!(
                    "a client was answered from index {max_acknowledged}, but at the end the log of replica {replica} is another up to there"
                ),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Add, Sum, decide};
    use super::*;

    fn checks(logs: [&[u64]; 2]) -> Checks<Add, Sum> {
        let mut checks = Checks::new(2, &["agreement".to_owned()]);
        for (replica, log) in (1..).zip(logs) {
            for observation in decide(log, log.len() as u64) {
                assert_eq!(
                    checks.observe(Instant::ZERO, (replica, 1), LogId::FIRST, &observation),
                    None
                );
            }
        }
        checks
    }

    #[test]
    fn replicas_that_decided_all_that_was_acknowledged_have_it() {
        let checks = checks([&[1, 2], &[1, 2, 3]]);
        assert_eq!(
            acknowledged_survives(Instant::ZERO, 2, &checks, &[1, 2]),
            None
        );
        assert_eq!(acknowledged_survives(Instant::ZERO, 3, &checks, &[2]), None);
        assert_eq!(
            acknowledged_survives(Instant::ZERO, 0, &checks, &[1, 2]),
            None
        );
    }

    #[test]
    fn a_replica_that_has_not_decided_it_is_named() {
        let checks = checks([&[1, 2, 3], &[1, 2]]);
        let violation = acknowledged_survives(Instant::ZERO, 3, &checks, &[1, 2]).unwrap();
        assert_eq!(*violation.replicas, [2]);
        assert!(
            violation.message.contains("has decided only up to 2"),
            "{}",
            violation.message
        );
    }

    #[test]
    fn a_replica_that_has_something_else_there_is_named() {
        let checks = checks([&[1, 2], &[1, 9]]);
        let violation = acknowledged_survives(Instant::ZERO, 2, &checks, &[1, 2]).unwrap();
        assert_eq!(*violation.replicas, [2]);
        assert!(
            violation.message.contains("is another up to there"),
            "{}",
            violation.message
        );
    }
}
