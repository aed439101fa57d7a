//! Moves that are never regretted.
//!
//! Let every operation be blind or possible in one state only ([`Part::is_exact`]), so that a
//! state matters to nothing but the operations that need it. Take a configuration in which no
//! candidate needs the present state: whatever is taken next, is blind. Now let a *block* be
//! possible, a blind write of `v` and reads of `v`, after which nobody needs `v` any more (nor
//! would an operation of unknown outcome). Then
//! any order that completes the configuration can have the block moved to its front: what
//! followed the block before does not need `v`, and what follows it now is blind. So if the
//! order cannot be completed after the block, it cannot be completed at all, and no other move
//! has to be tried.
//!
//! With distinct values this decides a register in polynomial time; the blocks are then the
//! clusters of Gibbons and Korach ("Testing shared memories", 1997). Values that repeat leave a
//! choice only while somebody still needs the value.

use super::configuration::Search;
use super::frame::Move;
use crate::model::Model;

#[cfg(doc)]
use super::part::Part;

impl<M: Model> Search<'_, M> {
    /// Whether the move just made from the parent frame, along [`Search::path`], is never
    /// regretted.
    pub(super) fn settles(&self, parent: usize, next: Move) -> bool {
        if !self.part.is_exact
            || self.frames[parent].is_awaited
            || self.ledger.interest(next.state) > 0
        {
            return false;
        }
        let mut path = self.path.iter().map(|(local, _)| self.part.local(*local));
        path.next().is_some_and(|first| first.is_blind) && path.all(|later| later.is_read)
    }

    /// A move from the last frame that promises to settle it: a blind write of a value that
    /// is needed by present candidates only. Prefers known operations.
    pub(super) fn settling_move(&self) -> Option<Move> {
        let frame = self.frames.last()?;
        if !self.part.is_exact || frame.is_awaited {
            return None;
        }
        let mut needed = Vec::new();
        let mut first_return = u64::MAX;
        let mut walk = self.timeline.walk();
        while let Some(local) = walk.step(&self.timeline) {
            let operation = self.part.local(local);
            first_return = first_return.min(operation.ret);
            if operation.is_read {
                needed.extend(operation.needs);
            }
        }
        needed.sort_unstable();
        let readers = |state: u32| {
            needed.partition_point(|other| *other <= state)
                - needed.partition_point(|other| *other < state)
        };
        let promises = |local: u32| {
            let operation = self.part.local(local);
            let state = operation.produces.filter(|_| operation.is_blind)?;
            (self.ledger.interest(state) == readers(state)).then(|| Move::alone(local, state))
        };
        let mut walk = self.timeline.walk();
        let known = std::iter::from_fn(|| walk.step(&self.timeline)).find_map(promises);
        // An unknown write that nobody reads is no use.
        known.or_else(|| {
            (self.part.known as u32..self.part.locals.len() as u32)
                .take_while(|local| self.part.local(*local).call <= first_return)
                .filter(|local| !self.is_used(*local))
                .filter_map(promises)
                .find(|next| next.state != frame.state && readers(next.state) > 0)
        })
    }
}
