//! Steps of searches, shared over a hunt.
//!
//! The search for a linearization may cost about as much as the run that it judges. Most cost far
//! less, and what they leave is spare. A run that is undecided is judged again with a multiple of
//! its budget, and again, as long as the spare steps pay for it: so a hunt comes to dear verdicts,
//! and its searches never take longer than its runs.
//!
//! Runs are taken in order, so what is spare depends on no thread. It can only make a verdict of
//! what would be unknown; and the scenario that is kept with the verdict says how many steps it
//! took, so that a replay comes to the same.

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::search::{Runner, Systems};
use crate::system::Searched;
use crate::world::{Outcome, RunOptions, Verdict};

/// How much more a search may cost each time it is made again.
const GROWTH: u64 = 8;

/// What a search may cost at most, in steps.
const STEPS_MOST: u64 = 20_000_000;

/// What is spare at most, in steps: easy runs do not pay for hours of hard ones.
const SPARE_MOST: u64 = 10 * STEPS_MOST;

/// Steps that searches might have taken, and did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spare {
    steps: u64,
}

impl Spare {
    /// Judges a run again, if it is undecided and the spare steps pay for it; then the scenario
    /// says how many it took.
    pub fn decide(&mut self, systems: Systems<'_>, scenario: &mut Scenario, outcome: &mut Outcome) {
        // Who says how many steps a search may take means it.
        if scenario.check.search_steps.is_some() {
            return;
        }
        self.earn(outcome.search);
        let name = &scenario.cluster.system;
        if let Some(runner) = systems.iter().find(|system| system.name() == name) {
            self.decide_with(*runner, scenario, outcome);
        }
    }

    /// Keeps what a search left of its budget.
    fn earn(&mut self, searched: Searched) {
        let left = searched.budget.saturating_sub(searched.steps);
        self.steps = (self.steps + left).min(SPARE_MOST);
    }

    fn decide_with(&mut self, runner: &dyn Runner, scenario: &mut Scenario, outcome: &mut Outcome) {
        while outcome.verdict == Verdict::Unknown
            && let Some(more) = self.grant(outcome.search)
        {
            let mut dearer = scenario.clone();
            dearer.check.search_steps = Some(more);
            let Ok(again) = runner.run(&dearer, outcome.seed, RunOptions::default()) else {
                return;
            };
            self.earn(again.search);
            (*scenario, *outcome) = (dearer, again);
        }
    }

    /// The steps that a search gets that ran out of its own, if there are so many.
    fn grant(&mut self, searched: Searched) -> Option<u64> {
        let more = searched.budget.saturating_mul(GROWTH).min(STEPS_MOST);
        let is_worth_it = searched.ran_out && more > searched.budget;
        let granted = (is_worth_it && more <= self.steps).then_some(more)?;
        self.steps -= granted;
        Some(granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(steps: u64, budget: u64) -> Searched {
        Searched {
            steps,
            budget,
            ran_out: steps >= budget,
        }
    }

    #[test]
    fn an_undecided_search_gets_more_only_where_others_left_enough() {
        let mut spare = Spare::default();
        assert_eq!(
            spare.grant(searched(1_000, 1_000)),
            None,
            "nothing is spare"
        );
        for _ in 0..9 {
            spare.earn(searched(100, 1_000));
        }
        assert_eq!(spare.grant(searched(1_000, 1_000)), Some(8_000));
        assert_eq!(spare.grant(searched(1_000, 1_000)), None, "it was spent");
        assert_eq!(spare.steps, 100);
    }

    #[test]
    fn a_search_that_was_decided_or_is_the_dearest_gets_no_more() {
        let mut spare = Spare { steps: SPARE_MOST };
        assert_eq!(spare.grant(searched(100, 1_000)), None);
        assert_eq!(
            spare.grant(searched(STEPS_MOST / 2, STEPS_MOST / 2)),
            Some(STEPS_MOST)
        );
        assert_eq!(spare.grant(searched(STEPS_MOST, STEPS_MOST)), None);
    }

    #[test]
    fn what_all_searches_take_is_never_more_than_their_own_budgets() {
        let mut spare = Spare::default();
        let (mut taken, mut earned) = (0, 0);
        for run in 0..10_000_u64 {
            let is_hard = run % 7 == 0;
            let first = searched(if is_hard { 1_000 } else { run % 300 }, 1_000);
            earned += first.budget;
            taken += first.steps;
            spare.earn(first);
            let mut latest = first;
            while let Some(more) = spare.grant(latest) {
                latest = searched(more, more);
                taken += more;
                spare.earn(latest);
            }
        }
        assert!(taken <= earned, "{taken} of {earned}");
        assert!(
            taken > earned / 2,
            "{taken} of {earned}: what is spare is used"
        );
    }
}
