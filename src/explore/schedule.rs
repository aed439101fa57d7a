//! Every schedule of a scenario: its states, and how to go from one to the next.

use super::action::{Action, What};
use super::beginning::Began;
use super::change::{self, Shown};
use super::cluster::Cluster;
use super::course::Course;
use super::limits::Limits;
use super::memo::Memo;
use super::possible::possible;
use super::required::Milestones;
use super::rules::Rules;
use super::state::State;
use super::step::{Fate, Input, Taken};
use super::subject::Subject;
use super::unbegun::Unbegun;
use crate::replica::caught;
use crate::scenario::{ModelOptions, Scenario};
use crate::system::System;

/// Every schedule of a scenario, up to its bounds.
pub(super) struct Schedules {
    cluster: Cluster,
    /// Where every schedule begins.
    began: Began,
    course: Course,
}

impl Schedules {
    /// The schedules of a scenario, for a search within limits.
    ///
    /// # Errors
    /// The scenario does not suit the system, or code under test breaks at once.
    pub(super) fn new<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        limits: &Limits,
    ) -> Result<Self, Unbegun> {
        caught(|| Self::begin::<S>(scenario, model, limits))?
    }

    fn begin<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        limits: &Limits,
    ) -> Result<Self, Unbegun> {
        let profile = S::setup(scenario)?.profile;
        let (memo, began) = Memo::start::<S>(scenario, model, limits)?;
        let planned = began.planned().to_vec();
        let rules = Rules::of::<S>(scenario, model, (&profile, limits), planned);
        Ok(Self {
            cluster: Cluster::new(rules, memo, Subject::of::<S>()),
            began,
            course: Course::new(limits, Milestones::of::<S>(model)),
        })
    }

    /// The same, and nothing is left out.
    pub(super) fn unreduced(self) -> Self {
        Self {
            cluster: self.cluster.unreduced(),
            ..self
        }
    }

    /// What may happen, and what replicas make of it.
    pub(super) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// How the search stands.
    pub(super) fn course(&self) -> &Course {
        &self.course
    }

    /// All replicas have started, and nothing has arrived; or a run has come as far.
    pub(super) fn initial(&self) -> State {
        let rules = self.cluster.rules();
        let mut state = self.began.state(rules.replicas(), rules.bounds());
        let starts = self.starts();
        for start in &starts {
            state.locals[start.replica] = start.step.next;
        }
        for start in &starts {
            if state.broken.is_none() {
                let (replica, step) = (start.replica, &start.step);
                self.note(change::follow(&self.cluster, &mut state, replica, step));
            }
        }
        state
    }

    /// The first start of every replica, where a schedule begins with that.
    pub(super) fn starts(&self) -> Vec<Taken> {
        if self.began.runs() {
            return Vec::new();
        }
        let rules = self.cluster.rules();
        let replicas = 0..rules.replicas();
        let before = self.began.state(rules.replicas(), rules.bounds());
        let start = |replica| {
            let cluster = &self.cluster;
            cluster.taken(&before, replica, Input::START, Fate::Whole)
        };
        replicas.map(start).collect()
    }

    /// Everything that can happen in a state.
    pub(super) fn possible(&self, state: &State, actions: &mut Vec<Action>) {
        possible(&self.cluster, state, actions);
    }

    /// The next state of a search; `None` where nothing changed.
    pub(super) fn next(&self, state: &State, action: Action) -> Option<State> {
        let next = self.next_alone(state, action)?;
        match self.follows_at_once(&next) {
            Some(restart) => self.next_alone(&next, restart),
            None => Some(next),
        }
    }

    /// What a reduced search takes together with the action before.
    pub(super) fn follows_at_once(&self, state: &State) -> Option<Action> {
        if !self.cluster.rules().reduced().restarts() || state.broken.is_some() {
            return None;
        }
        let replica = self.cluster.down(state)?;
        let restart = Action::whole(What::Restart { replica, lost: 0 });
        (state.left.crashes == 0).then_some(restart)
    }

    /// The state after one action; `None` where nothing changed.
    pub(super) fn next_alone(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        self.note(change::happen(&self.cluster, &mut next, action));
        (next != *state).then_some(next)
    }

    fn note(&self, shown: Shown) {
        self.course.note(shown.reached);
        if shown.is_undecided {
            self.course.leave_undecided();
        }
    }
}
