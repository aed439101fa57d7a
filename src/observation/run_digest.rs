//! The digest of a run: every step (time, what, who, content) folded in order.

use simulated_clock::Instant;

use crate::decision::hash::mix;

/// One step of a run, small enough to keep many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// What, as a small number that its owner gives meaning to.
    pub what: u8,
    /// Who: the endpoint or link that it concerns.
    pub who: u32,
    /// The digest of the content.
    pub content: u64,
}

/// Folds the steps of a run; two runs with the same value took the same steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunDigest {
    value: u64,
    steps: u64,
}

impl RunDigest {
    /// Folds one step.
    #[inline]
    pub fn fold(&mut self, step: Step) {
        let place = (u64::from(step.who) << 8) | u64::from(step.what);
        self.value = mix(
            mix(self.value, step.at.as_nanos()),
            mix(place, step.content),
        );
        self.steps += 1;
    }

    /// The digest so far.
    pub fn value(&self) -> u64 {
        self.value
    }

    /// How many steps were folded.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}
