//! Everything that can happen in a state.

use super::action::{Action, What};
use super::cluster::Cluster;
use super::partition::cuts;
use super::state::{State, is_news, skipped};
use super::step::{Fate, Local};
use crate::network::LinkContract;

/// Everything that can happen in `state`.
pub(super) fn possible(cluster: &Cluster, state: &State, actions: &mut Vec<Action>) {
    if state.broken.is_some() {
        return;
    }
    if cluster.rules().reduced().restarts() && restarts_at_once(cluster, state, actions) {
        return;
    }
    for replica in 0..state.replicas() {
        at(cluster, state, replica, actions);
    }
    losses(cluster, state, actions);
    breaks(cluster, state, actions);
    cuts(state, actions);
    if state.left.time > 0 && cluster.next_due(state).is_some() {
        actions.push(Action::whole(What::Time));
    }
    if cluster.rules().settles() && cluster.is_at_rest(state) {
        actions.push(Action::whole(What::Settle));
    }
}

/// What can happen at one replica.
fn at(cluster: &Cluster, state: &State, replica: usize, actions: &mut Vec<Action>) {
    let local = cluster.local(state, replica);
    let mut whats = Vec::new();
    let number = replica as u8;
    if local.up {
        arrivals(cluster, state, replica, &mut whats);
        requests(cluster, state, replica, &mut whats);
        own(cluster, state, replica, &local, &mut whats);
    } else {
        let most = local.unsynced.min(state.left.unsynced);
        let replica = number;
        whats.extend((0..=most).map(|lost| What::Restart { replica, lost }));
    }
    for what in whats {
        with_fates(cluster, state, what, actions);
    }
    if local.up && state.left.crashes > 0 {
        actions.push(Action::whole(What::Crash { replica: number }));
    }
}

/// Whether a replica is down; then it starts, and nothing else happens.
fn restarts_at_once(cluster: &Cluster, state: &State, actions: &mut Vec<Action>) -> bool {
    let Some(replica) = cluster.down(state) else {
        return false;
    };
    with_fates(cluster, state, What::Restart { replica, lost: 0 }, actions);
    true
}

fn arrivals(cluster: &Cluster, state: &State, to: usize, whats: &mut Vec<What>) {
    for from in 0..state.replicas() {
        if is_lost_on_arrival(cluster, state, from, to) {
            continue;
        }
        let link = &state.links[state.link(from, to)];
        let (from, to) = (from as u8, to as u8);
        for place in 0..link.len() {
            let message = link[place];
            if link[..place].contains(&message) || !may_come(cluster, state, link, place) {
                continue;
            }
            let place = place as u8;
            whats.push(What::Deliver {
                from,
                to,
                place,
                stays: false,
            });
            if state.left.duplicates > 0 {
                whats.push(What::Deliver {
                    from,
                    to,
                    place,
                    stays: true,
                });
            }
        }
    }
}

/// Whether nothing arrives, because it is lost on a link that is cut.
fn is_lost_on_arrival(cluster: &Cluster, state: &State, from: usize, to: usize) -> bool {
    !cluster.rules().has_sessions() && state.is_cut(from, to)
}

/// Whether what is at a place of a link may come next. News of a session may
/// come before what was sent earlier: that is then lost. So the loss of what
/// was under way when a session broke is chosen no earlier than it shows.
fn may_come(cluster: &Cluster, state: &State, link: &[u32], place: usize) -> bool {
    if place == 0 {
        return true;
    }
    match cluster.rules().contract() {
        LinkContract::Session => {
            is_news(link[place]) && skipped(link, place) <= state.left.losses.into()
        }
        LinkContract::Lossy => {
            cluster.rules().reduced().skips() && place <= state.left.losses.into()
        }
        LinkContract::Datagram => state.left.reorders > 0,
    }
}

fn requests(cluster: &Cluster, state: &State, replica: usize, whats: &mut Vec<What>) {
    for operation in 0..state.commands.len() {
        if cluster.rules().may_be_asked(state, operation) == Some(replica) {
            let (operation, replica) = (operation as u8, replica as u8);
            whats.push(What::Ask { operation, replica });
        }
    }
}

fn own(cluster: &Cluster, state: &State, replica: usize, local: &Local, whats: &mut Vec<What>) {
    let number = replica as u8;
    if cluster.rules().may_attempt(state, replica) {
        whats.push(What::Attempt { replica: number });
    }
    for timer in 0..u32::BITS as u8 {
        let is_set = local.timers & (1 << timer) != 0;
        if is_set && (cluster.rules().fires_freely(local, timer) || state.left.ticks > 0) {
            whats.push(What::Timer {
                replica: number,
                timer,
            });
        }
    }
}

/// What runs a handler may crash in it.
fn with_fates(cluster: &Cluster, state: &State, what: What, actions: &mut Vec<Action>) {
    actions.push(Action::whole(what));
    if !cluster.rules().may_crash_in_handlers(state) {
        return;
    }
    let Some((replica, input)) = state.input(what) else {
        return;
    };
    let writes = cluster.step(state, replica, input, Fate::Whole).writes;
    // Before the first write is the same as before the handler.
    let fates = (2..=writes).map(Fate::Before);
    let last = (writes > 0).then_some(Fate::After(writes));
    actions.extend(fates.chain(last).map(|fate| Action { what, fate }));
}

/// Silent losses. What is lost could as well be lost when it would arrive.
fn losses(cluster: &Cluster, state: &State, actions: &mut Vec<Action>) {
    let is_elsewhere = cluster.rules().has_sessions() || cluster.rules().reduced().losses();
    let may_lose = !is_elsewhere && state.left.losses > 0;
    if !may_lose && state.cut == 0 {
        return;
    }
    for from in 0..state.replicas() {
        for to in 0..state.replicas() {
            let is_empty = state.links[state.link(from, to)].is_empty();
            if !is_empty && (may_lose || is_lost_on_arrival(cluster, state, from, to)) {
                let (from, to) = (from as u8, to as u8);
                let what = What::Lose { from, to };
                actions.push(Action::whole(what));
            }
        }
    }
}

fn breaks(cluster: &Cluster, state: &State, actions: &mut Vec<Action>) {
    if state.left.breaks == 0 {
        return;
    }
    let up = |replica| cluster.is_up(state, replica);
    for one in 0..state.replicas() {
        for other in one + 1..state.replicas() {
            if !up(one) || !up(other) || state.is_cut(one, other) {
                continue;
            }
            let (one, other) = (one as u8, other as u8);
            actions.push(Action::whole(What::Break { one, other }));
        }
    }
}
