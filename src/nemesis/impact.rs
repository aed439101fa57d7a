//! What a fault did: how often it began, and what it struck.
//!
//! A fault that began is not yet one that mattered: a link can be cut over which
//! nothing is sent, a crash can wait for a write that never comes.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::FaultKind;

/// The part of a scenario that brings faults or operator actions; lists are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultSource {
    /// A `[[fault]]`.
    Fault(u16),
    /// A `[[nemesis.targeted]]`.
    Targeted(u16),
    /// An `[[action]]`.
    Action(u16),
    /// A kind of random fault of `[nemesis]`.
    Random(FaultKind),
    /// One of the random `actions` of `[nemesis]`.
    RandomAction(u16),
    /// The bug that is planted in the replicas.
    Planted,
}

/// What a fault can strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Struck {
    /// Messages that were lost because of it.
    MessagesLost,
    /// Messages that it delayed.
    MessagesHeld,
    /// Messages that arrived once more.
    MessagesRepeated,
    /// Sessions that it broke.
    SessionsBroken,
    /// Replicas that went down.
    Crashes,
    /// Inputs that had to wait for a paused replica.
    InputsDelayed,
    /// Handlers that took longer.
    HandlersSlowed,
    /// Writes that took longer.
    WritesSlowed,
    /// Reads and writes of the disk that failed.
    DiskCallsFailed,
    /// Readings of a clock while it was wrong.
    WrongClockReadings,
    /// Operator actions that a replica handled.
    ActionsHandled,
    /// Times that a replica did what the correct code would not have done.
    Deviations,
}

impl Struck {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessagesLost => "messages_lost",
            Self::MessagesHeld => "messages_held",
            Self::MessagesRepeated => "messages_repeated",
            Self::SessionsBroken => "sessions_broken",
            Self::Crashes => "crashes",
            Self::InputsDelayed => "inputs_delayed",
            Self::HandlersSlowed => "handlers_slowed",
            Self::WritesSlowed => "writes_slowed",
            Self::DiskCallsFailed => "disk_calls_failed",
            Self::WrongClockReadings => "wrong_clock_readings",
            Self::ActionsHandled => "actions_handled",
            Self::Deviations => "deviations",
        }
    }
}

/// How often something began, and what it struck.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// How often it began.
    pub began: u64,
    /// How much it struck of what; never zero.
    pub struck: BTreeMap<Struck, u64>,
}

impl Impact {
    /// Adds what it struck.
    pub fn strike(&mut self, what: Struck, count: u64) {
        if count > 0 {
            *self.struck.entry(what).or_default() += count;
        }
    }

    /// Adds another run's impact.
    pub fn add(&mut self, other: &Self) {
        self.began += other.began;
        for (what, count) in &other.struck {
            self.strike(*what, *count);
        }
    }

    /// What it did, in words that suit what it is of.
    pub fn told(&self, of: FaultSource) -> String {
        match (of, self.began) {
            (FaultSource::Planted, 0) => "never acted".to_owned(),
            (FaultSource::Planted, 1) => "acted once".to_owned(),
            (FaultSource::Planted, acts) => format!("acted {acts} times"),
            _ => self.to_string(),
        }
    }

    /// Whether it struck nothing.
    pub fn is_void(&self) -> bool {
        self.struck.is_empty()
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.began == 0 {
            return f.write_str("never began");
        }
        if self.is_void() {
            return f.write_str("began and struck nothing");
        }
        for (place, (what, count)) in self.struck.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{} {count}", what.name().replace('_', " "))?;
        }
        Ok(())
    }
}

/// The impact of every source of faults.
pub type Impacts = BTreeMap<FaultSource, Impact>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_impact_says_whether_it_began_and_what_it_struck() {
        let mut impact = Impact::default();
        assert_eq!(impact.to_string(), "never began");
        impact.began = 2;
        impact.strike(Struck::Crashes, 0);
        assert!(impact.is_void());
        assert_eq!(impact.to_string(), "began and struck nothing");
        impact.strike(Struck::SessionsBroken, 1);
        impact.strike(Struck::MessagesLost, 3);
        impact.strike(Struck::MessagesLost, 4);
        assert_eq!(impact.to_string(), "messages lost 7, sessions broken 1");
    }

    #[test]
    fn a_planted_bug_acts() {
        let mut impact = Impact::default();
        let told = |impact: &Impact| impact.told(FaultSource::Planted);
        assert_eq!(told(&impact), "never acted");
        impact.began = 1;
        assert_eq!(told(&impact), "acted once");
        impact.began = 12;
        assert_eq!(told(&impact), "acted 12 times");
        assert_eq!(impact.told(FaultSource::Fault(0)), impact.to_string());
    }

    #[test]
    fn impacts_of_several_runs_add_up() {
        let mut one = Impact {
            began: 1,
            ..Impact::default()
        };
        let mut other = one.clone();
        other.strike(Struck::Crashes, 2);
        one.add(&other);
        assert_eq!((one.began, one.to_string()), (2, "crashes 2".to_owned()));
    }
}
