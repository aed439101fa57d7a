//! Watches the steps of a run: keeps them, announces them, or compares them with another run's.

use simulated_clock::Instant;

use crate::observation::Step;
use crate::world::options::{Announcer, StepWatch};
use crate::world::outcome::Divergence;

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
