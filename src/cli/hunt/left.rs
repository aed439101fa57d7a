//! What earlier hunts in the same folder left under way when they ended.

use super::Hunt;
use crate::cli::notes::{Left, of_search, take_left};
use crate::search::Noted;

impl Hunt<'_> {
    /// Tells of seeds that were under way when an earlier hunt ended, and remembers them.
    pub(super) fn suspect_left(&mut self) {
        for left in take_left(&self.options.out) {
            let Left {
                noted, scenario, ..
            } = &left;
            let Noted::Run(seed) = noted else {
                say!("{}", of_search(&left));
                continue;
            };
            self.state.suspect(*seed, left.hangs);
            let why = if left.hangs {
                "hung in an earlier hunt, and is skipped"
            } else {
                "was under way when an earlier hunt ended: it was killed, or this run ended it"
            };
            let again = self.again(*seed);
            say!("{scenario}, seed {seed}: {why}; to try it alone: {again}");
        }
    }
}
