//! What is said by those who judge a run.

use std::collections::BTreeMap;

use knossos::Report;
use serde::{Deserialize, Serialize};

use crate::check::{Evaluated, Violation};

/// What the search for a linearization of a run's history took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The steps taken.
    pub steps: u64,
    /// The steps that it was allowed.
    pub budget: u64,
    /// Whether it came to no end within them: more might decide it.
    pub ran_out: bool,
}

/// What was judged.
#[derive(Debug, Default)]
pub struct Judgement {
    pub(crate) violations: Vec<Violation>,
    /// How often each check was evaluated.
    pub(crate) checks: Vec<Evaluated>,
    /// Why something could not be judged.
    pub(crate) remarks: Vec<String>,
    /// Whether something demanded stayed undecided.
    pub(crate) unknown: bool,
    /// Whether somebody stopped it.
    pub(crate) stopped: bool,
    /// What the search for a linearization took.
    pub(crate) search: Searched,
    /// The operations that show why the history is not linearizable, by their place in it.
    pub(crate) excerpt: Vec<usize>,
    /// All that the checker says of each level that it was asked about, by the name of its check.
    pub(crate) levels: BTreeMap<&'static str, Report>,
}

impl Judgement {
    /// A check failed.
    pub fn violated(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// How often a check was evaluated, where it could have failed; 0 says that it had nothing to
    /// evaluate in this run.
    pub fn evaluated(&mut self, check: &'static str, times: u64) {
        self.checks.push(Evaluated::of(check, times));
    }

    /// A check had nothing to evaluate in this run.
    pub fn not_applicable(&mut self, check: &'static str) {
        self.evaluated(check, 0);
    }

    /// Something that a reader of the verdict has to know.
    pub fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.push(remark.into());
    }

    /// A check that was asked for could not be decided, and why: unless something is violated,
    /// the verdict is unknown.
    pub fn undecided(&mut self, why: impl Into<String>) {
        self.unknown = true;
        self.remark(why);
    }

    /// Switches checks off: what they found is no violation, and how much they evaluated is said
    /// of what is left out.
    pub(crate) fn leave_out(&mut self, without: &[String]) {
        let is_off = |check: &str| without.iter().any(|name| name == check);
        self.violations.retain(|violation| !is_off(violation.check));
        for check in &mut self.checks {
            if is_off(check.name) && check.evaluated.is_some() {
                *check = check.off();
            }
        }
    }
}
