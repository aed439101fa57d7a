//! What is left of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use simulated_clock::{Duration, Instant};

use crate::check::{Evaluated, Violation};
use crate::decision::Answered;
use crate::nemesis::{Coverage, FaultKind, Impacts};
use crate::network::Counts;
use crate::observation::{ReplicaId, Step};
use crate::scenario::Occurrence;
use crate::system::Budget;
use crate::system::Contract;
use crate::system::Searched;

use super::trace_line::TraceLine;

/// The result of one run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// What was violated, the first one first.
    pub violations: Vec<Violation>,
    /// Whether a violation lies within what the system is written for.
    pub in_contract: bool,
    /// What the environment promised.
    pub contract: Contract,
    /// What each check evaluated; `None` where it is not applicable.
    pub checks: Vec<Evaluated>,
    /// What the search for a linearization took.
    pub search: Searched,
    /// All that the checker says of the clients' history at each level that is demanded, by the
    /// name of the check. Its numbers are places in the history, from 0 on.
    pub levels: BTreeMap<&'static str, knossos::Report>,
    /// Why a check is not applicable, or what it could not decide.
    pub remarks: Vec<String>,
    /// How often each kind of fault began.
    pub faults: BTreeMap<FaultKind, u64>,
    /// What else occurred.
    pub occurrences: BTreeMap<Occurrence, u64>,
    /// The digest of every step.
    pub digest: u64,
    /// How many events were handled.
    pub events: u64,
    /// How many messages there were.
    pub messages: Counts,
    /// How the clients' operations ended.
    pub operations: Operations,
    /// How many log entries were decided.
    pub decided: u64,
    /// How often another replica came to lead.
    pub leader_changes: u64,
    /// When the lead first passed from one replica to another, or, if it never did, when
    /// the first one came to lead.
    pub takeover: Option<Instant>,
    /// How long completed operations took.
    pub latencies: Latencies,
    /// The longest time in which nothing completed although it could.
    pub unavailability: Duration,
    /// One election timeout, to measure it in.
    pub election_timeout: Duration,
    /// When the run ended.
    pub ended: Instant,
    /// The history as JSON lines, where it was kept.
    pub history: Option<Vec<String>>,
    /// Every observation as a JSON line, where they were kept.
    pub observations: Option<Vec<String>>,
    /// The lines of the history that show a violation of its consistency.
    pub excerpt: Vec<String>,
    /// The answers that were not boring, where they were recorded.
    pub decisions: Vec<Answered>,
    /// The steps, where they were kept.
    pub steps: Vec<Step>,
    /// The first step that differs from an earlier run.
    pub divergence: Option<Divergence>,
    /// Who was mended when the run settled; nothing where it ended before.
    pub settled: Option<Settled>,
    /// What each fault and each operator action of the scenario struck.
    pub impacts: Impacts,
    /// Where faults struck.
    pub coverage: Coverage,
    /// A line per step, where they were traced.
    pub trace: Vec<TraceLine>,
    /// Whether the run was stopped before its end.
    pub cut_short: bool,
    /// Whether that was because somebody wanted it to: what came of it is not known.
    pub stopped: bool,
    /// What it could have spent.
    pub budget: Budget,
}

/// The verdict on a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that was demanded holds.
    Pass,
    /// Something does not.
    Violation,
    /// A check or the run reached its budget, or omnisim itself panicked.
    Unknown,
}

/// How the clients' operations ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operations {
    /// Completed.
    pub ok: u64,
    /// Known to have failed.
    pub fail: u64,
    /// Of unknown outcome.
    pub info: u64,
}

/// How long completed operations took, in simulated time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latencies {
    /// Half were faster.
    pub median: Duration,
    /// 99 of 100 were faster.
    pub p99: Duration,
    /// The slowest.
    pub max: Duration,
}

/// Who was mended when the run settled, and who was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The replicas that had to work again.
    pub mended: Vec<ReplicaId>,
    /// The replicas that reach nobody until the end, and that no client reaches.
    pub cut_off: Vec<CutOff>,
}

/// A replica that is not mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOff {
    /// Which.
    pub replica: ReplicaId,
    /// Whether it was down when the run settled.
    pub is_down: bool,
}

impl Settled {
    /// What is mended, in words.
    pub fn mended_told(&self) -> String {
        if self.cut_off.is_empty() {
            return "everything is mended".to_owned();
        }
        let mended: Vec<_> = self.mended.iter().map(ToString::to_string).collect();
        format!("only replicas {} are mended", mended.join(", "))
    }

    /// Who stays cut off, in words; nothing where everything is mended.
    pub fn cut_off_told(&self) -> Option<String> {
        let one = |one: &CutOff| {
            let down = if one.is_down { " (down)" } else { "" };
            format!("replica {}{down}", one.replica)
        };
        let cut_off: Vec<_> = self.cut_off.iter().map(one).collect();
        let stay = if cut_off.len() == 1 { "stays" } else { "stay" };
        (!cut_off.is_empty()).then(|| format!("{} {stay} cut off", cut_off.join(", ")))
    }
}

/// Two runs of the same seed that went different ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The number of the first step that differs, from 0 on.
    pub step: u64,
    /// That step in the first run.
    pub first: Option<Step>,
    /// That step in the second run.
    pub second: Option<Step>,
    /// The second run's step in words.
    pub description: String,
}

impl Latencies {
    /// The percentiles of some durations.
    pub(super) fn of(mut all: Vec<Duration>) -> Self {
        let mut at = |per_cent: usize| {
            let last = all.len().checked_sub(1)?;
            let place = (all.len() * per_cent / 100).min(last);
            Some(*all.select_nth_unstable(place).1)
        };
        Self {
            median: at(50).unwrap_or_default(),
            p99: at(99).unwrap_or_default(),
            max: at(100).unwrap_or_default(),
        }
    }
}
