//! The details of one fault, drawn from the decisions.

use simulated_clock::Duration;

use super::fault::{Fault, FaultKind, Target};
use super::slot::SLOT;
use crate::decision::{Decisions, Stream};
use crate::observation::ReplicaId;
use crate::storage::{CrashPoint, Fuse, Moment};

/// The farthest write that a random crash or error strikes.
const WRITES_MAX: u64 = 24;

/// The questions about one fault.
pub(super) struct Draw<'a> {
    decisions: &'a mut Decisions,
    stream: Stream,
    replicas: u64,
    messages: &'static [&'static str],
    /// Whom every question for a replica is answered with.
    victim: Option<ReplicaId>,
}

impl<'a> Draw<'a> {
    /// The questions of one `kind` of site within one `scope`.
    pub(super) fn new(
        decisions: &'a mut Decisions,
        kind: &str,
        scope: String,
        replicas: u64,
        messages: &'static [&'static str],
    ) -> Self {
        let stream = decisions.stream(kind, scope);
        Self {
            decisions,
            stream,
            replicas,
            messages,
            victim: None,
        }
    }

    /// From now on `victim` is struck, alone or as one end of a link.
    pub(super) fn aimed_at(mut self, victim: ReplicaId) -> Self {
        debug_assert!((1..=self.replicas).contains(&victim), "a victim exists");
        self.victim = Some(victim);
        self
    }

    pub(super) fn happens(&mut self, every: Duration) -> bool {
        let ppm = SLOT.as_nanos() * 1_000_000 / every.as_nanos().max(SLOT.as_nanos());
        self.decisions.chance(&mut self.stream, ppm as u32)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.decisions.below(&mut self.stream, bound)
    }

    pub(super) fn between(&mut self, min: Duration, max: Duration) -> Duration {
        let drawn = self
            .decisions
            .between(&mut self.stream, min.as_nanos(), max.as_nanos());
        Duration::from_nanos(drawn)
    }

    pub(super) fn replica(&mut self) -> ReplicaId {
        match self.victim {
            Some(victim) => victim,
            None => 1 + self.below(self.replicas),
        }
    }

    /// Any replica but this one.
    pub(super) fn other_than(&mut self, replica: ReplicaId) -> ReplicaId {
        1 + (replica - 1 + 1 + self.below(self.replicas - 1)) % self.replicas
    }

    fn target(&mut self) -> Target {
        Target::Replica(self.replica())
    }

    /// Two different replicas, in either direction.
    fn directed_pair(&mut self) -> (ReplicaId, ReplicaId) {
        let (a, b) = self.pair();
        if self.below(2) == 1 { (b, a) } else { (a, b) }
    }

    /// Two different replicas.
    fn pair(&mut self) -> (ReplicaId, ReplicaId) {
        let a = self.replica();
        let b = self.other_than(a);
        debug_assert_ne!(a, b, "a link has two ends");
        (a, b)
    }

    fn signed(&mut self, largest: Duration) -> i64 {
        let largest = largest.as_nanos();
        self.below(2 * largest + 1) as i64 - largest as i64
    }

    pub(super) fn fault(&mut self, kind: FaultKind, lasts: Duration) -> Fault {
        match kind {
            FaultKind::Partition => self.partition(),
            FaultKind::Isolate => Fault::Isolate {
                target: self.target(),
                only_sends: None,
            },
            FaultKind::OneWay => Fault::Isolate {
                target: self.target(),
                only_sends: Some(self.below(2) == 1),
            },
            FaultKind::Cut => {
                let (a, b) = self.pair();
                Fault::Cut {
                    kind,
                    links: vec![(a, b), (b, a)],
                    with_clients: false,
                }
            }
            FaultKind::Clog => {
                let (a, b) = self.pair();
                let both = self.below(2) == 1;
                let mut links = vec![(a, b)];
                links.extend(both.then_some((b, a)));
                Fault::Clog { links }
            }
            FaultKind::Hold => {
                let (from, to) = self.directed_pair();
                let message = self.below(self.messages.len() as u64);
                Fault::Hold {
                    from,
                    to,
                    message: self.messages[message as usize].to_owned(),
                    by: lasts,
                }
            }
            FaultKind::Repeat => {
                let (from, to) = self.directed_pair();
                Fault::Repeat {
                    from,
                    to,
                    by: lasts,
                }
            }
            FaultKind::SessionBreak => {
                let (a, b) = self.pair();
                Fault::SessionBreak { a, b }
            }
            FaultKind::Crash => Fault::Crash {
                target: self.target(),
            },
            FaultKind::CrashAtWrite => Fault::CrashAtWrite {
                target: self.target(),
                fuse: self.fuse(),
                down: lasts,
            },
            FaultKind::Pause => Fault::Pause {
                target: self.target(),
            },
            FaultKind::Slow => Fault::Slow {
                target: self.target(),
                by: self.between(Duration::from_micros(100), Duration::from_millis(5)),
            },
            FaultKind::SlowDisk => Fault::SlowDisk {
                target: self.target(),
                by: self.between(Duration::from_micros(100), Duration::from_millis(20)),
            },
            FaultKind::DiskError => Fault::DiskError {
                target: self.target(),
                moment: Moment::Write,
                calls: 1 + self.below(WRITES_MAX),
                down: lasts,
            },
            FaultKind::ClockStep => Fault::ClockStep {
                target: self.target(),
                by_ns: self.signed(Duration::from_secs(1)),
            },
            FaultKind::ClockLie => Fault::ClockLie {
                target: self.target(),
                by_ns: self.signed(Duration::from_secs(1)),
            },
        }
    }

    fn fuse(&mut self) -> Fuse {
        const POINTS: [CrashPoint; 4] = [
            CrashPoint::Before,
            CrashPoint::Torn,
            CrashPoint::After,
            CrashPoint::BeforeEffects,
        ];
        Fuse {
            writes: 1 + self.below(WRITES_MAX),
            point: POINTS[self.below(4) as usize],
            tear: self.below(64),
        }
    }

    /// Each replica goes to one of two sides; nobody is left out on purpose.
    fn partition(&mut self) -> Fault {
        let sides = 1 + self.below((1 << self.replicas) - 2);
        let side = |wanted: u64| {
            (1..=self.replicas)
                .filter(|replica| (sides >> (replica - 1)) & 1 == wanted)
                .collect::<Vec<_>>()
        };
        let groups = [side(0), side(1)];
        debug_assert!(
            groups.iter().all(|group| !group.is_empty()),
            "both sides are populated"
        );
        Fault::partition(&groups, self.replicas)
    }
}
