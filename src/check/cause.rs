//! Why a check failed: data to match on, where a message is a sentence to read.

use std::fmt;

use knossos::Anomaly;
use serde::{Deserialize, Serialize};

/// How a check failed. Runs that fail by the same check for different causes have different
/// faults behind them, whatever their messages say.
///
/// It is written as its name in snake case, an anomaly of a history as that anomaly's.
///
/// ```
/// use omnisim::check::Cause;
///
/// assert_eq!(Cause::ExecutedTwice.to_string(), "executed_twice");
/// let stale = Cause::Anomaly(omnisim::knossos::Anomaly::StaleRead);
/// assert_eq!(stale.to_string(), "stale_read");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// An entry was applied whose command no client invoked.
    NeverInvoked,
    /// An entry was applied whose command differs from the one that its client invoked.
    CommandChanged,
    /// A request was executed at two log indexes.
    ExecutedTwice,
    /// Two replicas, or two incarnations of one, acted as the leader of one ballot.
    TwoLeadersInBallot,
    /// A replica acted as the leader of a ballot of another replica.
    BallotOfAnother,
    /// A log became shorter than what it had to keep.
    Truncated,
    /// A log was overwritten below what it had to keep.
    Overwritten,
    /// A decided index decreased.
    DecidedIndexFell,
    /// A replica acknowledged what is not on its disk.
    AcknowledgedTooEarly,
    /// A ballot was promised, or led, that is not on the replica's disk.
    PromisedTooEarly,
    /// A promise on a disk decreased.
    PromiseFell,
    /// More is decided than the log holds.
    DecidedBeyondLog,
    /// More is compacted than is decided.
    CompactedUndecided,
    /// Two replicas decided different logs.
    DecidedDifferently,
    /// A replica did not apply the entries one after the other.
    AppliedOutOfOrder,
    /// A replica applied another log than was decided, or than another replica applied.
    AppliedAnotherLog,
    /// The result of an entry differs from what the log gives.
    ResultDiffers,
    /// The state of a replica differs from what the log leads to.
    StateDiffers,
    /// The state that the log leads to is not one that the state machine allows.
    StateNotAllowed,
    /// A replica restored a snapshot older than what it had applied.
    RestoredBackwards,
    /// A reply was given from more than the replica has applied.
    AnsweredTooEarly,
    /// One attempt of a request was answered twice.
    AnsweredTwice,
    /// A reply names an entry that the request was not executed by.
    AnsweredFromElsewhere,
    /// The log orders requests against real time.
    OrderedAgainstTime,
    /// A snapshot holds another number of entries than it replaces.
    SnapshotOfOtherLength,
    /// The same, in a write that brings the log in line with another replica's.
    SnapshotOfOtherLengthWhileSynchronising,
    /// A snapshot folds another log than was decided.
    SnapshotOfAnotherLog,
    /// What a client was answered from is decided by nobody at the end.
    AcknowledgedLost,
    /// What a client was answered from is another entry at the end.
    AcknowledgedReplaced,
    /// A request that had to complete did not.
    Unanswered,
    /// At the end a replica is down, or reports no state.
    Silent,
    /// At the end a replica has applied less than another.
    LagsBehind,
    /// At the end replicas differ in what they hold.
    HoldsDiffer,
    /// No one leader lasted to the end.
    NoLastingLeader,
    /// The replica that did not recover promised a ballot above the leader's, in which nobody
    /// leads.
    StrandedByPromise,
    /// Nobody leads: by their heartbeats replicas take each other for the leader in a cycle.
    ElectionCycle,
    /// A leader that worked was deposed: heartbeats named others, who did not lead.
    LeaderDeposed,
    /// More messages are sent than anybody asked for, without end.
    TrafficWithoutEnd,
    /// The code under test panicked.
    Panicked,
    /// The code under test does not return.
    Hung,
    /// The history is not linearizable; nobody looked further.
    NotLinearizable,
    /// What a check that the system brings says.
    Own,
    /// Two checkers of one history disagree: one of them is wrong.
    CheckersDisagree,
    /// The history shows this anomaly.
    #[serde(untagged)]
    Anomaly(Anomaly),
}

impl Cause {
    /// Whether it says more than that something was missing at the end: a reason for that.
    pub fn explains(self) -> bool {
        matches!(
            self,
            Self::StrandedByPromise | Self::ElectionCycle | Self::LeaderDeposed
        )
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_read_as_it_is_written() {
        for cause in [
            Cause::SnapshotOfOtherLengthWhileSynchronising,
            Cause::Anomaly(Anomaly::LostUpdate),
            Cause::Hung,
        ] {
            let text = serde_json::to_string(&cause).unwrap();
            assert_eq!(text, format!("\"{cause}\""));
            assert_eq!(serde_json::from_str::<Cause>(&text).unwrap(), cause);
        }
    }
}
