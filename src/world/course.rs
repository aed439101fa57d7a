//! How far a run has come, and whether it goes on.
//!
//! A run has two stages before it is judged. When the first is over, a *core* of replicas is
//! chosen that have to work again: all of them, or only as many as are enough to serve.

use knossos::StopFlag;
use simulated_clock::Instant;

use super::options::RunOptions;
use super::outcome::Settled;
use crate::decision::Decisions;
use crate::observation::ReplicaId;
use crate::system::Thoroughness;

/// Where a run stands, and what ends it.
pub(super) struct Course {
    stage: Stage,
    /// The replicas that have to work again; all of them before settle.
    core: Vec<ReplicaId>,
    /// Who was mended when the run settled, if it did.
    settled: Option<Settled>,
    until: Option<Instant>,
    stop: Option<StopFlag>,
    /// Somebody wanted it to stop.
    stopped: bool,
    cut_short: bool,
    /// The settle phase came to its end.
    ended: bool,
    keeps_history: bool,
    thoroughness: Thoroughness,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Clients work, faults happen.
    Nemesis,
    /// Everything is mended; it ends at `ends`.
    Settle { began: Instant, ends: Instant },
}

impl Course {
    /// Takes out of `options` when the run is to stop, and what is asked of its end.
    pub(super) fn new(replicas: u64, options: &mut RunOptions) -> Self {
        Self {
            stage: Stage::Nemesis,
            core: (1..=replicas).collect(),
            settled: None,
            until: options.until,
            stop: options.stop.take(),
            stopped: false,
            cut_short: false,
            ended: false,
            keeps_history: options.keep_history,
            thoroughness: options.linearizability,
        }
    }

    /// Whether nothing more happens.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.ended || self.cut_short
    }

    /// The run has come to `now`; whether it goes on there.
    #[inline]
    pub(super) fn comes_to(&mut self, now: Instant) -> bool {
        let is_beyond = self.until.is_some_and(|until| now > until);
        if is_beyond {
            self.cut_short = true;
        }
        !is_beyond
    }

    /// Whether clients work and faults happen.
    pub(super) fn is_nemesis(&self) -> bool {
        self.stage == Stage::Nemesis
    }

    /// Everything is mended from now on, until `ends`.
    pub(super) fn settle(&mut self, began: Instant, ends: Instant) {
        self.stage = Stage::Settle { began, ends };
    }

    /// Only so many random replicas stay in the core as are enough to serve.
    pub(super) fn choose_core(
        &mut self,
        decisions: &mut Decisions,
        can_serve: impl Fn(&[ReplicaId]) -> bool,
    ) {
        let mut stream = decisions.stream("core", "settle");
        loop {
            let spare = self.spare_of_core(&can_serve);
            if spare.is_empty() {
                return;
            }
            let left_out = decisions.below(&mut stream, spare.len() as u64);
            // Boring leaves out the last replica, not the first.
            let place = spare.len() - 1 - left_out as usize;
            self.core.retain(|replica| *replica != spare[place]);
        }
    }

    /// The replicas without which those that are left of the core can serve.
    fn spare_of_core(&self, can_serve: impl Fn(&[ReplicaId]) -> bool) -> Vec<ReplicaId> {
        let others = |left_out: ReplicaId| {
            let others = self.core.iter().filter(move |other| **other != left_out);
            others.copied().collect::<Vec<_>>()
        };
        let is_spare = |replica: &ReplicaId| can_serve(&others(*replica));
        self.core.iter().copied().filter(is_spare).collect()
    }

    /// The replicas that have to work again; all of them before settle.
    pub(super) fn core(&self) -> &[ReplicaId] {
        &self.core
    }

    pub(super) fn is_core(&self, replica: ReplicaId) -> bool {
        self.core.contains(&replica)
    }

    /// Who is mended is known.
    pub(super) fn settled_with(&mut self, settled: Settled) {
        self.settled = Some(settled);
    }

    /// The settle phase is over.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Whether somebody wants it to stop, which is remembered.
    pub(super) fn is_to_stop(&mut self) -> bool {
        self.stopped = self.stop.as_ref().is_some_and(StopFlag::is_set);
        self.stopped
    }

    /// Set by others when the run is to stop.
    pub(super) fn stop_flag(&self) -> Option<StopFlag> {
        self.stop.clone()
    }

    /// Whether the history is kept even when the run passes.
    pub(super) fn keeps_history(&self) -> bool {
        self.keeps_history
    }

    /// How thoroughly the history is judged.
    pub(super) fn thoroughness(&self) -> Thoroughness {
        self.thoroughness
    }

    pub(super) fn was_stopped(&self) -> bool {
        self.stopped
    }

    pub(super) fn was_cut_short(&self) -> bool {
        self.cut_short
    }

    /// Whether the settle phase came to its end.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// When settling began, and when it ends, if it began.
    pub(super) fn settling(&self) -> Option<(Instant, Instant)> {
        match self.stage {
            Stage::Nemesis => None,
            Stage::Settle { began, ends } => Some((began, ends)),
        }
    }

    /// Who was mended when the run settled, if it did.
    pub(super) fn into_settled(self) -> Option<Settled> {
        self.settled
    }
}
