//! A page on which one goes from state to state: stateright's explorer, with what
//! happens and what there is told in the words of a trace.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;

use stateright::{Model, Property};

use super::action::Action;
use super::broken::Broken;
use super::limits::Limits;
use super::scene::scene;
use super::schedule::Schedules;
use super::state::State;
use super::tell;
use super::unbegun::Unbegun;
use crate::scenario::Scenario;
use crate::system::System;
use crate::units::KeyError;

/// Serves every schedule of one scenario.
pub struct Explorer {
    schedules: Arc<Schedules>,
}

impl Explorer {
    /// An explorer of what `scenario` allows, with the reductions of `limits`.
    ///
    /// # Errors
    /// The scenario does not suit the system, or has no `[model]` table: the key, and
    /// what would be right; or code under test breaks at once.
    pub fn new<S: System>(scenario: &Scenario, limits: &Limits) -> Result<Self, KeyError> {
        let model = scenario.model.as_ref().ok_or_else(|| {
            let message = "there is nothing to explore without the bounds of a [model] table";
            KeyError::new("model", message)
        })?;
        match Schedules::new::<S>(scenario, model, limits) {
            Ok(schedules) => Ok(Self {
                schedules: Arc::new(schedules),
            }),
            Err(Unbegun::Unsuited(error)) => Err(error),
            Err(Unbegun::Broken(violation)) => Err(KeyError::new("model", violation.message)),
        }
    }

    /// Serves at an address, on `threads` threads and as many as the browser needs, and
    /// never returns. A search that is run to completion ends after `states_max` states.
    ///
    /// # Panics
    /// If nothing can be served at the address.
    pub fn serve(self, address: SocketAddr, threads: usize, states_max: usize) {
        let space = EverySchedule(self.schedules);
        space
            .checker()
            .threads(threads.max(1))
            .target_state_count(states_max)
            .serve(address);
    }
}

/// The model; the page shows its name.
struct EverySchedule(Arc<Schedules>);

/// A state that can be told.
#[derive(Clone)]
struct Scene {
    schedules: Arc<Schedules>,
    state: State,
}

/// Something that can happen, and can be told.
#[derive(Clone)]
struct Choice {
    schedules: Arc<Schedules>,
    before: Arc<State>,
    action: Action,
}

impl PartialEq for Scene {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

impl Hash for Scene {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.state.hash(hasher);
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&scene(self.schedules.cluster(), &self.state))
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        (self.action, &self.before) == (other.action, &other.before)
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (schedules, before) = (&self.schedules, &self.before);
        f.write_str(&tell::words(schedules.cluster(), before, self.action))?;
        // A reduced search takes the start after a crash in the same step.
        let after = schedules.next_alone(before, self.action);
        let Some(after) = after else { return Ok(()) };
        match schedules.follows_at_once(&after) {
            Some(restart) => write!(f, "; {}", tell::words(schedules.cluster(), &after, restart)),
            None => Ok(()),
        }
    }
}

impl EverySchedule {
    fn scene(&self, state: State) -> Scene {
        let schedules = Arc::clone(&self.0);
        Scene { schedules, state }
    }
}

impl Model for EverySchedule {
    type State = Scene;
    type Action = Choice;

    fn init_states(&self) -> Vec<Scene> {
        vec![self.scene(self.0.initial())]
    }

    fn actions(&self, scene: &Scene, choices: &mut Vec<Choice>) {
        let mut actions = Vec::new();
        self.0.possible(&scene.state, &mut actions);
        let before = Arc::new(scene.state.clone());
        choices.extend(actions.into_iter().map(|action| Choice {
            schedules: Arc::clone(&self.0),
            before: Arc::clone(&before),
            action,
        }));
    }

    fn next_state(&self, scene: &Scene, choice: Choice) -> Option<Scene> {
        let next = self.0.next(&scene.state, choice.action)?;
        Some(self.scene(next))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("replicas keep their invariants", |_, scene: &Scene| {
                !matches!(scene.state.broken, Some(Broken::Invariant(_)))
            }),
            Property::always("agreement", |_, scene: &Scene| {
                !matches!(scene.state.broken, Some(Broken::Agreement { .. }))
            }),
            Property::always("linearizability", |_, scene: &Scene| {
                let broken = scene.state.broken;
                !matches!(broken, Some(Broken::Linearizability | Broken::Judges))
            }),
            Property::always("code under test returns", |_, scene: &Scene| {
                !matches!(scene.state.broken, Some(Broken::Beside(_) | Broken::Hang))
            }),
            Property::always("what is at rest settles", |_, scene: &Scene| {
                !matches!(scene.state.broken, Some(Broken::Unsettled(_)))
            }),
            Property::sometimes("an entry is decided", |_, scene: &Scene| {
                !scene.state.agreed.is_empty()
            }),
            Property::sometimes("a client is answered", |_, scene: &Scene| {
                scene.state.answered() != 0
            }),
            Property::sometimes("every command completes", |_, scene: &Scene| {
                let mut commands = scene.state.commands.iter();
                commands.all(|command| command.output.is_some())
            }),
        ]
    }
}
