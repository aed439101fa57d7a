//! Whether what was seen is what a repro tells of.

use super::digest::digest_text;
use super::{Body, Build, Repro};
use crate::check::Violation;

/// What was seen when a repro was taken again.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The digest of all of it.
    pub digest: u64,
    /// What was violated.
    pub violations: &'a [Violation],
    /// That it was not the same when it was done once more, and how.
    pub flaw: Option<&'a str>,
}

/// How what was seen compares with what a repro tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reproduction {
    /// Whether the repro says anything that can be compared.
    pub is_comparable: bool,
    /// Whether it is the same: the violation, and every step unless another build took them.
    pub is_same: bool,
    /// What differs, in words.
    pub remarks: Vec<String>,
}

impl Repro {
    /// Compares what was seen with what it tells of.
    pub fn compare(&self, seen: Seen<'_>) -> Reproduction {
        if let Some(flaw) = seen.flaw {
            return Reproduction {
                is_comparable: true,
                is_same: false,
                remarks: vec![format!("not deterministic: {flaw}")],
            };
        }
        let steps = self.other_steps(seen.digest);
        let is_other_code = steps.is_some() && self.build == Build::current();
        let violation = self.other_violation(seen.violations);
        Reproduction {
            is_comparable: self.digest.is_some() || self.violation.is_some(),
            is_same: violation.is_none() && !is_other_code,
            remarks: steps.into_iter().chain(violation).collect(),
        }
    }

    /// That the steps are others, and what follows.
    fn other_steps(&self, digest: u64) -> Option<String> {
        if self.has_digest(digest) != Some(false) {
            return None;
        }
        let known = self.digest.as_deref().unwrap_or_default();
        let not = format!("the digest is {}, not {known}", digest_text(digest));
        Some(if self.build == Build::current() {
            format!(
                "{not}, although the build is the same: not deterministic, or edited (take the \
                 line with its digest away, then only the violation counts)"
            )
        } else {
            format!("{not}: it was made by another build ({})", self.build)
        })
    }

    /// That the violation is not the one that it tells of.
    fn other_violation(&self, violations: &[Violation]) -> Option<String> {
        match &self.violation {
            Some(wanted) if wanted.find_in(violations).is_none() => {
                Some(format!("the violation of {} does not come", wanted.check))
            }
            None if self.digest.is_some() && !violations.iter().all(Violation::is_own) => {
                Some(match self.body {
                    Body::Run(_) => {
                        "it is the repro of a run that passed, and this one does not".to_owned()
                    }
                    Body::Schedule(_) => {
                        "it is the repro of a schedule that broke nothing, and this one does"
                            .to_owned()
                    }
                })
            }
            _ => None,
        }
    }
}
