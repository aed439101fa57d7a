//! `omnisim hunt --deepen`: every schedule from where promising runs had got to.

use std::sync::atomic::Ordering;

use super::Hunt;
use crate::check::HANG;
use crate::cli::interrupt::Interrupt;
use crate::cli::{Exit, progress};
use crate::explore::Explored;
use crate::report::{number, save_schedule};
use crate::scenario::Scenario;
use crate::search::{Deepening, Promising, run_all};
use crate::world::Outcome;

/// How many runs are kept to be gone on from: those with the most that was new.
const PROMISING_MAX: usize = 256;

impl Hunt<'_> {
    /// Keeps a run that passed if it covered something new; and one at least.
    pub(super) fn consider(
        &mut self,
        scenario: &Scenario,
        outcome: &Outcome,
        news: usize,
    ) -> Result<(), Exit> {
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
    pub(super) fn deepen(&mut self, interrupt: &Interrupt) -> Result<(), Exit> {
        let Some(budget) = self.options.deepen else {
            return Ok(());
        };
        let stop = interrupt.within(budget);
        let promising = std::mem::take(&mut self.promising);
        let jobs: Vec<_> = promising
            .iter()
            .map(|promising| Deepening {
                promising,
                stop: &stop,
            })
            .collect();
        let bar = progress::bar(jobs.len(), self.options.manner.quiet);
        let threads = self.options.manner.threads();
        run_all(&jobs, threads, &stop, |place, explored| {
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
                    let name = &promising[place].scenario.name;
                    Err(Exit::usage(format!("{name}: {wrong}")))
                }
            };
            if let Err(error) = kept {
                self.error.get_or_insert(error);
            }
            bar.inc(1);
            let states = number(self.state.deepened.states);
            bar.set_message(format!("{states} states beyond the runs"));
        });
        bar.finish_and_clear();
        self.error.take().map_or(Ok(()), Err)
    }

    fn take_deepened(&mut self, from: &Promising, explored: &Explored) -> Result<(), Exit> {
        if let Some(place) = self.state.add_deepened(from, explored) {
            let path = save_schedule(&self.options.out, &from.scenario, explored)?;
            if let Some(path) = path {
                self.state.catches[place].repro = path.display().to_string();
            }
        }
        self.write()
    }
}
