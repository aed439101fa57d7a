//! Catches of a hunt, made small once it is over.

use super::Hunt;
use crate::decision::Plan;
use crate::scenario::Scenario;
use crate::search::{
    Form, SearchError, Shrinking, Shrunk, Signature, Wanted, save_found, shrink_kept,
};

impl Hunt<'_> {
    /// Shrinks what was caught in this session.
    pub(super) fn shrink_catches(&mut self) -> Result<(), SearchError> {
        // What does not come again cannot be made small.
        if !self.report.not_deterministic.is_empty() {
            return Ok(());
        }
        let mut gone = 0;
        for (place, scenario, seed) in std::mem::take(&mut self.fresh) {
            gone += usize::from(self.shrink(place - gone, &scenario, seed)?);
            if (self.plan.around.is_ending)() {
                break;
            }
        }
        Ok(())
    }

    /// Shrinks one; whether it joins an earlier one.
    fn shrink(
        &mut self,
        place: usize,
        scenario: &Scenario,
        seed: u64,
    ) -> Result<bool, SearchError> {
        let Some(budget) = self.plan.shrink_for else {
            return Ok(false);
        };
        let signature = self.report.catches[place].kind.signature.clone();
        let shrinking = Shrinking {
            runner: self.runner(scenario)?,
            scenario,
            seed,
            plan: &Plan::default(),
            wanted: Wanted::Signature(&signature),
            threads: self.plan.threads,
            stop: &(self.plan.around.within)(budget),
        };
        let name = format!("{}-{seed}.small.repro.toml", scenario.name);
        let small = self.plan.out.join(name);
        self.listener.begins(None);
        let clock = self.plan.around.clock;
        let listener = &mut *self.listener;
        let shrunk = shrink_kept(&shrinking, Some(&small), clock, &mut |told| {
            listener.step(told)
        });
        self.listener.ends();
        // What it was is kept already; that it did not get smaller loses nothing.
        let Ok(shrunk) = shrunk else {
            return Ok(false);
        };
        save_found(&small, &shrunk.after)?;
        self.report.catches[place].repro = small.display().to_string();
        let joins = self.note_small(place, &shrunk, &signature);
        self.write()?;
        Ok(joins)
    }

    /// Notes what is left of a catch; whether it joins an earlier one.
    fn note_small(&mut self, place: usize, shrunk: &Shrunk, signature: &Signature) -> bool {
        let after = &shrunk.after.outcome;
        let catch = &mut self.report.catches[place];
        catch.small_in_contract = Some(after.in_contract);
        let mut violations = after.violations.iter();
        if let Some(same) = violations.find(|one| Signature::of(one) == *signature) {
            catch.message = same.message.clone();
        }
        // What could be smaller yet is not known to be the same as anything.
        let form = Form::of(&shrunk.after, signature).filter(|_| shrunk.complete);
        form.is_some_and(|form| self.report.shrunk(place, form).is_some())
    }
}
