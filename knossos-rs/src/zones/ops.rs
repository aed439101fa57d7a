//! The operations of one part as the zones see them.
//!
//! An operation is known by its footprint alone: it needs one state, or leaves one state, or
//! both. States are numbers; the initial state is number 0.

use crate::entry::Entry;
use crate::interner::Interner;
use crate::model::{Leaves, Model, OperationOf};

/// No state.
pub(super) const NONE: u32 = u32::MAX;

/// An operation that needs a state, leaves one, or both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Op {
    /// When it was called.
    pub(super) call: u64,
    /// When it returned; `u64::MAX`, which precedes nothing, if its outcome is unknown.
    pub(super) ret: u64,
    /// The state it needs, or [`NONE`]: any.
    pub(super) needs: u32,
    /// The state it leaves, or [`NONE`]: the one it found.
    pub(super) leaves: u32,
    /// Its index in the history.
    pub(super) index: u32,
    /// Whether its outcome is known.
    pub(super) is_known: bool,
}

impl Op {
    /// Whether it changes nothing.
    pub(super) fn is_read(&self) -> bool {
        self.leaves == NONE
    }

    /// Whether it needs a state and leaves another.
    pub(super) fn is_swap(&self) -> bool {
        self.leaves != NONE && self.needs != NONE
    }
}

/// All operations of a part.
pub(crate) struct Ops<M: Model> {
    /// Those with a footprint.
    pub(super) ops: Vec<Op>,
    /// Indices of reads about which only the model can say where they are possible, such as a
    /// compare-and-swap that did not match.
    pub(super) opaque: Vec<u32>,
    /// States that an operation of unknown outcome may leave, nobody knows from where.
    pub(super) uncertain: Vec<u32>,
    /// The states by number.
    pub(super) states: Interner<M::State>,
}

impl<M: Model> Ops<M> {
    /// No operations yet, and room for so many.
    pub(super) fn with_room(operations: usize) -> Ops<M> {
        Ops {
            ops: Vec::with_capacity(operations),
            opaque: Vec::new(),
            uncertain: Vec::new(),
            states: Interner::new(),
        }
    }

    /// Notes an operation; `false` if it is of a kind that the zones do not know.
    pub(super) fn add(&mut self, model: &M, operation: &OperationOf<M>, entry: Entry) -> bool {
        let Ok(index) = u32::try_from(entry.index) else {
            return false;
        };
        if self.states.len() == 0 {
            let initial = self.states.intern(model.initial_of(&operation.input)).0;
            assert_eq!(initial, 0, "the initial state is the first one");
        }
        let is_known = entry.ret.is_some();
        let output = operation.output.as_ref().filter(|_| is_known);
        let footprint = model.footprint(&operation.input, output);
        let needs = match footprint.needs {
            Some(state) => self.states.intern(state).0,
            None => NONE,
        };
        let mut is_uncertain = false;
        let leaves = match footprint.leaves {
            Leaves::Same if !is_known => return true,
            Leaves::Same if needs == NONE => {
                self.opaque.push(index);
                return true;
            }
            Leaves::Same => NONE,
            Leaves::Always(state) => self.states.intern(state).0,
            // Where it changes nothing, it might as well not have happened.
            Leaves::Sometimes(state) if !is_known => {
                is_uncertain = needs == NONE;
                self.states.intern(state).0
            }
            Leaves::Sometimes(_) | Leaves::Anything => return false,
        };
        if is_uncertain {
            self.uncertain.push(leaves);
        } else if is_known || leaves != needs {
            self.ops.push(Op {
                call: operation.call,
                ret: entry.ret.unwrap_or(u64::MAX),
                needs,
                leaves: if leaves == needs { NONE } else { leaves },
                index,
                is_known,
            });
        }
        true
    }

    /// Bytes that so many operations take at least.
    pub(crate) fn memory_bytes_min(operations: usize) -> usize {
        operations * size_of::<Op>()
    }

    /// Bytes in use, not counting what the states own elsewhere.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.ops.capacity() * size_of::<Op>()
            + (self.opaque.len() + self.uncertain.len()) * 4
            + self.states.memory_bytes()
    }
}
