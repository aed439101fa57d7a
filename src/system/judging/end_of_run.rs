//! What a run leaves to be judged.

use std::fmt;

use knossos::StopFlag;
use simulated_clock::{Duration, Instant};

use super::RecordOf;
use crate::check::{Checks, LeaderLog};
use crate::observation::{ReplicaId, RequestId};
use crate::scenario::Scenario;
use crate::system::{EntryOf, Profile, System};

/// What a run leaves to be judged.
#[non_exhaustive]
pub struct EndOfRun<'a, S: System> {
    /// The scenario, which says what is demanded.
    pub scenario: &'a Scenario,
    /// What the system says of itself, as the scenario tunes it.
    pub profile: &'a Profile,
    /// When the run ended.
    pub ended: Instant,
    /// How many events it took.
    pub events: u64,
    /// What clients invoked, in the order of invocation, from the first operation on that a judge
    /// [needs](super::Judge::needs_from).
    pub history: &'a [RecordOf<S>],
    /// How many operations came before, all of them over.
    pub forgotten: usize,
    /// What the checks learnt on the way.
    pub checks: &'a Checks<EntryOf<S>, S::Fold>,
    /// Which replica each replica named as the leader, and since when.
    pub leaders: &'a LeaderLog,
    /// The replica that last came to lead.
    pub leader: Option<ReplicaId>,
    /// The highest log index from which a client was answered.
    pub acknowledged: u64,
    /// The replicas that have to work again.
    pub core: &'a [ReplicaId],
    /// When settling began, and when it ended; `None` if the run did not come to that end, or
    /// something was violated before.
    pub settled: Option<(Instant, Instant)>,
    pub(crate) is_up: &'a dyn Fn(ReplicaId) -> bool,
    pub(crate) target_of: &'a dyn Fn(RequestId) -> Option<ReplicaId>,
    /// How thoroughly the history is judged.
    pub thoroughness: Thoroughness,
    /// Set by others when judging is to stop.
    pub stop: Option<StopFlag>,
}

/// How thoroughly it is asked whether a history is linearizable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Thoroughness {
    /// It is decided, and a violation is explained.
    #[default]
    Explained,
    /// It is decided; explaining can be dearer than that.
    Decided,
    /// It is left out, for who asks about another check.
    LeftOut,
}

impl<S: System> EndOfRun<'_, S> {
    /// Whether a replica is up.
    pub fn is_up(&self, replica: ReplicaId) -> bool {
        (self.is_up)(replica)
    }

    /// The replica that a request without an answer was last sent to.
    pub fn target_of(&self, request: RequestId) -> Option<ReplicaId> {
        (self.target_of)(request)
    }

    /// A part of the time between the beginning of settling and its end.
    fn settling_after(&self, part: impl Fn(u64) -> u64) -> Option<Instant> {
        let (began, ends) = self.settled?;
        Some(began + Duration::from_nanos(part(ends.saturating_since(began).as_nanos())))
    }

    /// When a probe has to complete although it cannot be retried: what was issued before may
    /// have been lost on the way to a leader that fell.
    pub(crate) fn probes_count_from(&self) -> Option<Instant> {
        self.settling_after(|nanos| nanos / 2)
    }

    /// From when on one leader has to stand.
    pub(crate) fn last_third(&self) -> Option<Instant> {
        self.settling_after(|nanos| nanos - nanos / 3)
    }
}

impl<S: System> fmt::Debug for EndOfRun<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndOfRun")
            .field("ended", &self.ended)
            .field("forgotten", &self.forgotten)
            .field("operations", &self.history.len())
            .field("settled", &self.settled)
            .finish_non_exhaustive()
    }
}
