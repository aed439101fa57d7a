//! What happens to a state: from it, and an action, to the next.

use super::action::{Action, What};
use super::broken::Broken;
use super::cluster::Cluster;
use super::judge::Judged;
use super::links;
use super::partition;
use super::spending::spend;
use super::state::{SESSION_UP, State};
use super::step::{Fate, Reached, Step};

/// What shows on the way to a state, beside the state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    pub(super) reached: Reached,
    /// Whether what clients saw takes too long to judge.
    pub(super) is_undecided: bool,
}

impl Shown {
    fn note(&mut self, reached: Reached) {
        self.reached = self.reached.with(reached);
    }
}

/// An action happens.
pub(super) fn happen(cluster: &Cluster, state: &mut State, action: Action) -> Shown {
    let Some((replica, input)) = state.input(action.what) else {
        return happen_between(cluster, state, action.what);
    };
    spend(cluster, state, action);
    let step = cluster.step(state, replica, input, action.fate);
    state.locals[replica] = step.next;
    if let What::Restart { .. } = action.what {
        links::connect(cluster, state, replica);
    }
    let shown = follow(cluster, state, replica, &step);
    if matches!(action.what, What::Crash { .. }) || action.fate != Fate::Whole {
        state.left.crashes -= 1;
        links::disconnect(state, replica);
    }
    shown
}

/// What happens to no replica.
fn happen_between(cluster: &Cluster, state: &mut State, what: What) -> Shown {
    match what {
        What::Lose { from, to } => {
            let (from, to) = (usize::from(from), usize::from(to));
            let link = state.link(from, to);
            state.links[link].remove(0);
            state.left.losses -= u8::from(!state.is_cut(from, to));
        }
        What::Break { one, other } => {
            state.left.breaks -= 1;
            links::make_session(state, (one.into(), other.into()), SESSION_UP);
        }
        What::Cut { one, other } => partition::cut(state, (one.into(), other.into())),
        What::Heal { one, other } => partition::heal(cluster, state, (one.into(), other.into())),
        What::Settle => return settle(cluster, state),
        What::Time => {
            state.left.time -= 1;
            for taken in cluster.time_passes(state) {
                state.locals[taken.replica] = taken.step.next;
            }
        }
        What::Deliver { .. }
        | What::Ask { .. }
        | What::Attempt { .. }
        | What::Timer { .. }
        | What::Crash { .. }
        | What::Restart { .. } => unreachable!("these happen to a replica"),
    }
    Shown::default()
}

/// Nothing fails from now on.
fn settle(cluster: &Cluster, state: &mut State) -> Shown {
    let settled = cluster.memo().settle(&cluster.rest(state));
    state.broken = settled.broken;
    Shown {
        reached: settled.reached,
        is_undecided: false,
    }
}

/// What a step of a replica means for everyone.
pub(super) fn follow(cluster: &Cluster, state: &mut State, replica: usize, step: &Step) -> Shown {
    let mut shown = Shown::default();
    shown.note(step.reached);
    for (to, message) in &step.sends {
        links::send(cluster, state, (replica, usize::from(*to) - 1), *message);
    }
    let is_answered = answer(cluster, state, step);
    let decided = &cluster.memo().local(step.next).decided;
    let differs = state.agreed.adopt(decided);
    state.broken = step.broken.or_else(|| {
        let (log, index) = differs?;
        Some(Broken::Agreement {
            replica: replica as u8 + 1,
            log: log.0 as u16,
            index: index as u32,
        })
    });
    if is_answered {
        shown.note(Reached::ANSWER);
    }
    if is_answered && state.broken.is_none() {
        judge(cluster, state, &mut shown);
    }
    shown
}

/// Clients hear the answers of a step; whether any is the first to its command.
fn answer(cluster: &Cluster, state: &mut State, step: &Step) -> bool {
    let mut is_answered = false;
    for (client, sequence, output) in &step.replies {
        let asked = cluster.rules().clients().operation(*client, *sequence);
        let Some(operation) = asked else { continue };
        let command = &mut state.commands[operation];
        if command.output.is_none() {
            command.output = Some(*output);
            is_answered = true;
        }
    }
    is_answered
}

/// Whether what clients saw is right.
fn judge(cluster: &Cluster, state: &mut State, shown: &mut Shown) {
    state.broken = match cluster.memo().judge(&state.history()) {
        Judged::Linearizable => None,
        Judged::NotLinearizable => Some(Broken::Linearizability),
        Judged::Disputed => Some(Broken::Judges),
        Judged::Broken(broken) => Some(broken),
        Judged::Undecided => {
            shown.is_undecided = true;
            None
        }
    };
    let mut commands = state.commands.iter();
    if commands.all(|command| command.output.is_some()) {
        shown.note(Reached::COMPLETION);
    }
}
