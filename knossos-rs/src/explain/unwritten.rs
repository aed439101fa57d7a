//! What was seen of a state that nothing can have left.
//!
//! Some operations are possible in one state only. If that is not the initial state, and nothing
//! called by the time one of them returned can have left it, then that operation is a violation by
//! itself, whatever else happened. One pass over the states shows it, however many operations
//! are open at once; no order has to be looked for.

use super::question::Question;
use crate::entry::Entry;
use crate::interner::Interner;
use crate::model::{Leaves, Model};

impl<M: Model> Question<'_, M> {
    /// A moment that is impossible because somebody saw by then what nothing can have left.
    pub(super) fn unwritten_by(&self, entries: &[Entry], unwritten: Option<Entry>) -> Option<u64> {
        let unwritten = unwritten?;
        let needed = self.footprint(unwritten).needs?;
        let moment = unwritten.ret?;
        let is_open = |entry: &&Entry| {
            let is_called = self.history[entry.index].call <= moment;
            is_called && entry.ret.is_some_and(|ret| ret > moment)
        };
        // What had not answered by then might still have left it.
        let may_leave_it = |entry: &Entry| {
            let open = Entry {
                ret: None,
                ..*entry
            };
            match self.footprint(open).leaves {
                Leaves::Same => false,
                Leaves::Always(left) | Leaves::Sometimes(left) => left == needed,
                Leaves::Anything => true,
            }
        };
        let mut open = entries.iter().filter(is_open);
        (!open.any(may_leave_it)).then_some(moment)
    }

    /// Of the operations that needed what nothing called by then can have left, the one that
    /// returned first.
    pub(super) fn unwritten(&self, entries: &[Entry]) -> Option<Entry> {
        let mut states = Interner::new();
        states.intern(self.initial(entries));
        // When an operation was called that may leave the state.
        let mut left_from = vec![0];
        let mut anything_from = u64::MAX;
        let mut needs: Vec<(u64, Entry, u32)> = Vec::new();
        for entry in entries {
            let operation = &self.history[entry.index];
            let footprint = self.footprint(*entry);
            let needed = footprint.needs.map(|state| states.intern(state).0);
            let left = match footprint.leaves {
                Leaves::Same => None,
                Leaves::Always(state) | Leaves::Sometimes(state) => Some(states.intern(state).0),
                Leaves::Anything => {
                    anything_from = anything_from.min(operation.call);
                    None
                }
            };
            left_from.resize(states.len(), u64::MAX);
            if let Some(left) = left.filter(|_| left != needed) {
                let from = &mut left_from[left as usize];
                *from = operation.call.min(*from);
            }
            if let (Some(needed), Some(ret)) = (needed, entry.ret) {
                needs.push((ret, *entry, needed));
            }
        }
        let is_unwritten = |(ret, _, needed): &&(u64, Entry, u32)| {
            left_from[*needed as usize] > *ret && anything_from > *ret
        };
        let first = needs
            .iter()
            .filter(is_unwritten)
            .min_by_key(|(ret, entry, _)| (*ret, entry.index));
        first.map(|(_, entry, _)| *entry)
    }
}
