//! What happens uses up of what may still happen.

use super::action::{Action, What};
use super::schedule::Schedules;
use super::state::{State, is_news, skipped};
use crate::network::LinkContract;

impl Schedules {
    /// Takes what happens from what may still happen.
    pub(super) fn spend(&self, state: &mut State, action: Action) {
        match action.what {
            What::Deliver {
                from,
                to,
                place,
                stays,
            } => {
                let link = state.link(from.into(), to.into());
                let (link, place) = (&mut state.links[link], usize::from(place));
                if is_news(link[place]) {
                    state.left.losses -= skipped(link, place) as u8;
                    link.drain(..=place);
                    return;
                }
                if self.contract == LinkContract::Lossy {
                    state.left.losses -= place as u8;
                    link.drain(..=place);
                    return;
                }
                state.left.reorders -= u8::from(place > 0);
                if stays {
                    state.left.duplicates -= 1;
                } else {
                    link.remove(place);
                }
            }
            What::Ask { operation, .. } => {
                let after = state.answered();
                let command = &mut state.commands[usize::from(operation)];
                if command.asked > 0 {
                    state.left.retries -= 1;
                } else if !self.planned[usize::from(operation)].is_open {
                    command.after = after;
                }
                command.asked += 1;
            }
            What::Attempt { .. } => state.left.attempts -= 1,
            What::Restart { lost, .. } => state.left.unsynced -= lost,
            What::Timer { replica, timer } => {
                let local = self.memo.local(state.locals[usize::from(replica)]);
                state.left.ticks -= u8::from(!self.fires_freely(&local, timer));
            }
            _ => {}
        }
    }
}
