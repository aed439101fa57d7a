//! What a search found, and how far it came.

use super::configuration::Search;
use super::outcome::Outcome;
use super::sweep::Sweep;
use crate::limits::Meter;
use crate::model::Model;
use crate::watch::Watch;

impl<M: Model> Search<'_, M> {
    /// The order found, as indices into the history; `None` if there is none, or none was found
    /// although it is known that there is one.
    pub(crate) fn order(&self) -> Option<Vec<usize>> {
        (self.timeline.left() == 0).then(|| self.indices(&self.trail))
    }

    /// Searches for the order, after [`Outcome::Consistent`] without one.
    pub(crate) fn run_for_order(&mut self, meter: &mut Meter) -> Option<Vec<usize>> {
        self.turns.end();
        self.run(meter, u64::MAX, 0);
        self.order()
    }

    /// The operation at whose return it became certain that there is no order, if that is known.
    pub(crate) fn culprit(&self) -> Option<usize> {
        let (_, stuck) = self.turns.found()?;
        Some(self.part.locals[stuck?].index)
    }

    /// As [`Search::culprit`], from a sweep over the whole part.
    pub(crate) fn swept_culprit(&self, meter: &mut Meter) -> Option<usize> {
        let deeds = self.deeds()?;
        let mut sweep = Sweep::new(&deeds, [0], &mut Watch::new(meter, 0)).ok()?;
        match sweep.run(meter, u64::MAX, 0) {
            Outcome::Violation => Some(self.part.locals[sweep.stuck()?].index),
            _ => None,
        }
    }

    /// The longest order at which nothing fitted, and what might have come next there.
    pub(crate) fn deepest(&self) -> (Vec<usize>, Vec<usize>) {
        (
            self.indices(&self.deepest.trail),
            self.indices(&self.deepest.candidates),
        )
    }

    /// The most known operations ever in order.
    pub(crate) fn known_ordered(&self) -> usize {
        self.deepest
            .known
            .max(self.part.known - self.timeline.left())
            .max(self.turns.returned())
    }

    /// Known operations in all.
    pub(crate) fn known(&self) -> usize {
        self.part.known
    }

    fn indices(&self, locals: &[u32]) -> Vec<usize> {
        locals
            .iter()
            .map(|local| self.part.local(*local).index)
            .collect()
    }
}
