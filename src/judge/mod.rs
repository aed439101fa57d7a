//! What only the end of a run shows, judged over what the run leaves behind.
//!
//! The world hands over an `EndOfRun`, and nothing here can change it: the clients' history,
//! what the checks have learnt, and how settling ended. Each file judges one thing: whether the
//! system works again, whether the decided log is a linearization, and whether the history is as
//! consistent as the scenario demands.

mod election;
mod history;
mod log_order;
mod settle;

use std::collections::BTreeMap;

use knossos::{Report, StopFlag};
use serde::{Deserialize, Serialize};
use simulated_clock::{Duration, Instant};

use crate::check::{Checks, Evaluated, LeaderLog, Violation};
use crate::client::Record;
use crate::observation::{ReplicaId, RequestId};
use crate::replica::caught;
use crate::scenario::Scenario;
use crate::system::{CommandOf, EntryOf, OutputOf, Profile, System};

/// What a run leaves to be judged.
pub(crate) struct EndOfRun<'a, S: System> {
    /// The scenario, which says what is demanded.
    pub(crate) scenario: &'a Scenario,
    /// What the system says of itself, as the scenario tunes it.
    pub(crate) profile: &'a Profile,
    /// When the run ended.
    pub(crate) ended: Instant,
    /// How many events it took.
    pub(crate) events: u64,
    /// Everything that clients invoked, in the order of invocation.
    pub(crate) history: &'a [Record<CommandOf<S>, OutputOf<S>>],
    /// What the checks learnt on the way.
    pub(crate) checks: &'a Checks<EntryOf<S>, S::Fold>,
    /// Which replica each replica named as the leader, and since when.
    pub(crate) leaders: &'a LeaderLog,
    /// The replica that last came to lead.
    pub(crate) leader: Option<ReplicaId>,
    /// The highest log index from which a client was answered.
    pub(crate) acknowledged: u64,
    /// The replicas that have to work again.
    pub(crate) core: &'a [ReplicaId],
    /// When settling began, and when it ended; `None` if the run did not come to that end.
    pub(crate) settled: Option<(Instant, Instant)>,
    /// Whether a replica is up.
    pub(crate) is_up: &'a dyn Fn(ReplicaId) -> bool,
    /// The replica that a request without an answer was last sent to.
    pub(crate) target_of: &'a dyn Fn(RequestId) -> Option<ReplicaId>,
    /// How thoroughly the history is judged.
    pub(crate) thoroughness: Thoroughness,
    /// Set by others when judging is to stop.
    pub(crate) stop: Option<StopFlag>,
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

/// What the search for a linearization of a run's history took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The steps taken.
    pub steps: u64,
    /// The steps that it was allowed.
    pub budget: u64,
    /// Whether it came to no end within them: more might decide it.
    pub ran_out: bool,
}

/// What was judged.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    /// What is violated.
    pub(crate) violations: Vec<Violation>,
    /// How often each check was evaluated.
    pub(crate) checks: Vec<Evaluated>,
    /// Why something could not be judged.
    pub(crate) remarks: Vec<String>,
    /// Whether something demanded stayed undecided.
    pub(crate) unknown: bool,
    /// Whether somebody stopped it.
    pub(crate) stopped: bool,
    /// What the search for a linearization took.
    pub(crate) search: Searched,
    /// The operations that show why the history is not linearizable, by their place in it.
    pub(crate) excerpt: Vec<usize>,
    /// All that the checker says of each level that it was asked about, by the name of its check.
    pub(crate) levels: BTreeMap<&'static str, Report>,
}

impl Judgement {
    /// Judges the end of a run, in addition to what was judged on the way.
    pub(crate) fn judge<S: System>(&mut self, run: &EndOfRun<'_, S>) {
        if run.settled.is_some() {
            self.survive(run.ended, |judgement| settle::judge(run, judgement));
        }
        self.survive(run.ended, |judgement| log_order::judge(run, judgement));
        self.survive(run.ended, |judgement| history::judge(run, judgement));
    }

    /// Switches checks off: what they found is no violation, and how much they evaluated is said
    /// of what is left out.
    pub(crate) fn leave_out(&mut self, without: &[String]) {
        let is_off = |check: &str| without.iter().any(|name| name == check);
        self.violations.retain(|violation| !is_off(violation.check));
        for check in &mut self.checks {
            if is_off(check.name) && check.evaluated.is_some() {
                *check = check.off();
            }
        }
    }

    /// Judges one thing; a panic of whoever is asked for it is a violation beside the others.
    fn survive(&mut self, ended: Instant, judge: impl FnOnce(&mut Self)) {
        if let Err(caught) = caught(|| judge(self)) {
            let violation = Violation::panic_beside(ended, &caught);
            self.violations.push(violation);
        }
    }

    fn evaluated(&mut self, check: &'static str, times: u64) {
        self.checks.push(Evaluated::of(check, times));
    }

    fn not_applicable(&mut self, check: &'static str) {
        self.evaluated(check, 0);
    }
}

impl<S: System> EndOfRun<'_, S> {
    /// A part of the time between the beginning of settling and its end.
    fn settling_after(&self, part: impl Fn(u64) -> u64) -> Option<Instant> {
        let (began, ends) = self.settled?;
        Some(began + Duration::from_nanos(part(ends.saturating_since(began).as_nanos())))
    }

    /// When a probe has to complete although it cannot be retried: what was issued before may
    /// have been lost on the way to a leader that fell.
    fn probes_count_from(&self) -> Option<Instant> {
        self.settling_after(|nanos| nanos / 2)
    }

    /// From when on one leader has to stand.
    fn last_third(&self) -> Option<Instant> {
        self.settling_after(|nanos| nanos - nanos / 3)
    }
}
