//! Convergence: at the end of settle, the replicas that have to work hold the
//! same log and the same state.
//!
//! One lasting leader is the other
//! half of it ([`LeaderLog`](super::LeaderLog)).

use simulated_clock::Instant;

use super::{Cause, Violation};
use crate::observation::ReplicaId;

/// The name of the check.
pub(super) const NAME: &str = "convergence";

/// What a replica holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Which replica.
    pub replica: ReplicaId,
    /// How far it has applied.
    pub index: u64,
    /// The chain digest of what it applied.
    pub chain: u64,
    /// The digest of its state.
    pub state: u64,
}

/// Do all of them hold the same?
pub fn convergence(at: Instant, held: &[Held]) -> Option<Violation> {
    let first = held.first()?;
    let differs = |other: &&Held| {
        (other.index, other.chain, other.state) != (first.index, first.chain, first.state)
    };
    let other = held.iter().find(differs)?;
    let (cause, message) = if other.index == first.index {
        let what = if other.chain == first.chain {
            "states"
        } else {
            "logs"
        };
        let message = format!(
            "at the end replicas {} and {} have both applied up to index {}, but hold different {what}",
            first.replica, other.replica, first.index
        );
        (Cause::HoldsDiffer, message)
    } else {
        let (ahead, behind) = if other.index > first.index {
            (other, first)
        } else {
            (first, other)
        };
        let message = format!(
            "at the end replica {} has applied up to index {} only, replica {} up to {}",
            behind.replica, behind.index, ahead.replica, ahead.index
        );
        (Cause::LagsBehind, message)
    };
    let replicas = vec![first.replica, other.replica];
    Some(Violation::liveness(NAME, cause, at, replicas, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Class;

    fn held(replica: ReplicaId, index: u64, chain: u64, state: u64) -> Held {
        Held {
            replica,
            index,
            chain,
            state,
        }
    }

    #[test]
    fn replicas_that_hold_the_same_have_converged() {
        let same = [held(1, 5, 6, 7), held(2, 5, 6, 7), held(4, 5, 6, 7)];
        assert_eq!(convergence(Instant::ZERO, &same), None);
    }

    #[test]
    fn a_replica_that_is_behind_or_differs_is_named() {
        let cases = [
            (
                held(3, 4, 0, 0),
                "replica 3 has applied up to index 4 only, replica 1 up to 5",
            ),
            (
                held(3, 9, 0, 0),
                "replica 1 has applied up to index 5 only, replica 3 up to 9",
            ),
            (held(3, 5, 0, 7), "hold different logs"),
            (held(3, 5, 6, 0), "hold different states"),
        ];
        for (other, words) in cases {
            let held = [held(1, 5, 6, 7), held(2, 5, 6, 7), other];
            let violation = convergence(Instant::ZERO, &held).expect("they differ");
            assert_eq!(violation.class, Class::Liveness);
            assert_eq!(*violation.replicas, [1, 3]);
            assert!(violation.message.contains(words), "{}", violation.message);
        }
    }
}
