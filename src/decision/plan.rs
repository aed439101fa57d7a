//! Which sites keep their seeded answer, which are set by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Where a question is asked: the name of its stream (kind and scope) and the
/// number of the question there. Written `kind/scope/n`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    stream: Arc<str>,
    n: u64,
}

impl Site {
    pub(super) fn new(stream: Arc<str>, n: u64) -> Self {
        Self { stream, n }
    }

    /// Reads `kind/scope/n`.
    ///
    /// # Errors
    /// When the text does not have that form.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let malformed = || PlanError::MalformedSite(text.to_owned());
        let (stream, n) = text.rsplit_once('/').ok_or_else(malformed)?;
        if !stream.contains('/') {
            return Err(malformed());
        }
        Ok(Self {
            stream: stream.into(),
            n: n.parse().map_err(|_| malformed())?,
        })
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.stream, self.n)
    }
}

/// Which sites keep their seeded answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// All of them.
    #[default]
    All,
    /// These; all others are boring.
    Only(BTreeSet<Site>),
}

/// How the sites of a run are answered.
///
/// ```
/// use omnisim::decision::{Decisions, Kept, Plan, Site};
/// let site = Site::parse("loss/r1>r2/0").unwrap();
/// let plan = Plan { kept: Kept::Only([site.clone()].into()), ..Plan::default() };
/// let mut decisions = Decisions::planned(42, plan);
/// let mut stream = decisions.stream("loss", "r1>r2");
/// let kept = decisions.below(&mut stream, 1_000);
/// assert_eq!(decisions.below(&mut stream, 1_000), 0, "the second site is boring");
/// # let mut seeded = Decisions::seeded(42);
/// # let mut stream = seeded.stream("loss", "r1>r2");
/// # assert_eq!(kept, seeded.below(&mut stream, 1_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The sites that keep their seeded answer.
    pub kept: Kept,
    /// Answers set by hand; they win over everything else.
    pub set: BTreeMap<Site, u64>,
}

impl Plan {
    /// The sites that it names.
    pub(super) fn sites(&self) -> impl Iterator<Item = &Site> {
        let kept = match &self.kept {
            Kept::All => None,
            Kept::Only(sites) => Some(sites),
        };
        kept.into_iter().flatten().chain(self.set.keys())
    }

    pub(super) fn is_trivial(&self) -> bool {
        self.kept == Kept::All && self.set.is_empty()
    }

    pub(super) fn answer(&self, site: &Site, boring: u64, seeded: impl FnOnce() -> u64) -> u64 {
        if let Some(answer) = self.set.get(site) {
            return *answer;
        }
        match &self.kept {
            Kept::All => seeded(),
            Kept::Only(sites) if sites.contains(site) => seeded(),
            Kept::Only(_) => boring,
        }
    }
}

/// Why a plan could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Not of the form `kind/scope/n`.
    #[error("{0:?} is no site: write kind/scope/number, as \"loss/r1>r2.s1.Prepare/0\"")]
    MalformedSite(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_reads_back_what_it_prints() {
        for text in ["loss/r1>r2.s1.Prepare/0", "op/c3/17"] {
            assert_eq!(Site::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_malformed_site_is_refused_with_the_right_form() {
        for text in ["", "loss", "loss/3", "loss/r1/x"] {
            let error = Site::parse(text).unwrap_err().to_string();
            assert!(error.contains("kind/scope/number"), "{error}");
        }
    }
}
