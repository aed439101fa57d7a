//! All that observes a run: what happens is shown here, and nothing here changes what happens.
//!
//! Steps go into the digest and to who keeps or compares them, observations to the checks, the
//! log of leaders and the counts; a trace is told in words where somebody reads it.

mod narrate;
mod tally;
mod telling;
mod trace;
mod travel;
mod watcher;

#[cfg(feature = "explore")]
pub(crate) use narrate::narrated;

use simulated_clock::Instant;

use super::options::RunOptions;
use super::outcome::Divergence;
use super::packet::Packet;
use super::trace_line::TraceLine;
use crate::check::{Checks, LeaderLog, Violation};
use crate::judge::Judges;
use crate::nemesis::{FaultKind, FaultSource, Struck};
use crate::network::{Endpoint, Endpoints};
use crate::observation::{Kinds, LogId, Observation, ReplicaId, RequestId, RunDigest, Step};
use crate::scenario::{Occurrence, Scenario};
use crate::system::{EntryOf, Profile, RecordOf, System};

use tally::Tally;
use trace::Tracer;
use watcher::Watcher;

/// Who observes a run, and what they have seen so far.
pub(super) struct Watch<S: System> {
    checks: Checks<EntryOf<S>, S::Fold>,
    judges: Judges<S>,
    leaders: LeaderLog,
    /// The first violation.
    violation: Option<Violation>,
    digest: RunDigest,
    watcher: Watcher,
    tally: Tally,
    tracer: Option<Tracer>,
    /// Every observation as a JSON line, where they are kept.
    observations: Option<Vec<String>>,
}

/// What is left of watching a run.
pub(super) struct Watched {
    pub(super) tally: Tally,
    pub(super) observations: Option<Vec<String>>,
    /// The steps, where they were kept.
    pub(super) steps: Vec<Step>,
    pub(super) divergence: Option<Divergence>,
}

impl<S: System> Watch<S> {
    /// Takes out of `options` how the run is to be watched.
    pub(super) fn new(
        scenario: &Scenario,
        profile: &Profile,
        endpoints: Endpoints,
        options: &mut RunOptions,
    ) -> Self {
        let replicas = scenario.cluster.replicas;
        Self {
            checks: Checks::new(replicas, &scenario.check.without),
            judges: Judges::new(scenario, profile),
            leaders: LeaderLog::new(replicas),
            violation: None,
            digest: RunDigest::default(),
            watcher: Watcher::new(std::mem::take(&mut options.watch)),
            tally: Tally::new(scenario),
            tracer: options.trace.map(|shown| Tracer::new(shown, endpoints)),
            observations: options.keep_observations.then(Vec::new),
        }
    }

    /// Folds one step into the digest; `describe` tells it to those who look.
    #[inline]
    pub(super) fn step(
        &mut self,
        at: Instant,
        what: u8,
        who: u32,
        content: u64,
        describe: impl FnOnce() -> String,
    ) {
        let step = Step {
            at,
            what,
            who,
            content,
        };
        self.digest.fold(step);
        self.watcher.see(step, describe);
    }

    /// How many steps there were.
    #[inline]
    pub(super) fn steps(&self) -> u64 {
        self.digest.steps()
    }

    /// Something else than a step begins that calls code under test.
    pub(super) fn announce(&self, at: Instant, what: &str) {
        self.watcher.announce(at, what);
    }

    /// The first violation ends the run.
    pub(super) fn violated(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
    }

    /// What is violated, if anything is.
    #[inline]
    pub(super) fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// Whether something was seen that ends the run.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.violation.is_some() || self.diverged()
    }

    /// Whether a difference to another run was found, after which nothing matters.
    #[inline]
    pub(super) fn diverged(&self) -> bool {
        self.watcher.is_done()
    }

    /// A client invokes an operation.
    pub(super) fn invoked(&mut self, request: RequestId, command_digest: u64) {
        self.checks.invoked(request, command_digest);
    }

    /// An operation was completed just now.
    pub(super) fn completed(&mut self, operation: &RecordOf<S>) {
        if let Some(violation) = self.judges.completed(operation) {
            self.violated(violation);
        }
    }

    /// The place in the history of the first operation that the judges still need, of `all` so far.
    pub(super) fn needs_from(&self, all: usize) -> usize {
        self.judges.needs_from(all)
    }

    /// Shows observations of a replica in one of its lives to everyone who counts or judges.
    pub(super) fn observe(
        &mut self,
        now: Instant,
        who: (ReplicaId, u32),
        observations: &[(LogId, Observation<EntryOf<S>>)],
    ) {
        // Few observations concern anybody but the checks.
        let mut noted = Tally::COUNTS.and(LeaderLog::SEES);
        if self.observations.is_some() || self.tracer.is_some() {
            noted = Kinds::ALL;
        }
        for (log, observation) in observations {
            if noted.contains(observation.kind()) {
                self.note(now, who, *log, observation);
            }
            self.tally.observe_entry(observation);
            if let Some(violation) = self.checks.observe(now, who, *log, observation) {
                self.violated(*violation);
            }
            if self.judges.sees(observation.kind()) {
                self.show_judges(now, who, *log, observation);
            }
        }
    }

    /// Shows an observation to the judges that the system brings.
    #[cold]
    fn show_judges(
        &mut self,
        now: Instant,
        who: (ReplicaId, u32),
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        let seen = self.checks.seen(now, who, log, observation);
        if let Some(violation) = self.judges.observe(&seen) {
            self.violated(violation);
        }
    }

    /// Shows an observation to those who judge nothing by it.
    #[inline(never)]
    fn note(
        &mut self,
        now: Instant,
        who: (ReplicaId, u32),
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        let (id, _) = who;
        if let Some(kept) = &mut self.observations {
            kept.push(as_line(now, who, log, observation));
        }
        if let Some(tracer) = &mut self.tracer {
            tracer.observation(now, id, log, observation);
        }
        let kind = observation.kind();
        if Tally::COUNTS.contains(kind) {
            let last = self.checks.log(log).map_or(0, |log| log.ledger(id).last());
            self.tally.observe(now, id, (log, last), observation);
        }
        if LeaderLog::SEES.contains(kind) {
            self.leaders.observe(now, id, log, observation);
        }
    }
}

/// An observation as a JSON line, for those who judge the run again.
#[cold]
fn as_line<E: serde::Serialize>(
    now: Instant,
    (replica, incarnation): (ReplicaId, u32),
    log: LogId,
    observation: &Observation<E>,
) -> String {
    let mut line = serde_json::json!({
        "at": now.as_nanos(),
        "replica": replica,
        "incarnation": incarnation,
        "observation": observation,
    });
    if log != LogId::FIRST {
        line["log"] = log.0.into();
    }
    line.to_string()
}

/// What is counted, and what these counts say.
impl<S: System> Watch<S> {
    pub(super) fn count(&mut self, occurrence: Occurrence) {
        self.tally.count(occurrence);
    }

    /// A fault began, or an operator acted.
    pub(super) fn began(&mut self, source: FaultSource) {
        self.tally.began(source);
    }

    /// A fault struck something.
    pub(super) fn struck(&mut self, source: FaultSource, what: Struck, count: u64) {
        self.tally.struck(source, what, count);
    }

    /// The replica that last came to lead.
    pub(super) fn leader(&self) -> Option<ReplicaId> {
        self.tally.leader
    }

    /// The replica that last came to have a role.
    pub(super) fn holder(&self, role: &str) -> Option<ReplicaId> {
        self.tally.holder(role)
    }

    /// How many log entries were decided.
    pub(super) fn decided(&self) -> u64 {
        self.tally.decided
    }

    /// Whether a fault of this kind ever began.
    pub(super) fn had(&self, kind: FaultKind) -> bool {
        self.tally.faults.contains_key(&kind)
    }
}

/// What is left when the run is over.
impl<S: System> Watch<S> {
    /// What was observed so far.
    pub(super) fn checks(&self) -> &Checks<EntryOf<S>, S::Fold> {
        &self.checks
    }

    /// What was observed of a run that goes on otherwise.
    #[cfg(feature = "explore")]
    pub(super) fn into_checks(self) -> Checks<EntryOf<S>, S::Fold> {
        self.checks
    }

    /// Those who judge the end, which they do not see any more of.
    pub(super) fn take_judges(&mut self) -> Judges<S> {
        std::mem::replace(&mut self.judges, Judges::none())
    }

    pub(super) fn leaders(&self) -> &LeaderLog {
        &self.leaders
    }

    pub(super) fn digest(&self) -> u64 {
        self.digest.value()
    }

    pub(super) fn take_violation(&mut self) -> Option<Violation> {
        self.violation.take()
    }

    /// The whole trace, with what is wrong at its end; what is `under_way` is not lost yet.
    pub(super) fn finish_trace<'p>(
        &mut self,
        violations: &[Violation],
        under_way: impl Iterator<Item = (Endpoint, Endpoint, &'p Packet<S::Replica>)>,
    ) -> Vec<TraceLine>
    where
        S: 'p,
    {
        let tracer = self.tracer.take();
        tracer.map_or_else(Vec::new, |tracer| tracer.finish(violations, under_way))
    }

    /// The counts, and what was kept.
    pub(super) fn finish(self) -> Watched {
        let (steps, divergence) = self.watcher.finish();
        Watched {
            tally: self.tally,
            observations: self.observations,
            steps,
            divergence,
        }
    }
}
