//! A frame: one configuration on the stack, and how far its moves have been tried.

/// A configuration on the stack.
pub(super) struct Frame {
    /// The state, after every read that fits.
    pub(super) state: u32,
    /// The length of the order before this frame.
    pub(super) trail_start: usize,
    /// A candidate that changes the state needs the present one.
    pub(super) is_awaited: bool,
    /// The read called first of those that are left ([`super::growth`]).
    pub(super) next_read: u32,
    /// If this frame fails, so does its parent.
    pub(super) settles_parent: bool,
    /// Unknown operations to put first; the implicit alternative 0 has none.
    pub(super) alternatives: Vec<Alternative>,
    pub(super) alternative: usize,
    /// The least rank not tried yet.
    pub(super) cursor: u32,
    pub(super) stage: Stage,
}

/// Unknown operations put before a known one: an earlier alternative and one operation more.
#[derive(Clone, Copy)]
pub(super) struct Alternative {
    pub(super) state: u32,
    pub(super) local: u32,
    pub(super) parent: usize,
}

/// Which moves are tried next; see [`super::moves`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Settling,
    Hinted,
    Known,
    Unknown,
    GivenUp,
}

/// A move: the unknown operations of an alternative, then one operation.
#[derive(Clone, Copy)]
pub(super) struct Move {
    pub(super) alternative: usize,
    pub(super) local: u32,
    /// The state it leads to.
    pub(super) state: u32,
}

impl Move {
    /// One operation, without an alternative before it.
    pub(super) fn alone(local: u32, state: u32) -> Move {
        Move {
            alternative: 0,
            local,
            state,
        }
    }
}

impl Frame {
    /// A frame of which nothing has been tried.
    pub(super) fn new(state: u32, trail_start: usize, is_awaited: bool, next_read: u32) -> Frame {
        Frame {
            state,
            trail_start,
            is_awaited,
            next_read,
            settles_parent: false,
            alternatives: Vec::new(),
            alternative: 0,
            cursor: 0,
            stage: Stage::Settling,
        }
    }

    /// Tries nothing further.
    pub(super) fn give_up(&mut self) {
        self.stage = Stage::GivenUp;
    }

    /// The state before the known operation of an alternative.
    pub(super) fn state_of(&self, alternative: usize) -> u32 {
        alternative
            .checked_sub(1)
            .map_or(self.state, |index| self.alternatives[index].state)
    }

    /// The unknown operations of an alternative, the last one first.
    pub(super) fn chain(&self, alternative: usize) -> impl Iterator<Item = &Alternative> {
        std::iter::successors(alternative.checked_sub(1), |index| {
            self.alternatives[*index].parent.checked_sub(1)
        })
        .map(|index| &self.alternatives[index])
    }
}
