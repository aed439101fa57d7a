//! The next read: which one it is, and whether it is still possible ([`super::growth`]).

use super::configuration::Search;
use super::growth::State;
use crate::model::Model;

impl<M: Model> Search<'_, M> {
    /// The read called first of those that are left, from this number on, where growth tells
    /// anything; otherwise, and without one, the number of known operations.
    pub(super) fn next_read_after(&self, local: u32) -> u32 {
        let known = self.part.known as u32;
        if !self.growth.is_on() {
            return known;
        }
        let is_left = |local: &u32| {
            self.part.local(*local).is_telling_read() && self.timeline.contains(*local)
        };
        (local..known).find(is_left).unwrap_or(known)
    }

    /// Whether the next read of the last frame is still possible from a state on.
    pub(super) fn can_grow(&mut self, state: State<M::State>) -> bool {
        let (part, states, timeline, used) = (&self.part, &self.states, &self.timeline, &self.used);
        let Some(read) = self.frames.last().map(|frame| frame.next_read) else {
            return true;
        };
        if read as usize >= part.known {
            return true;
        }
        let needed = part.local(read).needs;
        let needed = needed.expect("a read that tells needs a state");
        let state = match state {
            State::Number(number) => states.get(number),
            State::New(state) => state,
        };
        if part.can_become(state, states.get(needed)) {
            return true;
        }
        let is_left = |local: &u32| match (*local as usize).checked_sub(part.known) {
            None => timeline.contains(*local),
            Some(bit) => used[bit / 64] >> (bit % 64) & 1 == 0,
        };
        let beginnings = self.growth.beginnings_of(read, part, states);
        beginnings.iter().any(is_left)
    }
}
