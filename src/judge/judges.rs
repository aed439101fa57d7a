//! All judges of one run.

use simulated_clock::Instant;

use super::of_any_system;
use crate::check::{Seen, Violation, all_names};
use crate::observation::{Kind, Kinds};
use crate::replica::caught;
use crate::scenario::Scenario;
use crate::system::{EndOfRun, EntryOf, Judge, Judgement, Profile, RecordOf, System};

/// All judges of one run, and what they have said so far.
pub(crate) struct Judges<S: System> {
    all: Vec<Box<dyn Judge<S>>>,
    /// The kinds of observation that any of them is shown.
    sees: Kinds,
    /// The checks that are switched off: what they find does not end a run.
    without: Vec<String>,
    said: Judgement,
}

/// The names of the checks that a system brings.
pub(crate) fn names_of_own<S: System>() -> Vec<&'static str> {
    let judges = S::judges();
    let names = judges.iter().flat_map(|judge| judge.checks());
    names.copied().collect()
}

impl<S: System> Judges<S> {
    pub(crate) fn new(scenario: &Scenario, profile: &Profile) -> Self {
        let of_any = of_any_system(scenario, profile).into_iter();
        let all: Vec<_> = of_any.chain(S::judges()).collect();
        let sees = all.iter().map(|judge| judge.sees());
        Self {
            sees: sees.fold(Kinds::NONE, Kinds::and),
            all,
            without: scenario.check.without.clone(),
            said: Judgement::default(),
        }
    }

    /// Nobody judges.
    pub(crate) fn none() -> Self {
        Self {
            all: Vec::new(),
            sees: Kinds::NONE,
            without: Vec::new(),
            said: Judgement::default(),
        }
    }

    /// Whether any of them is shown observations of this kind.
    #[inline]
    pub(crate) const fn sees(&self, kind: Kind) -> bool {
        self.sees.contains(kind)
    }

    /// Shows them an observation of a kind that some of them see; gives what it violates.
    #[inline(never)]
    pub(crate) fn observe(&mut self, seen: &Seen<'_, EntryOf<S>>) -> Option<Violation> {
        let kind = seen.observation.kind();
        for judge in &mut self.all {
            if judge.sees().contains(kind) {
                judge.observe(seen, &mut self.said);
            }
        }
        self.found()
    }

    /// Shows them an operation that was completed; gives what it violates.
    pub(crate) fn completed(&mut self, operation: &RecordOf<S>) -> Option<Violation> {
        for judge in &mut self.all {
            judge.completed(operation, &mut self.said);
        }
        self.found()
    }

    /// The place in the history of the first operation that any of them still needs, of `all` so
    /// far.
    pub(crate) fn needs_from(&self, all: usize) -> usize {
        let needs = self.all.iter().map(|judge| judge.needs_from(all));
        needs.min().unwrap_or(all)
    }

    /// The first violation of a check that is not switched off.
    fn found(&mut self) -> Option<Violation> {
        if self.said.violations.is_empty() {
            return None;
        }
        self.said.leave_out(&self.without);
        let found = self.said.violations.drain(..).next();
        found.inspect(|violation| self.assert_listed(violation))
    }

    /// Judges the end of a run, in addition to what `judgement` says of it.
    pub(crate) fn judge(&mut self, run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
        judgement.remarks.append(&mut self.said.remarks);
        judgement.unknown |= self.said.unknown;
        for judge in &mut self.all {
            survive(run.ended, judgement, |judgement| {
                judge.judge(run, judgement);
            });
        }
        for violation in &judgement.violations {
            self.assert_listed(violation);
        }
    }

    /// What nobody lists cannot be expected, switched off, or read again from a repro.
    fn assert_listed(&self, violation: &Violation) {
        let own = self.all.iter().flat_map(|judge| judge.checks());
        let is_listed = own
            .copied()
            .chain(all_names())
            .any(|name| name == violation.check);
        let check = violation.check;
        assert!(
            is_listed,
            "a judge found {check:?} violated, which no `Judge::checks` lists"
        );
    }
}

/// Judges one thing; a panic of whoever is asked for it is a violation beside the others.
fn survive(ended: Instant, judgement: &mut Judgement, judge: impl FnOnce(&mut Judgement)) {
    if let Err(caught) = caught(|| judge(judgement)) {
        judgement.violated(Violation::panic_beside(ended, &caught));
    }
}
