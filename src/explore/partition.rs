//! Links that are cut for as long as one likes, and healed.
//!
//! A cut link carries nothing that is sent. Under sessions the session breaks when
//! the link is cut, and a new one is made when it heals; what the old one kept may
//! arrive in between. Other links lose whatever would arrive while they are cut.

use super::action::{Action, What};
use super::cluster::Cluster;
use super::links::make_session;
use super::state::{SESSION_UP, State, pair};

/// Cuts and healings that can happen.
pub(super) fn cuts(state: &State, actions: &mut Vec<Action>) {
    if state.cut == 0 && state.left.cuts == 0 {
        return;
    }
    for one in 0..state.replicas() {
        for other in one + 1..state.replicas() {
            let pair = (one as u8, other as u8);
            let what = match state.is_cut(one, other) {
                true => What::Heal {
                    one: pair.0,
                    other: pair.1,
                },
                false if state.left.cuts > 0 => What::Cut {
                    one: pair.0,
                    other: pair.1,
                },
                false => continue,
            };
            actions.push(Action::whole(what));
        }
    }
}

/// A link is cut.
pub(super) fn cut(state: &mut State, (one, other): (usize, usize)) {
    state.left.cuts -= 1;
    state.cut |= pair(state.replicas(), one, other);
}

/// A link is whole again.
pub(super) fn heal(cluster: &Cluster, state: &mut State, (one, other): (usize, usize)) {
    state.cut &= !pair(state.replicas(), one, other);
    let up = |replica| cluster.is_up(state, replica);
    if cluster.rules().has_sessions() && up(one) && up(other) {
        make_session(state, (one, other), SESSION_UP);
    }
}
