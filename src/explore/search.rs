//! Runs the search, and says what came of it.

#![expect(
    clippy::disallowed_methods,
    reason = "the search runs on threads of its own; somebody has to wait for them"
)]

use std::sync::atomic::Ordering;
use std::time::Duration;

use stateright::{Checker, Chooser, HasDiscoveries, Model, Property};

use super::action::Action;
use super::broken::Broken;
use super::limits::{Dice, Limits, Search};
use super::reduction::Reduction;
use super::retold::{Again, one_by_one, retell};
use super::schedule::Schedules;
use super::scheduled::Scheduled;
use super::state::State;
use super::step::Reached;
use super::tell;
use super::unbegun::Unbegun;
use crate::check::Violation;
use crate::scenario::{Milestone, Scenario};
use crate::system::System;
use crate::units::KeyError;

/// How often a search says how far it has come.
const WAIT: Duration = Duration::from_millis(50);

/// The property of every state.
const NOTHING_BROKEN: &str = "nothing is broken";

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps taken: states that were come by, however often.
    pub states: u64,
    /// Different states; all of them on random walks, where nobody counts.
    pub unique_states: u64,
    /// The longest schedule so far, in steps.
    pub depth: u64,
    /// Random walks; none in searches that take every schedule.
    pub walks: Option<u64>,
    /// About how much memory what it keeps takes, in bytes.
    pub bytes: u64,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub struct Explored {
    /// How far it came.
    pub progress: Progress,
    /// Whether every schedule within the bounds was taken and judged, up to a violation.
    pub complete: bool,
    /// Whether it would have taken too long to say of some history whether it is linearizable.
    pub undecided: bool,
    /// How the search was reduced.
    pub reductions: Vec<Reduction>,
    /// Reductions that were to be left out and would have reduced nothing.
    pub needless: Vec<Reduction>,
    /// How often the planted bug acted, in steps of single replicas that differ.
    pub deviations: u64,
    /// What was broken first.
    pub violation: Option<Violation>,
    /// Whether it came to what it was to end before: the schedule leads there.
    pub is_suspected: bool,
    /// The way there; empty where nothing was broken, or nothing is certain.
    pub schedule: Vec<Scheduled>,
    /// The digest of everything that anybody could see on the way.
    pub digest: u64,
    /// What the search came by.
    pub reached: Reached,
    /// What clients can ask for by name.
    pub operations: Vec<&'static str>,
    /// What it had to come by, and did not.
    pub missing: Vec<Milestone>,
    /// Different states of single replicas, and steps between them.
    pub replica_states: (usize, usize),
    /// Different histories of the clients.
    pub histories: usize,
    /// States at rest that were settled, where they differ in their replicas; none unless
    /// the scenario asks for it.
    pub settled: Option<usize>,
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
) -> Result<Explored, KeyError> {
    let model = scenario
        .model
        .as_ref()
        .expect("a search needs the bounds of a [model] table");
    let (scenario, model) = (scenario.clone(), model.clone());
    let of_limits = limits.clone();
    let again = move || Schedules::new::<S>(&scenario, &model, &of_limits);
    match again() {
        Ok(schedules) => Ok(search(schedules, limits, watch, &again)),
        Err(Unbegun::Unsuited(error)) => Err(error),
        Err(Unbegun::Broken(violation)) => Ok(Explored::not_begun(*violation)),
    }
}

impl Explored {
    /// Something was broken before anything happened.
    fn not_begun(violation: Violation) -> Self {
        Self {
            progress: Progress::default(),
            complete: false,
            undecided: false,
            reductions: Vec::new(),
            needless: Vec::new(),
            deviations: 0,
            violation: Some(violation),
            is_suspected: false,
            schedule: Vec::new(),
            digest: 0,
            reached: Reached::default(),
            operations: Vec::new(),
            missing: Vec::new(),
            replica_states: (0, 0),
            histories: 0,
            settled: None,
            flaw: None,
        }
    }
}

/// The search itself: the same for all systems, and compiled once for all of them.
fn search(
    schedules: Schedules,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress),
    again: &Again,
) -> Explored {
    let checker = schedules
        .checker()
        .threads(limits.threads.max(1))
        .finish_when(HasDiscoveries::AnyFailures);
    match limits.search {
        Search::BreadthFirst => finish(checker.spawn_bfs(), limits, watch, again),
        Search::DepthFirst => finish(checker.spawn_dfs(), limits, watch, again),
        Search::Random { seed, .. } => {
            let walks = checker.threads(1).spawn_simulation(seed, Dice { seed });
            finish(walks, limits, watch, again)
        }
    }
}

/// Waits for a search to end.
fn finish(
    mut checker: impl Checker<Schedules>,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress),
    again: &Again,
) -> Explored {
    let threads = checker.handles();
    while threads.iter().any(|thread| !thread.is_finished()) {
        std::thread::sleep(WAIT);
        watch(progress(&checker));
        if checker.model().cluster().memo().flaw().is_some() {
            limits.stop.store(true, Ordering::Relaxed);
        }
    }
    for thread in threads {
        thread.join().expect("a search does not panic");
    }
    told(&checker, again)
}

fn progress(checker: &impl Checker<Schedules>) -> Progress {
    let schedules = checker.model();
    let unique_states = checker.unique_state_count() as u64;
    let depth = checker.max_depth().saturating_sub(1) as u64;
    let (_, steps) = schedules.cluster().memo().size();
    let course = schedules.course();
    Progress {
        states: checker.state_count() as u64,
        unique_states,
        depth,
        walks: course.walks(),
        bytes: course.bytes(unique_states, depth, steps as u64),
    }
}

fn told(checker: &impl Checker<Schedules>, again: &Again) -> Explored {
    let schedules = checker.model();
    let (cluster, course) = (schedules.cluster(), schedules.course());
    let (memo, milestones) = (cluster.memo(), course.milestones());
    let reduced = cluster.rules().reduced();
    let progress = progress(checker);
    course.end();
    let path = checker.discovery(NOTHING_BROKEN);
    let steps = path.map(stateright::Path::into_vec).unwrap_or_default();
    let steps = one_by_one(schedules, steps);
    let broken = steps.last().and_then(|(state, _)| state.broken);
    let retold = retell(schedules, &steps, again);
    let flaw = memo.flaw().or(retold.as_ref().err().cloned());
    let retold = retold.ok().filter(|_| flaw.is_none());
    let is_suspected = broken == Some(Broken::Suspect);
    let certain = broken.filter(|_| retold.is_some() && !is_suspected);
    Explored {
        progress,
        reductions: reduced.all(),
        needless: reduced.needless().to_vec(),
        deviations: memo.deviations(),
        undecided: course.is_undecided(),
        is_suspected,
        complete: course.is_complete() && !is_suspected && flaw.is_none(),
        violation: match certain {
            // It may have come where nobody looked any more.
            None | Some(Broken::Hang) if memo.hangs().is_some() => Some(tell::hang(
                cluster,
                retold.as_ref().map_or(&[], |told| &told.schedule),
            )),
            certain => certain.map(|broken| tell::violation(cluster, broken)),
        },
        digest: retold.as_ref().map_or(0, |retold| retold.digest),
        schedule: retold.map_or_else(Vec::new, |retold| retold.schedule),
        operations: cluster.subject().operations().to_vec(),
        missing: milestones.missing(),
        reached: milestones.reached(),
        replica_states: memo.size(),
        histories: memo.histories(),
        settled: cluster.rules().settles().then(|| memo.settled()),
        flaw,
    }
}

impl Model for Schedules {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.course().begin();
        vec![self.initial()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        // States are gone on from by the thousand before anybody asks whether to go on.
        if !self.course().goes_on() {
            return;
        }
        self.course().expand(state);
        self.possible(state, actions);
        if self.course().is_walking() {
            // A walk is told by the places of its actions: only those that do anything count.
            actions.retain(|action| self.next(state, *action).is_some());
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        self.next(state, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            // A search goes on for a while after it found something, and would tell
            // what it found last; the first is the shortest.
            Property::always(NOTHING_BROKEN, |schedules: &Self, state: &State| {
                state.broken.is_none() || schedules.course().found_before()
            }),
            Property::always("the search goes on", |schedules: &Self, _| {
                schedules.course().goes_on()
            }),
        ]
    }
}

impl Chooser<Schedules> for Dice {
    type State = u64;

    fn new_state(&self, walk: u64) -> u64 {
        self.walk(walk)
    }

    fn choose_initial_state(&self, draw: &mut u64, states: &[State]) -> usize {
        Self::draw(draw, states.len())
    }

    fn choose_action(&self, draw: &mut u64, _: &State, actions: &[Action]) -> usize {
        Self::draw(draw, actions.len())
    }
}

impl Broken {
    pub(super) const LINEARIZABILITY: &'static str = "linearizability";
}
