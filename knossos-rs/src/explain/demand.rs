//! What operations need and leave, and what could bear upon them.

use super::puzzle::PIECES_MAX;
use super::question::Question;
use crate::entry::Entry;
use crate::model::{Footprint, Leaves, Model};

/// What has to be as it was for an operation to mean what it meant.
pub(super) enum Demand<S> {
    /// It is possible everywhere and does the same everywhere.
    Nothing,
    /// It is possible in this state only.
    State(S),
    /// It is not known.
    Everything,
}

impl<M: Model> Question<'_, M> {
    /// Everything that could bear upon these operations: whatever produces a state that one of
    /// them needs, and so on. `None` if that is too much for a puzzle.
    ///
    /// If all operations have an order, so have these with those: what is left out between a
    /// producer and who needs the state would be a producer, too.
    pub(super) fn universe(&self, all: &[Entry], core: &[Entry]) -> Option<Vec<Entry>> {
        let mut universe = core.to_vec();
        let mut needs_everything = false;
        let mut needed: Vec<M::State> = Vec::new();
        let mut next = 0;
        while next < universe.len() {
            match self.demand(universe[next]) {
                Demand::Nothing => {}
                Demand::Everything => needs_everything = true,
                Demand::State(state) if needed.contains(&state) => {}
                Demand::State(state) => needed.push(state),
            }
            next += 1;
            if next < universe.len() {
                continue;
            }
            for entry in all {
                let is_in = || universe.iter().any(|other| other.index == entry.index);
                let serves = match self.footprint(*entry).leaves {
                    Leaves::Same => false,
                    Leaves::Anything => needs_everything || !needed.is_empty(),
                    Leaves::Always(state) | Leaves::Sometimes(state) => {
                        needs_everything || needed.contains(&state)
                    }
                };
                if serves && !is_in() {
                    universe.push(*entry);
                    if universe.len() > PIECES_MAX {
                        return None;
                    }
                }
            }
        }
        Some(universe)
    }

    /// What an operation as of the moment needs and leaves.
    pub(super) fn footprint(&self, entry: Entry) -> Footprint<M::State> {
        let operation = &self.history[entry.index];
        let output = operation.output.as_ref().filter(|_| entry.ret.is_some());
        let mut footprint = self.model.footprint(&operation.input, output);
        if entry.ret.is_some() && matches!(footprint.leaves, Leaves::Sometimes(_)) {
            // It happened, and in other states it changed nothing.
            footprint.needs = None;
        }
        footprint
    }

    /// Whether the operation changes nothing.
    pub(super) fn is_read(&self, entry: Entry) -> bool {
        self.footprint(entry).leaves == Leaves::Same
    }

    /// What has to be as it was for the operation to mean what it meant.
    pub(super) fn demand(&self, entry: Entry) -> Demand<M::State> {
        match self.footprint(entry) {
            Footprint {
                needs: Some(state), ..
            } => Demand::State(state),
            Footprint {
                needs: None,
                leaves: Leaves::Always(_),
            } => Demand::Nothing,
            // Nobody knows whether it was there at all.
            Footprint {
                leaves: Leaves::Same,
                ..
            } if entry.ret.is_none() => Demand::Nothing,
            _ => Demand::Everything,
        }
    }
}
