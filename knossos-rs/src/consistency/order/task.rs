//! One operation, prepared for the search.

use crate::interner::Interner;
use crate::model::{Leaves, Model, OperationOf};

/// What the search notes of an operation. States are numbers within the operation's part.
pub(super) struct Task {
    /// Its index in the history.
    pub(super) index: usize,
    pub(super) call: u64,
    /// `u64::MAX` if the outcome is unknown.
    pub(super) ret: u64,
    pub(super) part: u32,
    pub(super) is_known: bool,
    /// Possible in this state only.
    pub(super) needs: Option<u32>,
    /// May produce this state.
    pub(super) produces: Option<u32>,
    /// May produce any state.
    pub(super) is_wild: bool,
    /// Never changes the state.
    pub(super) is_read: bool,
    /// Possible in every state, and leaves one and the same.
    pub(super) is_blind: bool,
}

impl Task {
    /// Prepares an operation; `None` if it cannot matter: a read of unknown outcome.
    pub(super) fn new<M: Model>(
        model: &M,
        index: usize,
        operation: &OperationOf<M>,
        part: u32,
        states: &mut Interner<M::State>,
    ) -> Option<Task> {
        let footprint = model.footprint(&operation.input, operation.output.as_ref());
        let is_read = footprint.leaves == Leaves::Same;
        let is_known = operation.output.is_some();
        if is_read && !is_known {
            return None;
        }
        // An operation of unknown outcome need not happen; and what may change nothing is
        // possible in other states, too.
        let is_certain = is_known && !matches!(footprint.leaves, Leaves::Sometimes(_));
        let is_blind = footprint.needs.is_none() && matches!(footprint.leaves, Leaves::Always(_));
        let needs = footprint.needs.filter(|_| is_certain);
        Some(Task {
            index,
            call: operation.call,
            ret: operation.ret.unwrap_or(u64::MAX),
            part,
            is_known,
            is_wild: footprint.leaves == Leaves::Anything,
            is_read,
            is_blind,
            needs: needs.map(|state| states.intern(state).0),
            produces: match footprint.leaves {
                Leaves::Always(state) | Leaves::Sometimes(state) => Some(states.intern(state).0),
                Leaves::Same | Leaves::Anything => None,
            },
        })
    }

    /// Its answer, or what it leaves, may depend on the state in a way that the footprint does
    /// not tell.
    pub(super) fn is_opaque(&self) -> bool {
        self.needs.is_none() && !self.is_blind
    }
}
