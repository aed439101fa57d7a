//! The world: the only place that knows all rooms, and the only thread of a run.
//!
//! It owns the event queue. An event wakes a replica, a client, the network or
//! the nemesis; what they ask for becomes further events. Everything that is
//! observed on the way goes to the checks at once, and every step into the
//! digest. A run has three stages: the nemesis phase, in which clients work and
//! faults happen; settle, in which everything is mended and the system has to
//! work again; and the judgement over history and observations at the end.

mod availability;
mod clients;
mod cues;
mod dispatch;
mod ending;
mod event;
mod faults;
#[cfg(feature = "explore")]
mod halt;
mod handling;
mod impacts;
mod life;
mod named_checks;
mod narrate;
mod operators;
mod options;
mod outcome;
mod packet;
mod process;
mod settle;
mod setup;
mod spending;
mod suits;
mod survive;
mod tally;
mod trace;
mod trace_line;
mod travel;

#[cfg(feature = "explore")]
pub(crate) use halt::{Halted, Heard, Survivor, halt};
#[cfg(feature = "explore")]
pub(crate) use narrate::narrated;
pub use options::{Announcer, RunOptions, Shown, StepWatch};
pub use outcome::{CutOff, Divergence, Latencies, Operations, Outcome, Settled, Verdict};
pub use trace_line::{Scene, TraceLine};

use std::collections::BTreeMap;

use knossos::StopFlag;
use simulated_clock::{Duration, Instant};

use crate::check::{Checks, LeaderLog, Violation};
use crate::client::{Client, Record};
use crate::decision::{Decisions, Stream};
use crate::judge::{Judges, names_of_own};
use crate::nemesis::{Fault, RandomFaults, Strike, TargetedFaults};
use crate::network::{Endpoints, Network};
use crate::observation::{ReplicaId, RunDigest};
use crate::replica::{Action, Replica, Timed};
use crate::scenario::Scenario;
use crate::system::Thoroughness;
use crate::system::{CommandOf, EntryOf, OptionsOf, OutputOf, Setup, System};
use crate::units::KeyError;

use availability::Availability;
use event::Queue;
use faults::ActiveFault;
use impacts::Awaited;
use options::Watcher;
use packet::Packet;
use process::Process;
use spending::Spending;
use tally::Tally;
use trace::Tracer;

/// A run in progress.
pub(crate) struct World<'a, S: System> {
    scenario: &'a Scenario,
    setup: Setup<OptionsOf<S>>,
    endpoints: Endpoints,
    agenda: Queue,
    decisions: Decisions,
    network: Network<Packet<S::Replica>>,
    processes: Vec<Process<S::Replica>>,
    clients: Vec<Client<S::Workload>>,
    history: Vec<Record<CommandOf<S>, OutputOf<S>>>,
    random: RandomFaults,
    targeted: TargetedFaults,
    /// What is about to strike, by the number that its event names.
    strikes: BTreeMap<u32, Strike>,
    strikes_next: u32,
    scripted: Vec<(Fault, Option<Duration>)>,
    actions: Vec<ScriptedCall<S>>,
    active: Vec<ActiveFault>,
    /// Faults that began and have not struck yet.
    awaited: Vec<Awaited>,
    active_next: u32,
    checks: Checks<EntryOf<S>, S::Fold>,
    judges: Judges<S>,
    leaders: LeaderLog,
    digest: RunDigest,
    tally: Tally,
    availability: Availability,
    violation: Option<Violation>,
    stage: Stage,
    /// The replicas that have to work again; all of them before settle.
    core: Vec<ReplicaId>,
    /// Who was mended when the run settled, if it did.
    settled: Option<Settled>,
    disk_losses: Vec<Stream>,
    watcher: Watcher,
    tracer: Option<Tracer>,
    /// What the handler that runs has asked for so far.
    effects: Vec<Timed<S::Replica>>,
    until: Option<Instant>,
    spending: Spending,
    stop: Option<StopFlag>,
    /// Somebody wanted it to stop.
    stopped: bool,
    keep_history: bool,
    linearizability: Thoroughness,
    /// Every observation as a JSON line, where they are kept.
    observations: Option<Vec<String>>,
    cut_short: bool,
    /// The settle phase came to its end.
    ended: bool,
}

/// An operator's action, read and ready.
struct ScriptedCall<S: System> {
    target: crate::nemesis::Target,
    action: <S::Replica as Replica>::Action,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Clients work, faults happen.
    Nemesis,
    /// Everything is mended; it ends at `ends`.
    Settle { began: Instant, ends: Instant },
}

/// Whether a system can run a scenario: its tuning, messages, operator actions, planted bug and
/// search.
///
/// # Errors
/// The key that does not suit the system, and what would be right.
pub fn validate<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    suits::validate::<S>(scenario)
}

/// The names of the checks that a system brings.
pub fn own_checks<S: System>() -> Vec<&'static str> {
    names_of_own::<S>()
}

/// Runs one seed of a scenario to its end.
///
/// It ends early where it has used up its [budget](crate::system::Budget); a panic of code under
/// test or of omnisim itself is a violation of its own.
///
/// # Errors
/// The scenario's options do not suit the system: the key, and what would be right.
pub fn run<S: System>(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
) -> Result<Outcome, KeyError> {
    survive::run::<S>(scenario, seed, options)
}

impl<S: System> World<'_, S> {
    /// Runs until it is over, or has taken so many steps.
    #[inline]
    fn run(&mut self, steps_max: u64) {
        self.start();
        loop {
            let pause = self.spending.next_look.min(steps_max);
            while !self.is_over() && self.digest.steps() < pause {
                let Some((now, event)) = self.agenda.pop() else {
                    return;
                };
                self.dispatch(now, event);
            }
            let is_done = self.is_over() || self.digest.steps() >= steps_max;
            if is_done || !self.look() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.ended || self.cut_short || self.violation.is_some() || self.watcher.is_done()
    }
}

/// Reads an operator action of a system.
fn read_action<S: System>(
    name: &str,
    value: Option<&serde_json::Value>,
) -> Result<<S::Replica as Replica>::Action, String> {
    <S::Replica as Replica>::Action::parse(name, value)
}

#[cfg(test)]
mod tests;
