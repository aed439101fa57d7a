//! Takes one schedule, line by line, as it stands in a file.
//!
//! Nothing is taken for the same here: replicas are told apart by all that they
//! went through. A line that nothing can be made of where it stands is passed
//! over and said, so that lines can be taken away and a schedule be edited.

use super::action::What;
use super::broken::Broken;
use super::limits::Limits;
use super::line::{Event, Line, Which};
use super::reduction::Reduced;
use super::retold::{Again, Retold};
use super::schedule::Schedules;
use super::scheduled::Scheduled;
use super::state::State;
use super::tell;
use super::unbegun::Unbegun;
use crate::check::Violation;
use crate::nemesis::did_you_mean;
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
            let mut schedules = Schedules::new::<S>(&scenario, &model, &limits)?;
            schedules.reduced = Reduced::not_at_all(&schedules.planned);
            schedules.skips = true;
            Ok(schedules)
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
            Ok(schedules) => schedules.read(lines).map(drop),
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
        let lines = schedules.read(lines)?;
        let (mut path, mut passed_over) = (Vec::new(), Vec::new());
        let mut state = schedules.initial();
        for (place, line) in lines.iter().enumerate() {
            if state.broken.is_some() {
                break;
            }
            match schedules.take(&state, line) {
                Ok((action, next)) => {
                    path.push((state, Some(action)));
                    state = next;
                }
                Err(message) => passed_over.push((place, message)),
            }
        }
        let broken = state.broken;
        path.push((state, None));
        let (retold, flaw) = match schedules.retell(&path, &*self.again) {
            Ok(retold) => (retold, None),
            Err(flaw) => (Retold::default(), Some(flaw)),
        };
        let certain = broken.filter(|_| flaw.is_none());
        let violation = match certain {
            None | Some(Broken::Hang) if schedules.memo.hangs().is_some() => {
                Some(tell::hang(schedules, &retold.schedule))
            }
            certain => certain.map(|broken| tell::violation(schedules, broken)),
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

/// Reads and takes lines.
impl Schedules {
    fn take(&self, state: &State, line: &Line) -> Result<(super::action::Action, State), String> {
        let mut possible = Vec::new();
        self.possible(state, &mut possible);
        let wanted = possible
            .iter()
            .find(|action| self.line(state, **action) == *line);
        let next = wanted.and_then(|action| {
            let next = self.next(state, *action)?;
            Some((*action, next))
        });
        next.ok_or_else(|| {
            if wanted.is_some_and(|action| action.what == What::Settle) {
                return "everything settles here: all that is asked is answered, and all \
                        replicas decide the same"
                    .to_owned();
            }
            let can = possible
                .iter()
                .map(|action| self.line(state, *action).to_string());
            let can = can.collect::<Vec<_>>().join("; ");
            format!("\"{line}\" cannot happen here; what can: {can}")
        })
    }

    fn read(&self, lines: &[String]) -> Result<Vec<Line>, (usize, String)> {
        let lines = lines.iter().enumerate();
        lines
            .map(|(place, text)| {
                let line: Line = text.parse().map_err(|message| (place, message))?;
                match self.problem(&line.event) {
                    Some(message) => Err((place, message)),
                    None => Ok(line),
                }
            })
            .collect()
    }

    /// What a line names that is not there, and what is.
    fn problem(&self, event: &Event) -> Option<String> {
        let replicas = self.replicas as u8;
        let named = match event {
            Event::Ask { client, sequence } => return self.no_command(*client, *sequence),
            Event::Deliver { message, .. } | Event::Lose { message } => {
                vec![message.from, message.to]
            }
            Event::Session { from, to, .. } => vec![*from, *to],
            Event::Break { one, other }
            | Event::Cut { one, other }
            | Event::Heal { one, other } => vec![*one, *other],
            Event::Settle | Event::Time => Vec::new(),
            Event::Attempt { replica }
            | Event::Timer { replica, .. }
            | Event::Crash { replica }
            | Event::Restart { replica, .. } => vec![*replica],
        };
        let mut named = named.into_iter();
        if let Some(replica) = named.find(|replica| !(1..=replicas).contains(replica)) {
            return Some(format!(
                "there is no replica {replica}: they are r1 to r{replicas}"
            ));
        }
        match event {
            Event::Deliver { message, .. } | Event::Lose { message } => self.no_kind(message),
            _ => None,
        }
    }

    fn no_command(&self, client: u64, sequence: u64) -> Option<String> {
        let planned = &self.planned;
        let mut all = planned.iter().map(|one| (one.client, one.sequence));
        if all.any(|known| known == (client, sequence)) {
            return None;
        }
        let names = planned
            .iter()
            .map(|one| format!("c{}#{}", one.client, one.sequence));
        let names = names.collect::<Vec<_>>().join(", ");
        Some(format!(
            "there is no command c{client}#{sequence}: they are {names}"
        ))
    }

    fn no_kind(&self, message: &Which) -> Option<String> {
        let kinds = self.kinds;
        if kinds.contains(&message.kind.as_str()) {
            return None;
        }
        Some(format!(
            "{:?} is no kind of message; they are {}{}",
            message.kind,
            kinds.join(", "),
            did_you_mean(&message.kind, kinds)
        ))
    }
}
