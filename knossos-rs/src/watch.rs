//! Looking at clock and memory in the middle of linear work.
//!
//! Ten million operations take seconds, so whoever goes through them looks now and then whether
//! a limit is reached.

use std::sync::LazyLock;

use crate::limits::{Limits, Meter};
use crate::report::Reason;

/// How many turns pass between two looks: well below a millisecond.
const TURNS_PER_LOOK: u32 = 1 << 12;

/// Counts the turns of loops, and looks at the limits now and then.
pub(crate) struct Watch<'a> {
    meter: &'a Meter,
    turns: u32,
    /// Bytes in use by everybody.
    pub(crate) memory_bytes: usize,
}

impl<'a> Watch<'a> {
    /// A watch over a meter, when so many bytes are in use.
    pub(crate) fn new(meter: &'a Meter, memory_bytes: usize) -> Watch<'a> {
        Watch {
            meter,
            turns: 0,
            memory_bytes,
        }
    }

    /// A watch over nothing.
    pub(crate) fn unlimited() -> Watch<'static> {
        static NO_LIMITS: LazyLock<Meter> = LazyLock::new(|| Meter::start(&Limits::none()));
        Watch::new(&NO_LIMITS, 0)
    }

    /// Counts a turn.
    ///
    /// # Errors
    ///
    /// When a limit is reached, as far as is looked this time.
    #[inline]
    pub(crate) fn turn(&mut self) -> Result<(), Reason> {
        self.turns += 1;
        if self.turns < TURNS_PER_LOOK {
            return Ok(());
        }
        self.look()
    }

    /// Looks at the limits now.
    ///
    /// # Errors
    ///
    /// When one is reached.
    pub(crate) fn look(&mut self) -> Result<(), Reason> {
        self.turns = 0;
        match self.meter.ran_out(self.memory_bytes) {
            Some(reason) => Err(reason),
            None => Ok(()),
        }
    }

    /// Sorts as [`slice::sort_by_key`] does, with looks on the way; what is nearly sorted takes
    /// little more than linear time.
    ///
    /// # Errors
    ///
    /// When a limit is reached; the order is then any.
    pub(crate) fn sort_by_key<T, K: Ord>(
        &mut self,
        list: &mut [T],
        key: impl Fn(&T) -> K,
    ) -> Result<(), Reason> {
        for run in list.chunks_mut(TURNS_PER_LOOK as usize) {
            run.sort_unstable_by_key(&key);
            self.look()?;
        }
        // Sorted runs are found and merged.
        list.sort_by_key(key);
        self.look()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_noticed_within_a_few_thousand_turns() {
        let limits = Limits {
            memory_bytes: Some(8),
            ..Limits::none()
        };
        let meter = Meter::start(&limits);
        let mut watch = Watch::new(&meter, 8);
        assert!((0..TURNS_PER_LOOK * 3).all(|_| watch.turn().is_ok()));
        watch.memory_bytes = 9;
        let turns = (0..TURNS_PER_LOOK * 3).take_while(|_| watch.turn().is_ok());
        assert!(turns.count() < TURNS_PER_LOOK as usize);
    }

    #[test]
    fn a_list_longer_than_a_run_is_sorted() {
        let meter = Meter::start(&Limits::none());
        let mut list: Vec<u32> = (0..TURNS_PER_LOOK * 3 + 7)
            .map(|number| number.wrapping_mul(0x9e37_79b9))
            .collect();
        let mut watch = Watch::new(&meter, 0);
        watch.sort_by_key(&mut list, |number| *number).unwrap();
        assert!(list.is_sorted());
    }
}
