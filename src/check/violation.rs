//! What a broken check leaves: what, when, who, and why in a sentence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize, Serializer};
use simulated_clock::Instant;

use super::{Cause, Finding};
use crate::observation::{LogId, ReplicaId, RequestId};
use crate::replica::Caught;

/// The check that a panic of the code under test breaks.
pub(super) const PANIC: &str = "panic";
/// The check that code under test breaks which does not return.
pub(crate) const HANG: &str = "hang";
/// Two checkers of one history must agree; a search asks two.
pub(crate) const CHECKERS_AGREE: &str = "checkers_agree";
/// What a panic of omnisim's own is called: nothing is known of the system then.
pub(crate) const OMNISIM: &str = "omnisim";

/// What kind of promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
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
    /// How it was broken.
    pub cause: Cause,
    /// When it showed.
    #[serde(rename = "at_ns", serialize_with = "nanos")]
    pub at: Instant,
    /// The replicas that it concerns.
    pub replicas: Box<[ReplicaId]>,
    /// What happened, in a sentence.
    pub message: String,
    /// Where in the code, for a panic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The requests that show it, where it is about some: ascending, none twice.
    #[serde(skip_serializing_if = "<[RequestId]>::is_empty")]
    pub requests: Box<[RequestId]>,
    /// The known defect that shows in it, of those of the system: told when the run is over.
    #[serde(skip)]
    pub finding: Option<&'static Finding>,
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
            cause: Cause::Panicked,
            at,
            replicas: Box::new([replica]),
            message: format!("replica {replica} panicked: {}", caught.message),
            place: Some(caught.place.clone()),
            requests: Box::default(),
            finding: None,
        }
    }

    /// A panic outside of any replica's handler, of code under test (a workload, a fold, a
    /// model, what describes a command) or of omnisim itself.
    pub fn panic_beside(at: Instant, caught: &Caught) -> Self {
        let (check, who) = if caught.is_own {
            (
                OMNISIM,
                "omnisim itself (a bug of omnisim, not of the system)",
            )
        } else {
            (PANIC, "code under test, outside of any replica,")
        };
        Self {
            check,
            class: Class::Panic,
            cause: Cause::Panicked,
            at,
            replicas: Box::default(),
            message: format!("{who} panicked: {}", caught.message),
            place: Some(caught.place.clone()),
            requests: Box::default(),
            finding: None,
        }
    }

    /// Code under test does not return; `message` says from what.
    pub fn hang(at: Instant, message: impl Into<String>) -> Self {
        Self::liveness(HANG, Cause::Hung, at, Vec::new(), message)
    }

    /// Whether it is a fault of omnisim, so that nothing is known of the system.
    pub fn is_own(&self) -> bool {
        self.check == OMNISIM
    }

    /// Something bad happened.
    pub fn safety(
        check: &'static str,
        cause: Cause,
        at: Instant,
        replicas: Vec<ReplicaId>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            check,
            class: Class::Safety,
            cause,
            at,
            replicas: replicas.into(),
            message: message.into(),
            place: None,
            requests: Box::default(),
            finding: None,
        }
    }

    /// The same, explained: why, in words that go on from its message, and the cause, unless
    /// an earlier explanation gave one.
    #[must_use]
    pub fn explained(mut self, explanation: Option<(Cause, String)>) -> Self {
        if let Some((cause, why)) = explanation {
            debug_assert!(cause.explains(), "{cause} explains nothing");
            if !self.cause.explains() {
                self.cause = cause;
            }
            self.message.push_str(&why);
        }
        self
    }

    /// The same, with what else is to be known of it, in words that go on from its message.
    #[must_use]
    pub fn beside(mut self, remark: Option<String>) -> Self {
        if let Some(remark) = remark {
            self.message.push_str("; ");
            self.message.push_str(&remark);
        }
        self
    }

    /// The same, of one of several logs: said where it is not the first.
    #[must_use]
    pub fn in_log(mut self, log: LogId) -> Self {
        if log != LogId::FIRST {
            self.message = format!("in {log}, {}", self.message);
        }
        self
    }

    /// The same, shown by these requests.
    #[must_use]
    pub fn shown_by(mut self, requests: impl IntoIterator<Item = RequestId>) -> Self {
        let requests: BTreeSet<RequestId> = requests.into_iter().collect();
        self.requests = requests.into_iter().collect();
        self
    }

    /// Something good did not happen in time.
    pub fn liveness(
        check: &'static str,
        cause: Cause,
        at: Instant,
        replicas: Vec<ReplicaId>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            class: Class::Liveness,
            ..Self::safety(check, cause, at, replicas, message)
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
            Cause::LagsBehind,
            Instant::from_nanos(7),
            vec![1, 3],
            "they differ",
        );
        assert_eq!(
            serde_json::to_string(&violation).unwrap(),
            r#"{"check":"convergence","class":"liveness","cause":"lags_behind","at_ns":7,"replicas":[1,3],"message":"they differ"}"#
        );
    }

    #[test]
    fn the_requests_of_a_violation_are_in_order_and_none_is_there_twice() {
        let request = |client, sequence| RequestId { client, sequence };
        let cause = Cause::OrderedAgainstTime;
        let violation =
            Violation::safety("applied_state", cause, Instant::ZERO, Vec::new(), "differ")
                .shown_by([request(5, 2), request(1, 10), request(5, 2)]);
        assert_eq!(*violation.requests, [request(1, 10), request(5, 2)]);
    }

    #[test]
    fn a_panic_keeps_its_place_beside_its_message() {
        let caught = Caught {
            message: "index 7 is gone".to_owned(),
            place: "omnipaxos-0.2.4/src/util.rs:3:5".to_owned(),
            is_own: false,
        };
        let violation = Violation::panic(Instant::ZERO, 2, &caught);
        assert_eq!(violation.class, Class::Panic);
        assert_eq!(violation.message, "replica 2 panicked: index 7 is gone");
        assert_eq!(violation.place, Some(caught.place));
    }
}
