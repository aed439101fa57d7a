//! How a run is watched.

use std::fmt;
use std::sync::Arc;

use knossos::StopFlag;
use simulated_clock::Instant;

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
