//! What can go wrong.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use crate::observation::ReplicaId;
use crate::storage::{CrashPoint, Fuse, Moment};

/// The kinds of fault, as scenarios and reports name them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// Replicas are split into groups that cannot reach each other.
    Partition,
    /// One replica is cut off from all others.
    Isolate,
    /// One replica hears the others but is not heard, or the other way round.
    OneWay,
    /// Single links between replicas are cut.
    Cut,
    /// Links hold their messages, and deliver all of them at the end.
    Clog,
    /// The next message of one kind on one link takes longer; where the link keeps
    /// order, all behind it wait.
    Hold,
    /// What is in flight on one link arrives once more, later: on links that
    /// duplicate.
    Repeat,
    /// A session breaks; each direction loses the last of what is in flight.
    SessionBreak,
    /// A replica goes down, and comes back at the end.
    Crash,
    /// A replica goes down at its k-th write from now.
    CrashAtWrite,
    /// A replica stops; messages wait.
    Pause,
    /// Every handler of a replica takes longer.
    Slow,
    /// Every write of a replica takes longer.
    SlowDisk,
    /// A write of a replica fails.
    DiskError,
    /// A replica's clock jumps.
    ClockStep,
    /// A replica's clock is off by more than it says.
    ClockLie,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 16] = [
        Self::Partition,
        Self::Isolate,
        Self::OneWay,
        Self::Cut,
        Self::Clog,
        Self::Hold,
        Self::Repeat,
        Self::SessionBreak,
        Self::Crash,
        Self::CrashAtWrite,
        Self::Pause,
        Self::Slow,
        Self::SlowDisk,
        Self::DiskError,
        Self::ClockStep,
        Self::ClockLie,
    ];

    /// The name in scenarios, reports and decision sites.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Partition => "partition",
            Self::Isolate => "isolate",
            Self::OneWay => "one_way",
            Self::Cut => "cut",
            Self::Clog => "clog",
            Self::Hold => "hold",
            Self::Repeat => "repeat",
            Self::SessionBreak => "session_break",
            Self::Crash => "crash",
            Self::CrashAtWrite => "crash_at_write",
            Self::Pause => "pause",
            Self::Slow => "slow",
            Self::SlowDisk => "slow_disk",
            Self::DiskError => "disk_error",
            Self::ClockStep => "clock_step",
            Self::ClockLie => "clock_lie",
        }
    }
}

impl FaultKind {
    /// Whether it is over as soon as it struck, so that `for` says nothing of it.
    pub const fn is_momentary(self) -> bool {
        matches!(self, Self::SessionBreak | Self::ClockStep)
    }

    /// The key under which `[nemesis]` has its rate.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SessionBreak => "session_breaks",
            other => other.name(),
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whom a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a replica is named by its number, or by its role, as \"leader\" or \"follower\""
)]
#[non_exhaustive]
pub enum Target {
    /// A replica by its number.
    Replica(ReplicaId),
    /// A replica by its role at that moment: one that the system declares.
    Role(String),
}

/// The role of the replica that last came to lead.
pub const LEADER: &str = "leader";
/// The role of the lowest-numbered running replica that does not lead.
pub const FOLLOWER: &str = "follower";

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replica(replica) => write!(f, "replica {replica}"),
            Self::Role(role) if role == FOLLOWER => f.write_str("a follower"),
            Self::Role(role) => write!(f, "the {role}"),
        }
    }
}

/// Something that goes wrong, ready for the world to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Directed links are cut.
    Cut {
        /// As which kind it counts.
        kind: FaultKind,
        /// From and to.
        links: Vec<(ReplicaId, ReplicaId)>,
        /// Whether the clients of a replica share its fate.
        with_clients: bool,
    },
    /// A replica is cut off; who it is turns out when it begins.
    Isolate {
        /// Whom.
        target: Target,
        /// Whether it still is heard (`Some(true)`), still hears (`Some(false)`), or neither.
        only_sends: Option<bool>,
    },
    /// Directed links hold their messages.
    Clog {
        /// From and to.
        links: Vec<(ReplicaId, ReplicaId)>,
    },
    /// The next message of a kind takes longer.
    Hold {
        /// Its sender.
        from: ReplicaId,
        /// Its receiver.
        to: ReplicaId,
        /// The name of its kind.
        message: String,
        /// How much longer.
        by: Duration,
    },
    /// What is in flight on a link arrives once more.
    Repeat {
        /// From.
        from: ReplicaId,
        /// To.
        to: ReplicaId,
        /// How much later.
        by: Duration,
    },
    /// A session breaks.
    SessionBreak {
        /// One end.
        a: ReplicaId,
        /// The other.
        b: ReplicaId,
    },
    /// A replica goes down until the end.
    Crash {
        /// Whom.
        target: Target,
    },
    /// A replica goes down at a write to come.
    CrashAtWrite {
        /// Whom.
        target: Target,
        /// At which write, and where around it.
        fuse: Fuse,
        /// How long it stays down.
        down: Duration,
    },
    /// A replica stops.
    Pause {
        /// Whom.
        target: Target,
    },
    /// Handlers take longer.
    Slow {
        /// Whom.
        target: Target,
        /// How much longer.
        by: Duration,
    },
    /// Writes take longer.
    SlowDisk {
        /// Whom.
        target: Target,
        /// How much longer.
        by: Duration,
    },
    /// A call to the disk fails.
    DiskError {
        /// Whom.
        target: Target,
        /// Reads or writes.
        moment: Moment,
        /// Which one from now.
        calls: u64,
        /// How long the replica stays down if it cannot go on.
        down: Duration,
    },
    /// A clock jumps.
    ClockStep {
        /// Whose.
        target: Target,
        /// How far, in nanoseconds.
        by_ns: i64,
    },
    /// A clock lies.
    ClockLie {
        /// Whose.
        target: Target,
        /// By how much, in nanoseconds.
        by_ns: i64,
    },
}

impl Fault {
    /// As which kind it counts.
    pub const fn kind(&self) -> FaultKind {
        match self {
            Self::Cut { kind, .. } => *kind,
            Self::Isolate {
                only_sends: None, ..
            } => FaultKind::Isolate,
            Self::Isolate { .. } => FaultKind::OneWay,
            Self::Clog { .. } => FaultKind::Clog,
            Self::Hold { .. } => FaultKind::Hold,
            Self::Repeat { .. } => FaultKind::Repeat,
            Self::SessionBreak { .. } => FaultKind::SessionBreak,
            Self::Crash { .. } => FaultKind::Crash,
            Self::CrashAtWrite { .. } => FaultKind::CrashAtWrite,
            Self::Pause { .. } => FaultKind::Pause,
            Self::Slow { .. } => FaultKind::Slow,
            Self::SlowDisk { .. } => FaultKind::SlowDisk,
            Self::DiskError { .. } => FaultKind::DiskError,
            Self::ClockStep { .. } => FaultKind::ClockStep,
            Self::ClockLie { .. } => FaultKind::ClockLie,
        }
    }

    /// A partition into groups; who is in no group is alone.
    pub fn partition(groups: &[Vec<ReplicaId>], replicas: u64) -> Self {
        let group_of =
            |replica: ReplicaId| groups.iter().position(|group| group.contains(&replica));
        let together = |a, b| group_of(a).is_some_and(|group| Some(group) == group_of(b));
        let links = (1..=replicas)
            .flat_map(|from| (1..=replicas).map(move |to| (from, to)))
            .filter(|(from, to)| from != to && !together(*from, *to))
            .collect();
        Self::Cut {
            kind: FaultKind::Partition,
            links,
            with_clients: true,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links = |f: &mut fmt::Formatter<'_>, links: &[(ReplicaId, ReplicaId)]| {
            for (place, (from, to)) in links.iter().enumerate() {
                let comma = if place == 0 { " " } else { ", " };
                write!(f, "{comma}{from}>{to}")?;
            }
            Ok(())
        };
        match self {
            Self::Cut {
                kind, links: cut, ..
            } => {
                write!(f, "{kind}: cut")?;
                links(f, cut)
            }
            Self::Isolate { target, only_sends } => match only_sends {
                None => write!(f, "isolate {target}"),
                Some(true) => write!(f, "{target} hears nobody"),
                Some(false) => write!(f, "nobody hears {target}"),
            },
            Self::Clog { links: clogged } => {
                f.write_str("clog")?;
                links(f, clogged)
            }
            Self::Hold {
                from,
                to,
                message,
                by,
            } => write!(f, "hold the next {message} of {from} to {to} for {by}"),
            Self::Repeat { from, to, by } => {
                write!(f, "repeat what is in flight {from}>{to} after {by}")
            }
            Self::SessionBreak { a, b } => write!(f, "break the session {a}-{b}"),
            Self::Crash { target } => write!(f, "crash {target}"),
            Self::CrashAtWrite { target, fuse, .. } => {
                let place = match fuse.point {
                    CrashPoint::Before => "before",
                    CrashPoint::Torn => "in the middle of",
                    CrashPoint::After => "after",
                    CrashPoint::BeforeEffects => "in the handler of, before its effects leave,",
                };
                write!(f, "crash {target} {place} write {} from now", fuse.writes)
            }
            Self::Pause { target } => write!(f, "pause {target}"),
            Self::Slow { target, by } => write!(f, "slow {target} by {by} an event"),
            Self::SlowDisk { target, by } => write!(f, "slow the disk of {target} by {by} a write"),
            Self::DiskError {
                target,
                moment,
                calls,
                ..
            } => {
                let call = match moment {
                    Moment::Read => "read",
                    Moment::Write => "write",
                };
                write!(f, "fail {call} {calls} from now of {target}")
            }
            Self::ClockStep { target, by_ns } => {
                write!(f, "step the clock of {target} by {by_ns} ns")
            }
            Self::ClockLie { target, by_ns } => {
                write!(f, "let the clock of {target} lie by {by_ns} ns")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_cuts_every_link_between_groups_and_none_within() {
        let Fault::Cut { links, .. } = Fault::partition(&[vec![1, 2], vec![3]], 4) else {
            panic!("a partition cuts")
        };
        assert_eq!(links.len(), 12 - 2, "only 1-2 stays");
        assert!(!links.contains(&(1, 2)) && !links.contains(&(2, 1)));
        assert!(links.contains(&(4, 3)), "who is in no group is alone");
    }
}
