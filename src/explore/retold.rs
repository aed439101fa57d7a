//! A schedule that was found, taken again from its beginning, and told.

use super::action::{Action, What};
use super::broken::Broken;
use super::confirmed::Confirmed;
use super::schedule::Schedules;
use super::scheduled::Scheduled;
use super::state::State;
use super::step::{Fate, Input, Taken};
use super::tell;
use super::unbegun::Unbegun;
use crate::decision::hash::{mix, mix_bytes};

/// States, and what happened in each; nothing in the last.
pub(super) type Path = [(State, Option<Action>)];

/// A schedule that was taken again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Retold {
    pub(super) schedule: Vec<Scheduled>,
    /// The digest of everything that anybody could see of it.
    pub(super) digest: u64,
}

/// Why a schedule cannot be taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lost {
    /// It led to something else.
    Differs(String),
    /// Its last action does not return, or may end the process.
    Untold,
}

/// Makes the same schedules once more, with replicas of their own.
pub(super) type Again = dyn Fn() -> Result<Schedules, Unbegun> + Send + Sync;

impl Schedules {
    /// A path of a search, with the actions apart that it took as one step.
    pub(super) fn one_by_one(
        &self,
        path: Vec<(State, Option<Action>)>,
    ) -> Vec<(State, Option<Action>)> {
        let mut apart = Vec::new();
        for (state, action) in path {
            let after = action.and_then(|action| self.next_alone(&state, action));
            apart.push((state, action));
            if let Some(after) = after
                && let Some(restart) = self.follows_at_once(&after)
            {
                apart.push((after, Some(restart)));
            }
        }
        apart
    }

    /// Takes a schedule again, without taking any states for the same. Where the
    /// last action does not return, or may end the process, `again` makes replicas that are
    /// taken up to it.
    ///
    /// # Errors
    /// The first step that leads to something else.
    pub(super) fn retell(&self, path: &Path, again: &Again) -> Result<Retold, String> {
        match self.confirmed(path) {
            Ok(retold) => Ok(retold),
            Err(Lost::Differs(how)) => Err(how),
            Err(Lost::Untold) => Ok(again().map_or_else(
                |_| Retold::default(),
                |fresh| {
                    let actions: Vec<_> = path.iter().filter_map(|(_, action)| *action).collect();
                    fresh.up_to_the_last(&actions)
                },
            )),
        }
    }

    /// Takes all actions but the last, which is only put into words.
    fn up_to_the_last(&self, actions: &[Action]) -> Retold {
        let Some((last, before)) = actions.split_last() else {
            return Retold::default();
        };
        let (mut path, mut state) = (Vec::new(), self.initial());
        for action in before {
            let next = self.next_alone(&state, *action);
            path.push((state, Some(*action)));
            let Some(next) = next else {
                return Retold::default();
            };
            state = next;
        }
        path.push((state, None));
        let mut retold = self.confirmed(&path).unwrap_or_default();
        let state = &path[path.len() - 1].0;
        let line = self.line(state, *last).to_string();
        retold.digest = mix_bytes(retold.digest, line.as_bytes());
        retold.schedule.push(Scheduled {
            line,
            words: tell::what_happens(self, state, *last),
            shows: Vec::new(),
        });
        retold
    }

    fn confirmed(&self, path: &Path) -> Result<Retold, Lost> {
        let broken = path.last().and_then(|(state, _)| state.broken);
        if self.memo.hangs().is_some() || broken == Some(Broken::Suspect) {
            return Err(Lost::Untold);
        }
        let is_unsettled = matches!(broken, Some(Broken::Unsettled(_)));
        let handled = path.iter().flat_map(|(state, action)| {
            let taken = action.map(|action| self.taken(state, action));
            taken.unwrap_or_default()
        });
        let unsettled = path.iter().find_map(|(state, action)| {
            let settles = action.is_some_and(|action| action.what == What::Settle);
            (settles && is_unsettled).then(|| self.rest(state))
        });
        let taken = self.starts().into_iter().chain(handled).collect();
        let confirmed = self.memo.confirm(taken, unsettled);
        let confirmed = confirmed.map_err(|_| Lost::Untold)?;
        Ok(self.told(path, confirmed.map_err(Lost::Differs)?))
    }

    /// The steps of replicas in an action.
    fn taken(&self, state: &State, action: Action) -> Vec<Taken> {
        match self.input(state, action.what) {
            Some((replica, input)) => vec![self.step_of(state, replica, input, action.fate)],
            None if action.what == What::Time => self.time_passes(state),
            None => Vec::new(),
        }
    }

    /// Every replica finds that time has passed until the next timer is due.
    pub(super) fn time_passes(&self, state: &State) -> Vec<Taken> {
        let Some(due) = self.next_due(state) else {
            return Vec::new();
        };
        let replicas = 0..self.replicas;
        let steps =
            replicas.map(|replica| self.step_of(state, replica, Input::Time(due), Fate::Whole));
        steps.collect()
    }

    fn step_of(&self, state: &State, replica: usize, input: Input, fate: Fate) -> Taken {
        Taken {
            replica,
            input,
            fate,
            step: self.memo.step(state.locals[replica], input, fate),
        }
    }

    fn told(&self, path: &Path, confirmed: Confirmed) -> Retold {
        let mut shows = confirmed.shows.into_iter().skip(self.starts().len());
        let mut digest = confirmed.digest;
        let mut schedule = Vec::new();
        for (state, action) in path {
            let Some(action) = *action else { continue };
            let line = self.line(state, action).to_string();
            digest = mix_bytes(digest, line.as_bytes());
            let settles = usize::from(action.what == What::Settle);
            let runs = settles + self.taken(state, action).len();
            schedule.push(Scheduled {
                line,
                words: tell::words(self, state, action),
                shows: shows.by_ref().take(runs).flatten().collect(),
            });
        }
        Retold {
            digest: mix(digest, schedule.len() as u64),
            schedule,
        }
    }
}
