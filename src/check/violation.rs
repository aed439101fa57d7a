//! What a broken check leaves: what, when, who, and why in a sentence.

use serde::{Deserialize, Serialize, Serializer};
use simulated_clock::Instant;

use crate::observation::ReplicaId;
use crate::replica::Caught;

/// The check that a panic of the code under test breaks.
pub(super) const PANIC: &str = "panic";

/// What kind of promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Something bad happened.
    Safety,
    /// Something good did not happen in time.
    Liveness,
    /// The code under test panicked.
    Panic,
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The name of the check.
    pub check: &'static str,
    /// What kind of promise was broken.
    pub class: Class,
    /// When it showed.
    #[serde(rename = "at_ns", serialize_with = "nanos")]
    pub at: Instant,
    /// The replicas that it concerns.
    pub replicas: Vec<ReplicaId>,
    /// What happened, in a sentence.
    pub message: String,
    /// Where in the code, for a panic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

fn nanos<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(at.as_nanos())
}

impl Violation {
    /// The code under test panicked.
    pub fn panic(at: Instant, replica: ReplicaId, caught: &Caught) -> Self {
        Self {
            check: PANIC,
            class: Class::Panic,
            at,
            replicas: vec![replica],
            message: format!("replica {replica} panicked: {}", caught.message),
            place: Some(caught.place.clone()),
        }
    }

    /// Something bad happened.
    pub fn safety(
        check: &'static str,
        at: Instant,
        replicas: Vec<ReplicaId>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            check,
            class: Class::Safety,
            at,
            replicas,
            message: message.into(),
            place: None,
        }
    }

    /// Something good did not happen in time.
    pub fn liveness(
        check: &'static str,
        at: Instant,
        replicas: Vec<ReplicaId>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            class: Class::Liveness,
            ..Self::safety(check, at, replicas, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_written_as_scripts_read_it() {
        let violation = Violation::liveness(
            "convergence",
            Instant::from_nanos(7),
            vec![1, 3],
            "they differ",
        );
        assert_eq!(
            serde_json::to_string(&violation).unwrap(),
            r#"{"check":"convergence","class":"liveness","at_ns":7,"replicas":[1,3],"message":"they differ"}"#
        );
    }

    #[test]
    fn a_panic_keeps_its_place_beside_its_message() {
        let caught = Caught {
            message: "index 7 is gone".to_owned(),
            place: "omnipaxos-0.2.4/src/util.rs:3:5".to_owned(),
        };
        let violation = Violation::panic(Instant::ZERO, 2, &caught);
        assert_eq!(violation.class, Class::Panic);
        assert_eq!(violation.message, "replica 2 panicked: index 7 is gone");
        assert_eq!(violation.place, Some(caught.place));
    }
}
