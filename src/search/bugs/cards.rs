//! What is told of a planted bug: what it is, where it really happened, which
//! check has to see it, and what a scenario needs for it to show.

use super::Need;
use super::library_cards::LIBRARY;
use super::service_cards::{MACHINE, SERVICE};
use crate::replica::omnipaxos::PlantedBug;

/// What is told of a planted bug.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// Which.
    pub bug: PlantedBug,
    /// What goes wrong, in a sentence.
    pub what: &'static str,
    /// Where published code really did it; none where we know of none.
    pub origin: Option<&'static str>,
    /// The checks that see it, the one that names it first.
    pub checks: &'static [&'static str],
    /// What a scenario needs for it to show.
    pub needs: &'static [Need],
    /// The known finding whose signature it shares: that one excuses nothing here.
    pub mistaken_for: Option<&'static str>,
}

/// What is told of a bug.
///
/// # Panics
/// Never: each bug has a card.
pub fn card(bug: PlantedBug) -> &'static Card {
    let mut cards = SERVICE.iter().chain(MACHINE).chain(LIBRARY);
    cards
        .find(|card| card.bug == bug)
        .expect("a test looks for the card of every bug")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{finding, run_names};

    #[test]
    fn every_bug_has_a_card_and_every_card_names_checks_and_findings_that_exist() {
        assert!(PlantedBug::ALL.len() >= 30);
        for bug in PlantedBug::ALL {
            let card = card(*bug);
            assert!(!card.checks.is_empty(), "{bug}");
            let is_known = |check: &str| run_names().any(|name| name == check);
            let unknown = card.checks.iter().find(|check| !is_known(check));
            assert_eq!(unknown, None, "{bug}");
            assert!(card.mistaken_for.is_none_or(|name| finding(name).is_some()));
        }
    }

    /// Some names that a violation can have are missing, because no run of a hunt makes these
    /// checks. `hang` ends the process in which a handler does not return, so that no hunt could
    /// go on to the next bug, and `omnisim` is a panic of omnisim itself; `tests/misbehaving` has
    /// code that does either. `checkers_agree` compares checkers, in searches alone. Of the levels
    /// of consistency a hunt demands the strongest; `tests/consistency_levels.rs` has what breaks
    /// each. Two runs that differ break no check: `tests/nondeterminism.rs` has code that differs.
    #[test]
    fn every_check_is_named_by_a_bug() {
        let named: Vec<_> = PlantedBug::ALL
            .iter()
            .map(|bug| card(*bug).checks[0])
            .collect();
        let idle: Vec<_> = run_names().filter(|name| !named.contains(name)).collect();
        assert!(idle.is_empty(), "{idle:?}");
    }
}
