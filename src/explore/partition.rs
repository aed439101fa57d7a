//! Links that are cut for as long as one likes, and healed.
//!
//! A cut link carries nothing that is sent. Under sessions the session breaks when
//! the link is cut, and a new one is made when it heals; what the old one kept may
//! arrive in between. Other links lose whatever would arrive while they are cut.

use super::action::{Action, What};
use super::schedule::Schedules;
use super::state::{SESSION_UP, State, pair};
use super::step::Fate;
use crate::network::LinkContract;

impl Schedules {
    /// Cuts and healings that can happen.
    pub(super) fn cuts(&self, state: &State, actions: &mut Vec<Action>) {
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
                actions.push(Action {
                    what,
                    fate: Fate::Whole,
                });
            }
        }
    }

    pub(super) fn cut(&self, state: &mut State, one: usize, other: usize) {
        state.left.cuts -= 1;
        state.cut |= pair(self.replicas, one, other);
    }

    pub(super) fn heal(&self, state: &mut State, one: usize, other: usize) {
        state.cut &= !pair(self.replicas, one, other);
        let up = |replica: usize| self.memo.local(state.locals[replica]).up;
        if self.contract == LinkContract::Session && up(one) && up(other) {
            self.make_session(state, (one, other), SESSION_UP);
        }
    }
}
