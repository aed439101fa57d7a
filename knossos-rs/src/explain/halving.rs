//! The first of many moments that is impossible, in few probes.
//!
//! Impossible once is impossible ever after. Probes begin at a guess and stride away from it, each
//! stride twice as long, until the moment lies between two of them; then they halve what is left.
//! So a good guess costs two probes, and a bad one twice the logarithm of how bad it is.

/// Places of moments, of which the last is impossible, and what is known of them.
pub(super) struct Halving {
    /// All before this one are possible.
    first: usize,
    /// This one, and all after it, are impossible.
    last: usize,
    guess: usize,
    is_some_possible: bool,
    /// Somebody said so; of the very last moment nobody has to.
    is_last_probed: bool,
    stride: usize,
}

impl Halving {
    /// Of so many moments, the last is impossible. Without a guess, an early one is looked for:
    /// early moments are cheap to probe.
    ///
    /// # Panics
    ///
    /// When there are none.
    pub(super) fn new(moments: usize, guess: Option<usize>) -> Halving {
        assert!(moments > 0, "something that never returns is possible");
        Halving {
            first: 0,
            last: moments - 1,
            guess: guess.unwrap_or(0),
            is_some_possible: false,
            is_last_probed: false,
            stride: 1,
        }
    }

    /// The same, where all before this place are known to be possible; probes begin as before.
    pub(super) fn not_before(self, place: usize) -> Halving {
        let first = self.first.max(place).min(self.last);
        Halving { first, ..self }
    }

    /// The moment to probe next; `None` once the first impossible one is known.
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.first == self.last {
            return None;
        }
        let (first, last) = (self.first, self.last);
        let stride = self.stride;
        let next = match (self.is_some_possible, self.is_last_probed) {
            (false, false) => self.guess,
            (true, true) => first + (last - first) / 2,
            (true, false) => first.saturating_add(stride - 1),
            (false, true) => last.saturating_sub(stride),
        };
        if self.is_some_possible != self.is_last_probed {
            self.stride = stride.saturating_mul(2);
        }
        // The last one is known to be impossible.
        Some(next.clamp(first, last - 1))
    }

    /// An order exists by this moment.
    pub(super) fn possible_at(&mut self, place: usize) {
        debug_assert!(place < self.last, "possible after an impossible moment");
        self.first = self.first.max(place + 1);
        self.is_some_possible = true;
    }

    /// No order exists by this moment.
    pub(super) fn impossible_at(&mut self, place: usize) {
        debug_assert!(place >= self.first, "impossible before a possible moment");
        self.last = self.last.min(place);
        self.is_last_probed = true;
    }

    /// The earliest moment that is known to be impossible: the first one there is, once
    /// [`Halving::next`] has nothing left to probe. `None` if only the last is known to be, and
    /// others may be.
    pub(super) fn impossible(&self) -> Option<usize> {
        (self.is_last_probed || self.first == self.last).then_some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The place found, and how many probes that took.
    fn find(impossible: usize, moments: usize, guess: Option<usize>) -> (usize, usize) {
        let mut halving = Halving::new(moments, guess);
        let mut probes = 0;
        while let Some(place) = halving.next() {
            probes += 1;
            if place < impossible {
                halving.possible_at(place);
            } else {
                halving.impossible_at(place);
            }
        }
        (halving.impossible().expect("nothing is left"), probes)
    }

    proptest! {
        #[test]
        fn the_first_impossible_moment_is_found_in_few_probes(
            moments in 1usize..100_000,
            impossible: prop::sample::Index,
            guess: Option<prop::sample::Index>,
        ) {
            let impossible = impossible.index(moments);
            let guess = guess.map(|guess| guess.index(moments));
            let (found, probes) = find(impossible, moments, guess);
            prop_assert_eq!(found, impossible);
            let off = impossible.abs_diff(guess.unwrap_or(0)) as u64;
            prop_assert!(probes <= 3 + 2 * (u64::BITS - off.leading_zeros()) as usize, "{probes}");
        }
    }

    #[test]
    fn a_right_guess_takes_two_probes() {
        assert_eq!(find(700, 1_000, Some(700)), (700, 2));
        assert_eq!(find(0, 1_000, Some(0)), (0, 1));
        assert_eq!(find(999, 1_000, Some(999)), (999, 1));
        assert_eq!(find(0, 1, None), (0, 0));
    }
}
