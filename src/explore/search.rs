//! Runs the search, and says what came of it.

#![expect(
    clippy::disallowed_methods,
    reason = "the search runs on threads of its own; somebody has to wait for them"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::action::Action;
use super::retold::Scheduled;
use super::schedule::Schedules;
use super::state::{Broken, State};
use super::step::Reached;
use super::tell;
use crate::check::Violation;
use crate::scenario::Scenario;
use crate::systems::System;

/// How often a search says how far it has come.
const WAIT: Duration = Duration::from_millis(50);

/// The property of every state.
const NOTHING_BROKEN: &str = "nothing is broken";

/// How much of a machine a search may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How many threads search. With one, the first counterexample is a shortest.
    pub threads: usize,
    /// Set when the search is to end with what it has.
    pub stop: Arc<AtomicBool>,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps taken: states that were come by, however often.
    pub states: u64,
    /// Different states.
    pub unique_states: u64,
    /// The longest schedule so far, in steps.
    pub depth: u64,
}

/// What came of a search.
#[derive(Clone, Debug)]
pub struct Explored {
    /// How far it came.
    pub progress: Progress,
    /// Whether every schedule within the bounds was taken, up to a violation.
    pub complete: bool,
    /// What was broken first.
    pub violation: Option<Violation>,
    /// The way there; empty where nothing was broken, or nothing is certain.
    pub schedule: Vec<Scheduled>,
    /// The digest of everything that anybody could see on the way.
    pub digest: u64,
    /// What the search came by.
    pub reached: Reached,
    /// Different states of single replicas, and steps between them.
    pub replica_states: (usize, usize),
    /// Different histories of the clients.
    pub histories: usize,
    /// States of replicas were wrongly taken for the same: nothing found is certain.
    pub flaw: Option<String>,
}

/// Takes every schedule of the scenario's `[model]` table; `watch` is told now and
/// then how far it has come.
///
/// # Errors
/// The scenario does not suit the system: the key, and what would be right.
///
/// # Panics
/// If the scenario has no `[model]` table.
pub fn explore<S: System>(
    scenario: &Scenario,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress),
) -> Result<Explored, (String, String)> {
    let model = scenario
        .model
        .as_ref()
        .expect("a search needs the bounds of a [model] table");
    let schedules = Schedules::new::<S>(scenario, model, Arc::clone(&limits.stop))?;
    let mut checker = schedules
        .checker()
        .threads(limits.threads)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs();
    let threads = checker.handles();
    while threads.iter().any(|thread| !thread.is_finished()) {
        std::thread::sleep(WAIT);
        watch(progress(&checker));
        if checker.model().memo.flaw().is_some() {
            limits.stop.store(true, Ordering::Relaxed);
        }
    }
    for thread in threads {
        thread.join().expect("a search does not panic");
    }
    Ok(told(&checker))
}

fn progress(checker: &impl Checker<Schedules>) -> Progress {
    Progress {
        states: checker.state_count() as u64,
        unique_states: checker.unique_state_count() as u64,
        depth: checker.max_depth().saturating_sub(1) as u64,
    }
}

fn told(checker: &impl Checker<Schedules>) -> Explored {
    let schedules = checker.model();
    schedules.searching.store(false, Ordering::Relaxed);
    let path = checker.discovery(NOTHING_BROKEN);
    let steps = path.map(stateright::Path::into_vec).unwrap_or_default();
    let broken = steps.last().and_then(|(state, _)| state.broken);
    let cut = schedules.cut.load(Ordering::Relaxed);
    let retold = schedules.retell(&steps);
    let flaw = schedules.memo.flaw().or(retold.as_ref().err().cloned());
    let retold = retold.ok().filter(|_| flaw.is_none());
    let certain = broken.filter(|_| retold.is_some());
    Explored {
        progress: progress(checker),
        complete: !cut && flaw.is_none(),
        violation: certain.map(|broken| tell::violation(schedules, broken)),
        digest: retold.as_ref().map_or(0, |retold| retold.digest),
        schedule: retold.map_or_else(Vec::new, |retold| retold.schedule),
        reached: Reached(schedules.reached.load(Ordering::Relaxed)),
        replica_states: schedules.memo.size(),
        histories: schedules.memo.histories(),
        flaw,
    }
}

impl Model for Schedules {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![self.initial()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if self.searching.load(Ordering::Relaxed) && self.stop.load(Ordering::Relaxed) {
            self.cut.store(true, Ordering::Relaxed);
            return;
        }
        self.possible(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        self.next(state, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(NOTHING_BROKEN, |_, state: &State| {
            state.broken.is_none()
        })]
    }
}

impl Broken {
    pub(super) const LINEARIZABILITY: &'static str = "linearizability";
}
