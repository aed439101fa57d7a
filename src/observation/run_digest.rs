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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use simulated_clock::Duration;

    use super::*;

    fn digest(steps: &[Step]) -> u64 {
        let mut digest = RunDigest::default();
        steps.iter().for_each(|step| digest.fold(*step));
        digest.value()
    }

    fn step() -> impl Strategy<Value = Step> {
        (0u64..5, 0u8..4, 0u32..4, 0u64..4).prop_map(|(at, what, who, content)| Step {
            at: Instant::ZERO + Duration::from_nanos(at),
            what,
            who,
            content,
        })
    }

    proptest! {
        /// Whatever part of a step a digest did not fold, two runs that differ there
        /// alone would be taken for the same.
        #[test]
        fn every_part_of_every_step_counts(
            steps in prop::collection::vec(step(), 1..20),
            other in step(),
            place in any::<prop::sample::Index>(),
        ) {
            let (place, whole) = (place.index(steps.len()), digest(&steps));
            let old = steps[place];
            let changes = [
                Step { at: other.at, ..old },
                Step { what: other.what, ..old },
                Step { who: other.who, ..old },
                Step { content: other.content, ..old },
            ];
            for changed in changes {
                let mut steps = steps.clone();
                steps[place] = changed;
                prop_assert_eq!(digest(&steps) == whole, changed == old);
            }
            let mut fewer = steps.clone();
            fewer.remove(place);
            prop_assert_ne!(digest(&fewer), whole);
            let mut swapped = steps.clone();
            swapped.swap(0, place);
            prop_assert_eq!(digest(&swapped) == whole, swapped == steps);
        }
    }
}
