//! How a run is watched.

use std::fmt;
use std::sync::Arc;

use knossos::StopFlag;
use simulated_clock::Instant;

use super::outcome::Divergence;
use crate::decision::Plan;
use crate::observation::Step;
use crate::system::Thoroughness;

/// How a run is made and watched; none of it changes what happens in it.
#[derive(Debug, Default)]
pub struct RunOptions {
    /// Which sites keep their seeded answer.
    pub plan: Plan,
    /// Whether the answers that are not boring are recorded.
    pub record_decisions: bool,
    /// Whether steps are kept, or compared with those of another run.
    pub watch: StepWatch,
    /// Whether a line per step is kept for people, and for which messages.
    pub trace: Option<Shown>,
    /// The run ends here, unfinished.
    pub until: Option<Instant>,
    /// Set by others when the run is to stop; what came of it is then not known.
    pub stop: Option<StopFlag>,
    /// Whether the history is kept even when the run passes.
    pub keep_history: bool,
    /// Whether every observation is kept.
    pub keep_observations: bool,
    /// How thoroughly it is asked whether the history is linearizable.
    pub linearizability: Thoroughness,
}

/// Which messages a trace shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// All but those that are sent all the time, as heartbeats.
    Telling,
    /// All.
    All,
}

/// Whether steps are kept or compared.
#[derive(Debug, Default)]
#[non_exhaustive]
pub enum StepWatch {
    /// Neither.
    #[default]
    None,
    /// Kept.
    Keep,
    /// Compared with these; the run ends at the first that differs.
    Compare(Vec<Step>),
    /// Each is announced in words before it is taken.
    Announce(Announcer),
}

/// Hears of every step in words, just before it is taken.
#[derive(Clone)]
pub struct Announcer(pub Arc<dyn Fn(Instant, String) + Send + Sync>);

impl fmt::Debug for Announcer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Announcer")
    }
}

/// Watches the steps of a run.
#[derive(Debug, Default)]
pub(super) struct Watcher {
    watch: StepWatch,
    kept: Vec<Step>,
    seen: usize,
    divergence: Option<Divergence>,
}

impl Watcher {
    pub(super) fn new(watch: StepWatch) -> Self {
        Self {
            watch,
            ..Self::default()
        }
    }

    /// Takes note of one step; `describe` tells it in words.
    #[inline]
    pub(super) fn see(&mut self, step: Step, describe: impl FnOnce() -> String) {
        if !matches!(self.watch, StepWatch::None) {
            self.look_at(step, describe);
        }
    }

    #[cold]
    fn look_at(&mut self, step: Step, describe: impl FnOnce() -> String) {
        match &self.watch {
            StepWatch::None => {}
            StepWatch::Keep => self.kept.push(step),
            StepWatch::Announce(Announcer(hear)) => hear(step.at, describe()),
            StepWatch::Compare(expected) => {
                let before = expected.get(self.seen).copied();
                if before != Some(step) && self.divergence.is_none() {
                    self.divergence = Some(Divergence {
                        step: self.seen as u64,
                        first: before,
                        second: Some(step),
                        description: describe(),
                    });
                }
                self.seen += 1;
            }
        }
    }

    /// Something else than a step begins that calls code under test.
    pub(super) fn announce(&self, at: Instant, what: &str) {
        if let StepWatch::Announce(Announcer(hear)) = &self.watch {
            hear(at, what.to_owned());
        }
    }

    /// Whether a difference was found, after which nothing matters.
    pub(super) fn is_done(&self) -> bool {
        self.divergence.is_some()
    }

    /// The kept steps, and the difference that was found.
    pub(super) fn finish(self) -> (Vec<Step>, Option<Divergence>) {
        let StepWatch::Compare(expected) = &self.watch else {
            return (self.kept, None);
        };
        let shorter = expected.get(self.seen).map(|missing| Divergence {
            step: self.seen as u64,
            first: Some(*missing),
            second: None,
            description: "the second run ended there".to_owned(),
        });
        (self.kept, self.divergence.or(shorter))
    }
}
