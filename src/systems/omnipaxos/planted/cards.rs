//! All planted bugs of services over OmniPaxos, and what is known of each.

use super::library_cards::LIBRARY;
use super::service_cards::{MACHINE, SERVICE, STATE_MACHINE};
use crate::system::PlantedBug;

/// The bugs of any service: of what is around the library, of the machine that it replicates,
/// and of the library itself.
pub(in crate::systems::omnipaxos) const OF_ANY_SERVICE: &[&[PlantedBug]] =
    &[SERVICE, MACHINE, LIBRARY];

/// The same, and those of a state machine that makes mistakes when it is asked to.
pub(in crate::systems::omnipaxos) const ALL: &[&[PlantedBug]] =
    &[SERVICE, MACHINE, LIBRARY, STATE_MACHINE];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{findings, run_names};
    use crate::systems::omnipaxos::Bug;

    fn all() -> impl Iterator<Item = &'static PlantedBug> {
        ALL.iter().copied().flatten()
    }

    #[test]
    fn every_bug_has_a_card_and_every_card_names_checks_and_findings_that_exist() {
        assert!(Bug::ALL.len() >= 30);
        for bug in Bug::ALL {
            let cards = all().filter(|card| card.name == bug.name()).count();
            assert_eq!(cards, 1, "{bug}");
        }
        for card in all() {
            assert!(Bug::named(card.name).is_some(), "{card}");
            assert!(!card.checks.is_empty(), "{card}");
            let is_known = |check: &str| run_names().any(|name| name == check);
            let unknown = card.checks.iter().find(|check| !is_known(check));
            assert_eq!(unknown, None, "{card}");
            assert!(
                card.mistaken_for
                    .is_none_or(|name| findings().iter().any(|one| one.name == name))
            );
        }
    }

    /// Some names that a violation can have are missing, because no run of a hunt makes these
    /// checks. `hang` ends the process in which a handler does not return, so that no hunt could
    /// go on to the next bug, and `omnisim` is a panic of omnisim itself; `tests/misbehaving` has
    /// code that does either. `state_invariant` is what the author of a state machine demands, and
    /// the store demands nothing: `tests/own_systems/own_invariants.rs` has one that does. `checkers_agree` compares checkers, in searches alone. Of the levels
    /// of consistency a hunt demands the strongest; `tests/program/consistency_levels.rs` has what breaks
    /// each. Two runs that differ break no check: `tests/nondeterminism.rs` has code that differs.
    #[test]
    fn every_check_is_named_by_a_bug() {
        let named: Vec<_> = all().map(|card| card.checks[0]).collect();
        let own = "state_invariant";
        let idle = run_names().filter(|name| !named.contains(name) && *name != own);
        let idle: Vec<_> = idle.collect();
        assert!(idle.is_empty(), "{idle:?}");
    }
}
