//! Every schedule from where promising runs had got to.

use std::sync::atomic::Ordering;

use super::Hunt;
use crate::check::HANG;
use crate::explore::Explored;
use crate::report::number;
use crate::repro::{Source, save_schedule};
use crate::scenario::Scenario;
use crate::search::{Deepening, Promising, Runner, SearchError, find, run_all};
use crate::world::Outcome;

/// How many runs are kept to be gone on from: those with the most that was new.
const PROMISING_MAX: usize = 256;

impl Hunt<'_> {
    /// The system of a scenario of this hunt.
    pub(super) fn runner(&self, scenario: &Scenario) -> Result<&'static dyn Runner, SearchError> {
        let source = Source::named(&scenario.name, scenario.clone());
        find(self.plan.systems, &source)
    }

    /// Keeps a run that passed if it covered something new; and one at least.
    pub(super) fn consider(
        &mut self,
        scenario: &Scenario,
        outcome: &Outcome,
        news: usize,
    ) -> Result<(), SearchError> {
        let is_promising = news > 0 || self.promising.is_empty();
        if !outcome.violations.is_empty() || !is_promising {
            return Ok(());
        }
        let runner = self.runner(scenario)?;
        let found = Promising::of(scenario, runner, outcome, news);
        self.promising.extend(found);
        // Stable: of those with as much that was new, the first come first.
        self.promising
            .sort_by_key(|one| std::cmp::Reverse(one.news));
        self.promising.truncate(PROMISING_MAX);
        Ok(())
    }

    /// Goes on from them, until the time for it is over.
    pub(super) fn deepen(&mut self) -> Result<(), SearchError> {
        let Some(budget) = self.plan.deepen else {
            return Ok(());
        };
        let stop = (self.plan.around.within)(budget);
        let promising = std::mem::take(&mut self.promising);
        let jobs: Vec<_> = promising
            .iter()
            .map(|promising| Deepening {
                promising,
                stop: &stop,
            })
            .collect();
        self.listener.begins(Some(jobs.len() as u64));
        let mut error = None;
        run_all(&jobs, self.plan.threads, &stop, |place, explored| {
            let violation = explored
                .as_ref()
                .ok()
                .and_then(|one| one.violation.as_ref());
            if violation.is_some_and(|violation| violation.check == HANG) {
                // Its thread works on for ever, and other searches would hang as well.
                stop.store(true, Ordering::Relaxed);
            }
            let kept = match explored {
                Ok(explored) => self.take_deepened(&promising[place], &explored),
                Err(wrong) => {
                    // Nobody chose the tuning that was drawn: the others are searched none the less.
                    self.report.deepened.pass_over(&promising[place], &wrong);
                    self.write()
                }
            };
            if let Err(wrong) = kept {
                error.get_or_insert(wrong);
            }
            let states = number(self.report.deepened.states);
            self.listener
                .step(format!("{states} states beyond the runs"));
        });
        self.listener.ends();
        error.map_or(Ok(()), Err)
    }

    fn take_deepened(&mut self, from: &Promising, explored: &Explored) -> Result<(), SearchError> {
        if let Some(place) = self.report.add_deepened(from, explored) {
            let path = save_schedule(self.plan.out, &from.scenario, explored)?;
            if let Some(path) = path {
                self.report.catches[place].repro = path.display().to_string();
            }
        }
        self.write()
    }
}
