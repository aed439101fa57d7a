//! What was seen of a state that had grown beyond it.
//!
//! Where operations only add to a state ([`crate::Model::can_become`]), many of them are more than
//! a puzzle can hold, and often two suffice: one that saw or left a state, and one, called after
//! that had returned, that needs a state which the first cannot become. If nothing else that could
//! come between leaves a state of its own that can, the two contradict each other, whatever else
//! took effect.

use super::contradiction::Contradiction;
use super::moment::Moment;
use super::question::Question;
use crate::entry::Entry;
use crate::history::Operation;
use crate::model::{Leaves, Model};

impl<M: Model> Question<'_, M> {
    /// The culprit, and the last operation before it that it contradicts so, if there is one.
    pub(super) fn outgrown(&self, moment: &Moment) -> Option<Contradiction> {
        let culprit = moment.culprit;
        let needed = self.footprint(culprit).needs?;
        let call = self.history[culprit.index].call;
        let is_before = |entry: &&Entry| entry.ret.is_some_and(|ret| ret < call);
        let cannot_become = |entry: &&Entry| {
            let state = self.state_at(**entry);
            state.is_some_and(|state| !self.can_become(&state, &needed))
        };
        let before = moment.entries.iter().filter(is_before);
        let other = *before
            .filter(cannot_become)
            .max_by_key(|entry| (entry.ret, entry.index))?;
        let from = self.history[other.index].call;
        let leads_there = |entry: &Entry| {
            let is_between = entry.ret.is_none_or(|ret| ret >= from);
            is_between
                && ![other.index, culprit.index].contains(&entry.index)
                && match self.footprint(*entry).leaves {
                    Leaves::Always(state) | Leaves::Sometimes(state) => {
                        self.can_become(&state, &needed)
                    }
                    Leaves::Same | Leaves::Anything => false,
                }
        };
        if moment.entries.iter().any(leads_there) {
            return None;
        }
        Some(Contradiction {
            core: vec![other, culprit],
            is_minimal: self.was_once(moment, &needed),
        })
    }

    /// The state just after the operation, where that is known.
    fn state_at(&self, entry: Entry) -> Option<M::State> {
        let footprint = self.footprint(entry);
        match footprint.leaves {
            Leaves::Same => footprint.needs,
            Leaves::Always(state) => Some(state),
            Leaves::Sometimes(_) | Leaves::Anything => None,
        }
    }

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        state == later || self.model.can_become(state, later)
    }

    /// Whether the state comes up in the order of what had happened just before the moment. Then
    /// the culprit fits there, if what comes after it did not take effect; and without the
    /// culprit, all fits. So each of the two matters.
    fn was_once(&self, moment: &Moment, needed: &M::State) -> bool {
        let Some(explained) = &moment.explained else {
            return false;
        };
        let culprit = &self.history[moment.culprit.index];
        let mut state = self.model.initial_of(&culprit.input);
        let mut others = explained
            .iter()
            .take_while(|index| **index != moment.culprit.index);
        state == *needed
            || others.any(|index| {
                let Operation {
                    input, ret, output, ..
                } = &self.history[*index];
                let has_returned = ret.is_some() && *ret < moment.culprit.ret;
                let output = output.as_ref().filter(|_| has_returned);
                match self.model.step(&state, input, output) {
                    Some(after) => state = after,
                    None => debug_assert!(false, "an order is possible"),
                }
                state == *needed
            })
    }
}
