//! A repro is taken once more: a run from its seed, a schedule line by line.

use super::Runner;
use crate::check::{Violation, complaint_about};
#[cfg(feature = "explore")]
use crate::explore::{Limits, Played};
use crate::repro::{Body, Repro, ReproError, Reproduction, Seen, Source};
use crate::scenario::Place;
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// What a repro shows when it is taken again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Replayed {
    /// Of a run.
    Run(Box<Outcome>),
    /// Of a schedule.
    #[cfg(feature = "explore")]
    Schedule(Box<Played>),
}

/// Why a repro cannot be taken again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The scenario does not suit the system.
    #[error("{0}")]
    Unsuited(KeyError),
    /// A site of its decisions is malformed.
    #[error("{0}")]
    Site(String),
    /// The check of its violation is none that the system is put to.
    #[error("{0}")]
    Check(String),
    /// A line of its schedule, from 0 on, is none.
    #[error("line {} of the schedule: {message}", line + 1)]
    Line {
        /// Which.
        line: usize,
        /// What would be right.
        message: String,
    },
    /// It is a schedule, and this build takes none.
    #[error("it is a schedule, which takes a build with the feature \"explore\"")]
    NoSchedules,
}

/// Takes a repro once more; `options` say how closely it is watched, its decisions are its own.
///
/// # Errors
/// When its scenario does not suit the system, or what it says happens cannot be read.
pub fn replay(
    runner: &dyn Runner,
    repro: &Repro,
    options: RunOptions,
) -> Result<Replayed, ReplayError> {
    validate_check(runner, repro)?;
    match &repro.body {
        Body::Run(run) => {
            let plan = run
                .plan()
                .map_err(|(_, message)| ReplayError::Site(message))?;
            let options = RunOptions { plan, ..options };
            let outcome = runner.run(&repro.scenario, run.seed, options);
            let outcome = outcome.map_err(ReplayError::Unsuited)?;
            Ok(Replayed::Run(Box::new(outcome)))
        }
        #[cfg(feature = "explore")]
        Body::Schedule(lines) => {
            let player = runner.player(&repro.scenario, &Limits::default());
            let played = player.map_err(ReplayError::Unsuited)?.play(lines);
            let played = played.map_err(|(line, message)| ReplayError::Line { line, message })?;
            Ok(Replayed::Schedule(Box::new(played)))
        }
        #[cfg(not(feature = "explore"))]
        Body::Schedule(_) => Err(ReplayError::NoSchedules),
    }
}

/// Refuses a repro whose violation is of a check that there is not.
///
/// # Errors
/// [`ReplayError::Check`], with those that there are.
pub(super) fn validate_check(runner: &dyn Runner, repro: &Repro) -> Result<(), ReplayError> {
    let violation = repro.violation.as_ref();
    let complaint = violation.and_then(|one| complaint_about(&one.check, &runner.own_checks()));
    complaint.map_or(Ok(()), |message| Err(ReplayError::Check(message)))
}

impl Replayed {
    /// What was violated.
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Run(outcome) => &outcome.violations,
            #[cfg(feature = "explore")]
            Self::Schedule(played) => played.violation.as_slice(),
        }
    }

    /// The digest of all that could be seen.
    pub fn digest(&self) -> u64 {
        match self {
            Self::Run(outcome) => outcome.digest,
            #[cfg(feature = "explore")]
            Self::Schedule(played) => played.digest,
        }
    }

    /// Whether it was ended from outside before it was over.
    pub fn is_stopped(&self) -> bool {
        match self {
            Self::Run(outcome) => outcome.stopped,
            #[cfg(feature = "explore")]
            Self::Schedule(_) => false,
        }
    }

    /// How it compares with what the repro tells of.
    pub fn compare(&self, repro: &Repro) -> Reproduction {
        repro.compare(Seen {
            digest: self.digest(),
            violations: self.violations(),
            flaw: match self {
                Self::Run(_) => None,
                #[cfg(feature = "explore")]
                Self::Schedule(played) => played.flaw.as_deref(),
            },
        })
    }
}

impl ReplayError {
    /// The same, with its place in the file.
    pub fn located(self, source: &Source) -> ReproError {
        match self {
            Self::Unsuited(error) => source.unsuited(error),
            Self::Line { line, message } => source.wrong_line(line, message),
            Self::Site(message) => {
                source.wrong_beside_scenario(&[Place::Key("decisions")], message)
            }
            Self::Check(message) => {
                let place = [Place::Key("violation"), Place::Key("check")];
                source.wrong_beside_scenario(&place, message)
            }
            Self::NoSchedules => {
                source.wrong_beside_scenario(&[Place::Key("schedule")], self.to_string())
            }
        }
    }
}
