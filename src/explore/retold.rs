//! A schedule that was found, taken again from its beginning, and told.

use super::action::{Action, What};
use super::broken::Broken;
use super::cluster::Cluster;
use super::confirmed::Confirmed;
use super::schedule::Schedules;
use super::scheduled::Scheduled;
use super::state::State;
use super::step::Taken;
use super::tell;
use super::unbegun::Unbegun;
use super::writing::written;
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

/// A path of a search, with the actions apart that it took as one step.
pub(super) fn one_by_one(
    schedules: &Schedules,
    path: Vec<(State, Option<Action>)>,
) -> Vec<(State, Option<Action>)> {
    let mut apart = Vec::new();
    for (state, action) in path {
        let after = action.and_then(|action| schedules.next_alone(&state, action));
        apart.push((state, action));
        if let Some(after) = after
            && let Some(restart) = schedules.follows_at_once(&after)
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
pub(super) fn retell(schedules: &Schedules, path: &Path, again: &Again) -> Result<Retold, String> {
    match confirmed(schedules, path) {
        Ok(retold) => Ok(retold),
        Err(Lost::Differs(how)) => Err(how),
        Err(Lost::Untold) => Ok(again().map_or_else(
            |_| Retold::default(),
            |fresh| {
                let actions: Vec<_> = path.iter().filter_map(|(_, action)| *action).collect();
                up_to_the_last(&fresh, &actions)
            },
        )),
    }
}

/// Takes all actions but the last, which is only put into words.
fn up_to_the_last(schedules: &Schedules, actions: &[Action]) -> Retold {
    let Some((last, before)) = actions.split_last() else {
        return Retold::default();
    };
    let (mut path, mut state) = (Vec::new(), schedules.initial());
    for action in before {
        let next = schedules.next_alone(&state, *action);
        path.push((state, Some(*action)));
        let Some(next) = next else {
            return Retold::default();
        };
        state = next;
    }
    path.push((state, None));
    let mut retold = confirmed(schedules, &path).unwrap_or_default();
    let state = &path[path.len() - 1].0;
    let line = written(schedules.cluster(), state, *last).to_string();
    retold.digest = mix_bytes(retold.digest, line.as_bytes());
    retold.schedule.push(Scheduled {
        line,
        words: tell::what_happens(schedules.cluster(), state, *last),
        shows: Vec::new(),
    });
    retold
}

fn confirmed(schedules: &Schedules, path: &Path) -> Result<Retold, Lost> {
    let broken = path.last().and_then(|(state, _)| state.broken);
    if schedules.cluster().memo().hangs().is_some() || broken == Some(Broken::Suspect) {
        return Err(Lost::Untold);
    }
    let is_unsettled = matches!(broken, Some(Broken::Unsettled(_)));
    let handled = path.iter().flat_map(|(state, action)| {
        let taken = action.map(|action| taken(schedules.cluster(), state, action));
        taken.unwrap_or_default()
    });
    let unsettled = path.iter().find_map(|(state, action)| {
        let settles = action.is_some_and(|action| action.what == What::Settle);
        (settles && is_unsettled).then(|| schedules.cluster().rest(state))
    });
    let taken = schedules.starts().into_iter().chain(handled).collect();
    let confirmed = schedules.cluster().memo().confirm(taken, unsettled);
    let confirmed = confirmed.map_err(|_| Lost::Untold)?;
    Ok(told(schedules, path, confirmed.map_err(Lost::Differs)?))
}

/// The steps of replicas in an action.
fn taken(cluster: &Cluster, state: &State, action: Action) -> Vec<Taken> {
    match state.input(action.what) {
        Some((replica, input)) => vec![cluster.taken(state, replica, input, action.fate)],
        None if action.what == What::Time => cluster.time_passes(state),
        None => Vec::new(),
    }
}

fn told(schedules: &Schedules, path: &Path, confirmed: Confirmed) -> Retold {
    let mut shows = confirmed.shows.into_iter().skip(schedules.starts().len());
    let mut digest = confirmed.digest;
    let mut schedule = Vec::new();
    for (state, action) in path {
        let Some(action) = *action else { continue };
        let line = written(schedules.cluster(), state, action).to_string();
        digest = mix_bytes(digest, line.as_bytes());
        let settles = usize::from(action.what == What::Settle);
        let runs = settles + taken(schedules.cluster(), state, action).len();
        schedule.push(Scheduled {
            line,
            words: tell::words(schedules.cluster(), state, action),
            shows: shows.by_ref().take(runs).flatten().collect(),
        });
    }
    Retold {
        digest: mix(digest, schedule.len() as u64),
        schedule,
    }
}
