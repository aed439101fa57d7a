//! Takes one schedule, line by line, as it stands in a file.
//!
//! Nothing is taken for the same here: replicas are told apart by all that they
//! went through. A line that nothing can be made of where it stands is passed
//! over and said, so that lines can be taken away and a schedule be edited.

use super::action::{Action, What};
use super::broken::Broken;
use super::limits::Limits;
use super::line::Line;
use super::reading::read;
use super::retold::{Again, Retold, retell};
use super::schedule::Schedules;
use super::scheduled::Scheduled;
use super::state::State;
use super::tell;
use super::unbegun::Unbegun;
use super::writing::written;
use crate::check::Violation;
use crate::scenario::{Identity, Scenario};
use crate::system::System;
use crate::units::KeyError;

/// Takes schedules of one scenario.
pub struct Player {
    /// Nothing can be taken where code under test breaks at once.
    schedules: Result<Schedules, Box<Violation>>,
    again: Box<Again>,
}

/// The result of playing a schedule.
#[derive(Clone, Debug)]
pub struct Played {
    /// What happened.
    pub schedule: Vec<Scheduled>,
    /// Lines, from 0 on, that could not happen where they stand, and what could.
    pub passed_over: Vec<(usize, String)>,
    /// What was broken; nothing where nothing is certain.
    pub violation: Option<Violation>,
    /// The system did other things when it was taken through the same again.
    pub flaw: Option<String>,
    /// The digest of everything that anybody could see.
    pub digest: u64,
}

impl Player {
    /// A player of what `scenario` allows.
    ///
    /// # Errors
    /// The scenario does not suit the system, or has no `[model]` table: the key, and
    /// what would be right.
    pub fn new<S: System>(scenario: &Scenario, limits: &Limits) -> Result<Self, KeyError> {
        let mut model = scenario.model.clone().ok_or_else(|| {
            let message = "a schedule needs the bounds of a [model] table";
            KeyError::new("model", message)
        })?;
        model.identity = Identity::History;
        let (scenario, patience) = (scenario.clone(), limits.patience);
        let again = move || {
            let limits = Limits {
                patience,
                ..Limits::default()
            };
            Schedules::new::<S>(&scenario, &model, &limits).map(Schedules::unreduced)
        };
        let schedules = match again() {
            Ok(schedules) => Ok(schedules),
            Err(Unbegun::Unsuited(error)) => return Err(error),
            Err(Unbegun::Broken(violation)) => Err(violation),
        };
        Ok(Self {
            schedules,
            again: Box::new(again),
        })
    }

    /// Whether these are lines of a schedule.
    ///
    /// # Errors
    /// The first that is not, from 0 on, and what would be right.
    pub fn check(&self, lines: &[String]) -> Result<(), (usize, String)> {
        match &self.schedules {
            Ok(schedules) => read(schedules.cluster(), lines).map(drop),
            Err(_) => Ok(()),
        }
    }

    /// Takes the lines in order, until something breaks.
    ///
    /// # Errors
    /// A line that is none, from 0 on, and what would be right.
    pub fn play(&self, lines: &[String]) -> Result<Played, (usize, String)> {
        let schedules = match &self.schedules {
            Ok(schedules) => schedules,
            Err(violation) => return Ok(Played::not_begun(violation)),
        };
        let lines = read(schedules.cluster(), lines)?;
        let (mut path, mut passed_over) = (Vec::new(), Vec::new());
        let mut state = schedules.initial();
        for (place, line) in lines.iter().enumerate() {
            if state.broken.is_some() {
                break;
            }
            match take(schedules, &state, line) {
                Ok((action, next)) => {
                    path.push((state, Some(action)));
                    state = next;
                }
                Err(message) => passed_over.push((place, message)),
            }
        }
        let broken = state.broken;
        path.push((state, None));
        let (retold, flaw) = match retell(schedules, &path, &*self.again) {
            Ok(retold) => (retold, None),
            Err(flaw) => (Retold::default(), Some(flaw)),
        };
        let certain = broken.filter(|_| flaw.is_none());
        let violation = match certain {
            None | Some(Broken::Hang) if schedules.cluster().memo().hangs().is_some() => {
                Some(tell::hang(schedules.cluster(), &retold.schedule))
            }
            certain => certain.map(|broken| tell::violation(schedules.cluster(), broken)),
        };
        Ok(Played {
            schedule: retold.schedule,
            passed_over,
            violation,
            flaw,
            digest: retold.digest,
        })
    }
}

impl Played {
    /// Something was broken before anything happened.
    fn not_begun(violation: &Violation) -> Self {
        Self {
            schedule: Vec::new(),
            passed_over: Vec::new(),
            violation: Some(violation.clone()),
            flaw: None,
            digest: 0,
        }
    }
}

/// What a line says happens in a state, if it can; or what can.
fn take(schedules: &Schedules, state: &State, wanted: &Line) -> Result<(Action, State), String> {
    let mut possible = Vec::new();
    schedules.possible(state, &mut possible);
    let found = possible
        .iter()
        .find(|action| written(schedules.cluster(), state, **action) == *wanted);
    let next = found.and_then(|action| {
        let next = schedules.next(state, *action)?;
        Some((*action, next))
    });
    next.ok_or_else(|| {
        if found.is_some_and(|action| action.what == What::Settle) {
            return "everything settles here: all that is asked is answered, and all \
                    replicas decide the same"
                .to_owned();
        }
        let can = possible
            .iter()
            .map(|action| written(schedules.cluster(), state, *action).to_string());
        let can = can.collect::<Vec<_>>().join("; ");
        format!("\"{wanted}\" cannot happen here; what can: {can}")
    })
}
