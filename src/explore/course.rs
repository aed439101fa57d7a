//! How a search stands: whether it goes on, and what it has come by. Shared by its threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::limits::{Kept, Limits};
use super::required::Milestones;
use super::state::State;
use super::step::Reached;

/// How a search stands.
pub(super) struct Course {
    /// Set from outside: nothing more is to be searched.
    stop: Arc<AtomicBool>,
    /// Whether it has not ended: afterwards, what is asked is answered in full.
    searching: AtomicBool,
    /// Something was left out because it was stopped.
    cut: AtomicBool,
    /// Whether some history took too long to judge.
    undecided: AtomicBool,
    /// Whether something broken was found.
    found: AtomicBool,
    milestones: Milestones,
    walks: Walks,
    kept: Kept,
}

/// Random walks, of a search that takes them.
struct Walks {
    begun: AtomicU64,
    /// How many at most; none of a search that takes every schedule.
    most: Option<u64>,
}

impl Course {
    /// Nothing has been searched.
    pub(super) fn new(limits: &Limits, milestones: Milestones) -> Self {
        Self {
            stop: Arc::clone(&limits.stop),
            searching: AtomicBool::new(true),
            cut: AtomicBool::new(false),
            undecided: AtomicBool::new(false),
            found: AtomicBool::new(false),
            milestones,
            walks: Walks {
                begun: AtomicU64::new(0),
                most: limits.search.walks_max(),
            },
            kept: Kept::default(),
        }
    }

    /// A schedule is begun: a walk, or all of them.
    pub(super) fn begin(&self) {
        self.walks.begun.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether nobody has stopped the search, and there are walks to go.
    pub(super) fn goes_on(&self) -> bool {
        if !self.searching.load(Ordering::Relaxed) {
            return true;
        }
        let stopped = self.stop.load(Ordering::Relaxed) || self.walks.are_over();
        if stopped {
            self.cut.store(true, Ordering::Relaxed);
        }
        !stopped
    }

    /// The search has ended, and what it found is looked at.
    pub(super) fn end(&self) {
        self.searching.store(false, Ordering::Relaxed);
    }

    /// The search goes on from a state.
    pub(super) fn expand(&self, state: &State) {
        self.kept.expand(state);
    }

    /// Something was come by, perhaps not for the first time.
    pub(super) fn note(&self, reached: Reached) {
        self.milestones.note(reached);
    }

    /// Some history takes too long to judge.
    pub(super) fn leave_undecided(&self) {
        self.undecided.store(true, Ordering::Relaxed);
    }

    /// Something broken is found; whether something was before.
    pub(super) fn found_before(&self) -> bool {
        self.found.swap(true, Ordering::Relaxed)
    }

    /// Whether every schedule was taken and judged, as far as is known here.
    pub(super) fn is_complete(&self) -> bool {
        let is_cut = self.cut.load(Ordering::Relaxed);
        !is_cut && !self.is_undecided() && !self.is_walking()
    }

    /// Whether some history took too long to judge.
    pub(super) fn is_undecided(&self) -> bool {
        self.undecided.load(Ordering::Relaxed)
    }

    /// What had to be come by, and what was.
    pub(super) fn milestones(&self) -> &Milestones {
        &self.milestones
    }

    /// Whether it walks at random.
    pub(super) fn is_walking(&self) -> bool {
        self.walks.most.is_some()
    }

    /// How many walks were begun, where it walks at random.
    pub(super) fn walks(&self) -> Option<u64> {
        let begun = self.walks.begun.load(Ordering::Relaxed);
        self.walks.most.map(|most| begun.min(most))
    }

    /// About how much memory it takes, with so many states and steps of replicas; walks keep no
    /// states.
    pub(super) fn bytes(&self, unique_states: u64, depth: u64, steps: u64) -> u64 {
        let states = if self.is_walking() { 0 } else { unique_states };
        self.kept.bytes(states, depth, steps)
    }
}

impl Walks {
    fn are_over(&self) -> bool {
        let begun = self.begun.load(Ordering::Relaxed);
        self.most.is_some_and(|most| begun > most)
    }
}
