//! The `[nemesis]` table: random faults, each kind with its rate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fault::FaultKind;
use super::slot::SLOT;
use super::targeted::TargetedRate;
use crate::units::{KeyError, Time, TimeRange};

/// Which random faults there are, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NemesisOptions {
    /// No fault begins before this time.
    pub start_after: Time,
    /// Replicas are split into groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<FaultRate>,
    /// One replica is cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isolate: Option<FaultRate>,
    /// One replica is cut off in one direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_way: Option<FaultRate>,
    /// One link between replicas is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<FaultRate>,
    /// One link holds its messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clog: Option<FaultRate>,
    /// One message takes longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<FaultRate>,
    /// What is in flight on a link arrives once more: on links that duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<FaultRate>,
    /// A session breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_breaks: Option<FaultRate>,
    /// A replica goes down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<FaultRate>,
    /// A replica goes down around one of its next writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash_at_write: Option<FaultRate>,
    /// A replica stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<FaultRate>,
    /// A replica gets slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow: Option<FaultRate>,
    /// A disk gets slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slow_disk: Option<FaultRate>,
    /// One of the next writes fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_error: Option<FaultRate>,
    /// A clock jumps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_step: Option<FaultRate>,
    /// A clock lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_lie: Option<FaultRate>,
    /// Operator actions, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionRate>,
    /// Faults that come when something was said, not at a time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targeted: Vec<TargetedRate>,
}

/// How often a kind of fault begins, and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultRate {
    /// The mean time between two of them.
    pub every: Time,
    /// How long one lasts (for a crash: how long the replica stays down; for what is over at once,
    /// as a broken session: how long there is no other of its kind).
    #[serde(rename = "for", default = "FaultRate::default_duration")]
    pub lasts: TimeRange,
    /// How long there is none of this kind after one ended.
    #[serde(default)]
    pub stability: Time,
}

impl FaultRate {
    fn default_duration() -> TimeRange {
        TimeRange::from_millis(200, 2_000)
    }
}

/// How often an operator acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRate {
    /// The action, as in `[[action]]`.
    #[serde(rename = "do")]
    pub action: String,
    /// The mean time between two of them.
    pub every: Time,
    /// Its value is drawn from 0 to this; no value where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_up_to: Option<u64>,
}

/// The rates of all kinds.
pub type Rates = Vec<(FaultKind, FaultRate)>;

impl NemesisOptions {
    /// The kinds that are switched on.
    pub fn rates(&self) -> Rates {
        let mut all = self.clone();
        FaultKind::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, all.rate(kind).take()?)))
            .collect()
    }

    /// How often a kind of fault begins, to be changed; nothing where it is off.
    pub fn rate(&mut self, kind: FaultKind) -> &mut Option<FaultRate> {
        match kind {
            FaultKind::Partition => &mut self.partition,
            FaultKind::Isolate => &mut self.isolate,
            FaultKind::OneWay => &mut self.one_way,
            FaultKind::Cut => &mut self.cut,
            FaultKind::Clog => &mut self.clog,
            FaultKind::Hold => &mut self.hold,
            FaultKind::Repeat => &mut self.repeat,
            FaultKind::SessionBreak => &mut self.session_breaks,
            FaultKind::Crash => &mut self.crash,
            FaultKind::CrashAtWrite => &mut self.crash_at_write,
            FaultKind::Pause => &mut self.pause,
            FaultKind::Slow => &mut self.slow,
            FaultKind::SlowDisk => &mut self.slow_disk,
            FaultKind::DiskError => &mut self.disk_error,
            FaultKind::ClockStep => &mut self.clock_step,
            FaultKind::ClockLie => &mut self.clock_lie,
        }
    }

    /// Whether there is nothing random at all.
    pub fn is_quiet(&self) -> bool {
        self.has_no_slots() && self.targeted.is_empty()
    }

    /// Whether nothing random comes by the clock.
    pub fn has_no_slots(&self) -> bool {
        self.rates().is_empty() && self.actions.is_empty()
    }

    /// Whether a kind of fault can come, by the clock or at a cue.
    pub fn has(&self, kind: FaultKind) -> bool {
        let by_the_clock = self.rates().iter().any(|(other, _)| *other == kind);
        by_the_clock || self.targeted.iter().any(|aim| aim.kind == kind)
    }

    /// What is wrong with it, if anything: the key, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        let too_often = |every: Time| every.0 < SLOT;
        if let Some((kind, rate)) = self
            .rates()
            .into_iter()
            .find(|(_, rate)| too_often(rate.every))
        {
            return Some(KeyError::new(
                kind.key(),
                format!(
                    "every = \"{}\" is too often: at most every {SLOT}",
                    rate.every
                ),
            ));
        }
        let action = self.actions.iter().find(|action| too_often(action.every))?;
        Some(KeyError::new(
            "actions",
            format!(
                "{} every {} is too often: at most every {SLOT}",
                action.action, action.every
            ),
        ))
    }
}
