//! What is sent, and the sessions over which it goes.

use super::schedule::Schedules;
use super::state::{SESSION_UP_AFTER_CRASH, State};
use crate::network::LinkContract;

impl Schedules {
    /// What is sent over a link that is cut is lost; under sessions, what is sent to
    /// one that is down, or before the news of a new session, too.
    pub(super) fn send(&self, state: &mut State, from: usize, to: usize, message: u32) {
        let has_no_session = self.contract == LinkContract::Session
            && (state.is_untold(from, to) || !self.memo.local(state.locals[to]).up);
        if !has_no_session && !state.is_cut(from, to) {
            let link = state.link(from, to);
            state.links[link].push(message);
        }
    }

    /// Both ends will hear of a new session.
    pub(super) fn make_session(&self, state: &mut State, (one, other): (usize, usize), news: u32) {
        for (from, to) in [(one, other), (other, one)] {
            let link = state.link(from, to);
            state.links[link].push(news);
        }
    }

    /// A replica is back: it and its peers will hear of new sessions.
    pub(super) fn connect(&self, state: &mut State, replica: usize) {
        if self.contract != LinkContract::Session {
            return;
        }
        for peer in (0..self.replicas).filter(|peer| *peer != replica) {
            if self.memo.local(state.locals[peer]).up && !state.is_cut(replica, peer) {
                self.make_session(state, (replica, peer), SESSION_UP_AFTER_CRASH);
            }
        }
    }
}
