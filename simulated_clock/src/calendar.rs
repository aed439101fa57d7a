//! A page for each of the next few moments, and on each page the first event.
//!
//! Time is cut into *days* of 16.4 us. The calendar has a page for each of the
//! 1,024 days from today on (16.8 ms), used round and round, and a bit for each page
//! that is not empty: the next one is found by counting zeros. It knows of each page
//! only what comes first on it; what follows is the owner's to link.

use crate::Instant;

/// No event.
pub(crate) const NOTHING: u32 = u32::MAX;

const DAY_BITS: u32 = 14;
const PAGES: usize = 1024;
const WORDS: usize = PAGES / u64::BITS as usize;

/// What comes first on each of the pages.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    first: [u32; PAGES],
    /// One bit per page that is not empty.
    filled: [u64; WORDS],
}

/// A day, counted from the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(u64);

impl Day {
    #[inline]
    pub(crate) const fn of(at: Instant) -> Self {
        Self(at.as_nanos() >> DAY_BITS)
    }

    /// Whether it has a page in a calendar that begins `today`.
    #[inline]
    pub(crate) const fn is_near(self, today: Self) -> bool {
        debug_assert!(self.0 >= today.0);
        self.0 - today.0 < PAGES as u64
    }

    #[inline]
    const fn page(self) -> usize {
        self.0 as usize % PAGES
    }
}

impl Calendar {
    pub(crate) const fn new() -> Self {
        Self {
            first: [NOTHING; PAGES],
            filled: [0; WORDS],
        }
    }

    /// What comes first on a day, or [`NOTHING`].
    #[inline]
    pub(crate) const fn first(&self, day: Day) -> u32 {
        self.first[day.page()]
    }

    /// From now on this comes first on a day; [`NOTHING`] leaves its page empty.
    #[inline]
    pub(crate) const fn set_first(&mut self, day: Day, event: u32) {
        let page = day.page();
        self.first[page] = event;
        let (word, bit) = (&mut self.filled[page / 64], 1 << (page % 64));
        if event == NOTHING {
            *word &= !bit;
        } else {
            *word |= bit;
        }
    }

    /// What comes first of all, from `today` on, or [`NOTHING`].
    #[inline]
    pub(crate) fn next(&self, today: Day) -> u32 {
        let page = today.page();
        let (word, later) = (page / 64, u64::MAX << (page % 64));
        let here = self.filled[word] & later;
        if here != 0 {
            return self.first[word * 64 + here.trailing_zeros() as usize];
        }
        self.next_after(word, !later)
    }

    /// Behind a word of today's in which no day to come is filled; `earlier` are the
    /// days in it that come last, a whole round from now.
    fn next_after(&self, word: usize, earlier: u64) -> u32 {
        let others = (1..WORDS).map(|step| ((word + step) % WORDS, u64::MAX));
        for (word, mask) in others.chain([(word, earlier)]) {
            let here = self.filled[word] & mask;
            if here != 0 {
                return self.first[word * 64 + here.trailing_zeros() as usize];
            }
        }
        NOTHING
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_page_is_the_first_filled_one_from_today_on(
            today in 0..5_000_u64,
            ahead in prop::collection::btree_set(0..PAGES as u64, 0..6),
            emptied in any::<prop::sample::Index>(),
        ) {
            let mut calendar = Calendar::new();
            for day in &ahead {
                calendar.set_first(Day(today + day), *day as u32);
                prop_assert_eq!(calendar.first(Day(today + day)), *day as u32);
            }
            let next = |calendar: &Calendar| calendar.next(Day(today));
            let first = |days: &std::collections::BTreeSet<u64>| {
                days.first().map_or(NOTHING, |day| *day as u32)
            };
            prop_assert_eq!(next(&calendar), first(&ahead));
            if !ahead.is_empty() {
                let mut ahead = ahead;
                let day = *ahead.iter().nth(emptied.index(ahead.len())).expect("it is one of them");
                ahead.remove(&day);
                calendar.set_first(Day(today + day), NOTHING);
                prop_assert_eq!(next(&calendar), first(&ahead));
            }
        }
    }

    #[test]
    fn a_day_has_a_page_until_the_round_is_over() {
        let day = |nanos| Day::of(Instant::from_nanos(nanos));
        let today = day(40_000);
        assert_eq!(today, day(33_000), "a day has 16,384 ns");
        assert!(today.is_near(today));
        assert!(day(40_000 + 16_777_215 - 16_384).is_near(today));
        assert!(!day(40_000 + 16_777_216).is_near(today));
    }
}
