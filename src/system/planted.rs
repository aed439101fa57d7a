//! Planted bugs: mistakes that prove that the checks can fail.

use std::cmp::Ordering;
use std::fmt;

use crate::scenario::Scenario;

/// A mistake that a system can be made to have (`selftest.planted`).
#[derive(Clone, Copy, Debug)]
pub struct PlantedBug {
    /// Its name in scenarios and reports.
    pub name: &'static str,
    /// What goes wrong, in a sentence.
    pub what: &'static str,
    /// Where published code really did it; none where we know of none.
    pub origin: Option<&'static str>,
    /// The checks that see it, the one that names it first.
    pub checks: &'static [&'static str],
    /// What a scenario needs for it to show.
    pub needs: &'static [Need],
    /// The known finding whose signature it shares: that one excuses nothing here.
    pub mistaken_for: Option<&'static str>,
}

impl fmt::Display for PlantedBug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Something that a scenario needs for a bug to show.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Need {
    /// Replicas go down and come back.
    Restarts,
    /// Clients ask again.
    Retries,
    /// Sessions between replicas break.
    SessionBreaks,
    /// Several clients ask.
    Clients,
    /// Values are read.
    Reads,
    /// Values are compared and swapped.
    Swaps,
    /// Keys are deleted.
    Deletes,
    /// Values are appended to.
    Appends,
    /// Something of the system's own: in a few words, and how a scenario comes to have it, with
    /// a number that differs from seed to seed.
    Own(&'static str, fn(&mut Scenario, u64)),
}

impl Need {
    /// In a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Restarts => "restarts",
            Self::Retries => "retries",
            Self::SessionBreaks => "broken sessions",
            Self::Clients => "several clients",
            Self::Reads => "reads",
            Self::Swaps => "compare-and-swap",
            Self::Deletes => "deletes",
            Self::Appends => "appends",
            Self::Own(name, _) => name,
        }
    }
}

impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Two are the same if they have the same name.
impl PartialEq for PlantedBug {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for PlantedBug {}

impl PartialOrd for PlantedBug {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PlantedBug {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}
