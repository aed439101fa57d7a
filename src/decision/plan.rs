//! Which sites keep their seeded answer, which are set by hand.

use std::cell::Cell;
use std::collections::BTreeMap;
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

    /// What is asked: the part before the scope.
    pub fn kind(&self) -> &str {
        self.stream
            .split_once('/')
            .map_or(&*self.stream, |(kind, _)| kind)
    }

    /// Kind and scope: the site without its number.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// Which question of its stream it is, from 0 on.
    pub fn number(&self) -> u64 {
        self.n
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
    Only(Sites),
}

/// A set of sites, by stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites(BTreeMap<Arc<str>, Arc<[u64]>>);

impl Sites {
    /// The sites in it, stream by stream.
    pub fn iter(&self) -> impl Iterator<Item = Site> {
        self.0
            .iter()
            .flat_map(|(stream, numbers)| numbers.iter().map(|n| Site::new(Arc::clone(stream), *n)))
    }

    /// Whether a site is in it.
    pub fn contains(&self, site: &Site) -> bool {
        let numbers = self.0.get(&site.stream);
        numbers.is_some_and(|numbers| numbers.binary_search(&site.n).is_ok())
    }
}

impl FromIterator<Site> for Sites {
    /// Quick for sites that are sorted already, as shrinking gives them.
    fn from_iter<T: IntoIterator<Item = Site>>(sites: T) -> Self {
        let mut sites: Vec<Site> = sites.into_iter().collect();
        sites.sort();
        sites.dedup();
        let streams = sites.chunk_by(|one, next| one.stream == next.stream);
        let numbers = |stream: &[Site]| stream.iter().map(|site| site.n).collect();
        Self(
            streams
                .map(|stream| (Arc::clone(&stream[0].stream), numbers(stream)))
                .collect(),
        )
    }
}

/// How the sites of a run are answered.
///
/// ```
/// use omnisim::decision::{Decisions, Kept, Plan, Site};
/// let site = Site::parse("loss/r1>r2/0").unwrap();
/// let plan = Plan { kept: Kept::Only([site.clone()].into_iter().collect()), ..Plan::default() };
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
    pub(super) fn sites(&self) -> impl Iterator<Item = Site> {
        let kept = match &self.kept {
            Kept::All => None,
            Kept::Only(sites) => Some(sites.iter()),
        };
        kept.into_iter().flatten().chain(self.set.keys().cloned())
    }

    pub(super) fn is_trivial(&self) -> bool {
        self.kept == Kept::All && self.set.is_empty()
    }

    /// What the plan says of one stream.
    pub(super) fn of(&self, stream: &str) -> StreamPlan {
        let stream: Arc<str> = stream.into();
        let of_stream = |n| Site::new(Arc::clone(&stream), n);
        let set = self.set.range(of_stream(0)..=of_stream(u64::MAX));
        StreamPlan {
            kept: match &self.kept {
                Kept::All => None,
                Kept::Only(sites) => Some(sites.0.get(&stream).cloned().unwrap_or_default()),
            },
            set: set.map(|(site, answer)| (site.n, *answer)).collect(),
            asked: Cell::new(0),
            stream,
        }
    }
}

/// What a plan says of one stream: looked up once, then asked at every question.
#[derive(Debug)]
pub(super) struct StreamPlan {
    stream: Arc<str>,
    /// The numbers that keep their seeded answer; `None`: all of them.
    kept: Option<Arc<[u64]>>,
    /// The answers set by hand, by number.
    set: Vec<(u64, u64)>,
    /// How many questions were asked.
    asked: Cell<u64>,
}

impl StreamPlan {
    /// Whether the plan names any site of the stream.
    pub(super) fn names_sites(&self) -> bool {
        !self.set.is_empty() || self.kept.as_ref().is_some_and(|kept| !kept.is_empty())
    }

    /// The sites that were asked.
    pub(super) fn asked(&self) -> impl Iterator<Item = Site> {
        (0..self.asked.get()).map(|n| self.site(n))
    }

    pub(super) fn site(&self, n: u64) -> Site {
        Site::new(Arc::clone(&self.stream), n)
    }

    pub(super) fn answer(&self, n: u64, boring: u64, seeded: u64) -> u64 {
        self.asked.set(self.asked.get().max(n + 1));
        if let Some((_, answer)) = self.set.iter().find(|(number, _)| *number == n) {
            return *answer;
        }
        match &self.kept {
            None => seeded,
            Some(numbers) if numbers.binary_search(&n).is_ok() => seeded,
            Some(_) => boring,
        }
    }
}

/// Why a plan could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
