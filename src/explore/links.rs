//! What is sent, and the sessions over which it goes.

use super::cluster::Cluster;
use super::state::{SESSION_UP_AFTER_CRASH, State};

/// What is sent over a link that is cut is lost; under sessions, what is sent to
/// one that is down, or before the news of a new session, too.
pub(super) fn send(cluster: &Cluster, state: &mut State, (from, to): (usize, usize), message: u32) {
    let has_no_session =
        cluster.rules().has_sessions() && (state.is_untold(from, to) || !cluster.is_up(state, to));
    if !has_no_session && !state.is_cut(from, to) {
        let link = state.link(from, to);
        state.links[link].push(message);
    }
}

/// Both ends will hear of a new session.
pub(super) fn make_session(state: &mut State, (one, other): (usize, usize), news: u32) {
    for (from, to) in [(one, other), (other, one)] {
        let link = state.link(from, to);
        state.links[link].push(news);
    }
}

/// A replica is back: it and its peers will hear of new sessions.
pub(super) fn connect(cluster: &Cluster, state: &mut State, replica: usize) {
    if !cluster.rules().has_sessions() {
        return;
    }
    for peer in (0..state.replicas()).filter(|peer| *peer != replica) {
        if cluster.is_up(state, peer) && !state.is_cut(replica, peer) {
            make_session(state, (replica, peer), SESSION_UP_AFTER_CRASH);
        }
    }
}

/// A replica has gone down: what is on its way to it is lost; what it sent may still arrive.
pub(super) fn disconnect(state: &mut State, replica: usize) {
    for peer in 0..state.replicas() {
        let link = state.link(peer, replica);
        state.links[link].clear();
    }
}
