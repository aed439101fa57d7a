//! Scripted faults (`[[fault]]`) and operator actions (`[[action]]`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use super::cue::Cue;
use super::fault::{Fault, FaultKind, Target};
use crate::observation::ReplicaId;
use crate::storage::{CrashPoint, Fuse, Moment};
use crate::units::{KeyError, Time};

/// One `[[fault]]` of a scenario. Which keys it needs depends on its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptedFault {
    /// When it begins; with `on`, from when on cues are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// After which message it begins, instead of at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Cue>,
    /// After the how many-th of them, 1 for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// How long it lasts; until settle where absent.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Time>,
    /// What it is.
    pub kind: FaultKind,
    /// Whom it strikes: a number, or a role, as `"leader"` or `"follower"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replica: Option<Target>,
    /// The groups of a partition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Vec<ReplicaId>>,
    /// The links of a cut, clog or session break, as pairs of replicas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<[ReplicaId; 2]>,
    /// The kind of message that is held, as `"AcceptDecide"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether links are struck from the first to the second replica only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_way: bool,
    /// For `one_way`: which direction still works, `"out"` or `"in"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenDirection>,
    /// Which write (or, with `reads`, which read) from now a crash or error strikes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<u64>,
    /// Where around that write a crash strikes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<CrashPoint>,
    /// How many entries of a torn append survive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tear: Option<u64>,
    /// Whether a disk error strikes reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reads: bool,
    /// How much slower, or how far a clock jumps or lies ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Time>,
    /// Whether a clock jumps or lies back instead of ahead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub back: bool,
    /// Whether a run of the scenario is complete although it never struck anything.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_miss: bool,
}

/// Which direction of a one-way fault still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenDirection {
    /// The replica is heard but hears nobody.
    Out,
    /// The replica hears but nobody hears it.
    In,
}

/// One `[[action]]` of a scenario: an operator acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptedAction {
    /// When.
    pub at: Time,
    /// On which replica: its number, or its role, as `"leader"` or `"follower"`.
    pub replica: Target,
    /// What: an action of the system, as `snapshot` of a service over OmniPaxos.
    #[serde(rename = "do")]
    pub action: String,
    /// The action's value, if it takes one: whatever the action says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// Whether a run of the scenario is complete although no replica ever handled it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_miss: bool,
}

impl ScriptedFault {
    /// The fault, ready to begin.
    ///
    /// # Errors
    /// The key that is wrong, and what would be right.
    pub fn lower(&self, replicas: u64) -> Result<Fault, KeyError> {
        self.check_beginning()?;
        self.check_replicas(replicas)?;
        self.refuse_foreign_keys()?;
        Ok(match self.kind {
            FaultKind::Partition => Fault::partition(self.needed_groups(replicas)?, replicas),
            FaultKind::Isolate => Fault::Isolate {
                target: self.target()?,
                only_sends: None,
            },
            FaultKind::OneWay => Fault::Isolate {
                target: self.target()?,
                only_sends: Some(
                    self.needed(self.open, "open", "\"out\" or \"in\"")? == OpenDirection::Out,
                ),
            },
            FaultKind::Cut => Fault::Cut {
                kind: self.kind,
                links: self.directed_links()?,
                with_clients: false,
            },
            FaultKind::Clog => Fault::Clog {
                links: self.directed_links()?,
            },
            FaultKind::Hold => {
                let (from, to) = self.one_link()?;
                let kinds =
                    "\"Accepted\", \"AcceptDecide\", \"Promise\" or another kind of message";
                let message = self.needed(self.message.as_deref(), "message", kinds)?;
                Fault::Hold {
                    from,
                    to,
                    message: message.to_owned(),
                    by: self.needed(self.lasts, "for", "\"500ms\"")?.0,
                }
            }
            FaultKind::Repeat => {
                let (from, to) = self.one_link()?;
                let by = self.needed(self.lasts, "for", "\"500ms\"")?.0;
                Fault::Repeat { from, to, by }
            }
            FaultKind::SessionBreak => {
                let (a, b) = self.one_link()?;
                Fault::SessionBreak { a, b }
            }
            FaultKind::Crash => Fault::Crash {
                target: self.target()?,
            },
            FaultKind::CrashAtWrite => Fault::CrashAtWrite {
                target: self.target()?,
                fuse: Fuse {
                    writes: self.needed_write()?,
                    point: self.needed(
                        self.point,
                        "point",
                        "\"before\", \"torn\", \"after\" or \"before_effects\"",
                    )?,
                    tear: self.tear.unwrap_or(1),
                },
                down: self.down(),
            },
            FaultKind::Pause => Fault::Pause {
                target: self.target()?,
            },
            FaultKind::Slow => Fault::Slow {
                target: self.target()?,
                by: self.needed_by()?,
            },
            FaultKind::SlowDisk => Fault::SlowDisk {
                target: self.target()?,
                by: self.needed_by()?,
            },
            FaultKind::DiskError => Fault::DiskError {
                target: self.target()?,
                moment: if self.reads {
                    Moment::Read
                } else {
                    Moment::Write
                },
                calls: self.needed_write()?,
                down: self.down(),
            },
            FaultKind::ClockStep => Fault::ClockStep {
                target: self.target()?,
                by_ns: self.signed_by()?,
            },
            FaultKind::ClockLie => Fault::ClockLie {
                target: self.target()?,
                by_ns: self.signed_by()?,
            },
        })
    }

    fn needed<T>(&self, value: Option<T>, key: &'static str, example: &str) -> Result<T, KeyError> {
        value.ok_or_else(|| {
            let kind = self.kind.name();
            KeyError::new(key, format!("the kind {kind:?} needs {key} = {example}"))
        })
    }

    fn target(&self) -> Result<Target, KeyError> {
        self.needed(
            self.replica.clone(),
            "replica",
            "its number, \"leader\" or \"follower\"",
        )
    }

    fn needed_write(&self) -> Result<u64, KeyError> {
        match self.needed(
            self.write,
            "write",
            "the number of the write from now, 1 for the next",
        )? {
            0 => Err(KeyError::new(
                "write",
                "writes are counted from 1".to_owned(),
            )),
            write => Ok(write),
        }
    }

    fn needed_by(&self) -> Result<Duration, KeyError> {
        let by = self.needed(self.by, "by", "a duration, as \"2ms\"")?.0;
        if by == Duration::ZERO {
            return Err(KeyError::new(
                "by",
                "0s changes nothing: write more, as \"2ms\"".to_owned(),
            ));
        }
        Ok(by)
    }

    fn signed_by(&self) -> Result<i64, KeyError> {
        let by = self.needed_by()?.as_nanos();
        let by = i64::try_from(by);
        let by = by.map_err(|_| KeyError::new("by", "is longer than 292 years"))?;
        Ok(if self.back { -by } else { by })
    }

    fn down(&self) -> Duration {
        self.lasts
            .map_or(Duration::from_nanos(u64::MAX / 4), |time| time.0)
    }

    fn directed_links(&self) -> Result<Vec<(ReplicaId, ReplicaId)>, KeyError> {
        if self.links.is_empty() {
            return Err(KeyError::new(
                "links",
                format!(
                    "the kind {:?} needs links, as [[1, 2], [2, 3]]",
                    self.kind.name()
                ),
            ));
        }
        let mut directed = Vec::new();
        for &[a, b] in &self.links {
            directed.push((a, b));
            if !self.one_way {
                directed.push((b, a));
            }
        }
        Ok(directed)
    }

    fn one_link(&self) -> Result<(ReplicaId, ReplicaId), KeyError> {
        let links = self.directed_links()?;
        if self.links.len() > 1 {
            return Err(KeyError::new(
                "links",
                format!(
                    "one {} strikes one link; write another [[fault]]",
                    self.kind
                ),
            ));
        }
        Ok(links[0])
    }
}
