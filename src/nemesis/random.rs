//! Random faults: in every slot of time, for every kind, the decisions are asked
//! whether one begins, and then for its details. The scope of these questions is
//! (kind, slot), so that making one fault boring leaves all others as they were.

use simulated_clock::{Duration, Instant};

use super::fault::{Fault, FaultKind, Target};
use super::options::{ActionRate, FaultRate, NemesisOptions, Rates};
use crate::decision::{Decisions, Stream};
use crate::observation::ReplicaId;
use crate::storage::{CrashPoint, Fuse, Moment};

/// How long a slot is.
pub const SLOT: Duration = Duration::from_millis(100);

/// The farthest write that a random crash or error strikes.
const WRITES_MAX: u64 = 24;

/// Draws random faults slot by slot.
#[derive(Debug)]
pub struct RandomFaults {
    rates: Vec<Kind>,
    actions: Vec<ActionRate>,
    start_after: Instant,
    replicas: u64,
}

#[derive(Debug)]
struct Kind {
    kind: FaultKind,
    rate: FaultRate,
    /// No fault of this kind begins before.
    quiet_until: Instant,
}

/// What begins in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// A fault that lasts for a time.
    Fault(Fault, Duration),
    /// An operator acts on a replica.
    Action {
        /// Whom.
        replica: ReplicaId,
        /// The action's name.
        action: String,
        /// Its value, if it takes one.
        value: Option<u64>,
    },
}

impl RandomFaults {
    /// The faults of a scenario with so many replicas.
    pub fn new(options: &NemesisOptions, replicas: u64) -> Self {
        let rates: Rates = options.rates();
        Self {
            rates: rates
                .into_iter()
                .map(|(kind, rate)| Kind {
                    kind,
                    rate,
                    quiet_until: Instant::ZERO,
                })
                .collect(),
            actions: options.actions.clone(),
            start_after: Instant::ZERO + options.start_after.0,
            replicas,
        }
    }

    /// What begins in the slot that begins at `now`.
    pub fn slot(&mut self, now: Instant, decisions: &mut Decisions) -> Vec<Begun> {
        let mut begun = Vec::new();
        if now < self.start_after {
            return begun;
        }
        let slot = now.as_nanos() / SLOT.as_nanos();
        let replicas = self.replicas;
        for kind in &mut self.rates {
            // The question is asked even when it is too early, so that the
            // sites of a slot do not depend on what happened before it.
            let mut draw = Draw::new(decisions, kind.kind.name(), slot, replicas);
            let begins = draw.happens(kind.rate.every.0);
            if !begins || now < kind.quiet_until {
                continue;
            }
            let lasts = draw.between(kind.rate.lasts.min, kind.rate.lasts.max);
            let fault = draw.fault(kind.kind, lasts);
            kind.quiet_until = now + lasts + kind.rate.stability.0;
            begun.push(Begun::Fault(fault, lasts));
        }
        for action in &self.actions {
            let mut draw = Draw::new(decisions, &action.action, slot, replicas);
            if draw.happens(action.every.0) {
                begun.push(Begun::Action {
                    replica: draw.replica(),
                    value: action.value_up_to.map(|most| draw.below(most + 1)),
                    action: action.action.clone(),
                });
            }
        }
        begun
    }
}

/// The questions about one kind in one slot.
struct Draw<'a> {
    decisions: &'a mut Decisions,
    stream: Stream,
    replicas: u64,
}

impl<'a> Draw<'a> {
    fn new(decisions: &'a mut Decisions, kind: &str, slot: u64, replicas: u64) -> Self {
        let stream = decisions.stream("fault", format_args!("{kind}.{slot}"));
        Self {
            decisions,
            stream,
            replicas,
        }
    }

    fn happens(&mut self, every: Duration) -> bool {
        let ppm = SLOT.as_nanos() * 1_000_000 / every.as_nanos().max(SLOT.as_nanos());
        self.decisions.chance(&mut self.stream, ppm as u32)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.decisions.below(&mut self.stream, bound)
    }

    fn between(&mut self, min: Duration, max: Duration) -> Duration {
        let drawn = self
            .decisions
            .between(&mut self.stream, min.as_nanos(), max.as_nanos());
        Duration::from_nanos(drawn)
    }

    fn replica(&mut self) -> ReplicaId {
        1 + self.below(self.replicas)
    }

    fn target(&mut self) -> Target {
        Target::Replica(self.replica())
    }

    /// Two different replicas.
    fn pair(&mut self) -> (ReplicaId, ReplicaId) {
        let a = self.replica();
        let b = 1 + (a - 1 + 1 + self.below(self.replicas - 1)) % self.replicas;
        debug_assert_ne!(a, b, "a link has two ends");
        (a, b)
    }

    fn signed(&mut self, largest: Duration) -> i64 {
        let largest = largest.as_nanos();
        self.below(2 * largest + 1) as i64 - largest as i64
    }

    fn fault(&mut self, kind: FaultKind, lasts: Duration) -> Fault {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Time, TimeRange};

    fn options(stability_ms: u64) -> NemesisOptions {
        let rate = FaultRate {
            every: Time::from_millis(500),
            lasts: TimeRange::from_millis(100, 300),
            stability: Time::from_millis(stability_ms),
        };
        NemesisOptions {
            partition: Some(rate),
            crash_at_write: Some(rate),
            ..NemesisOptions::default()
        }
    }

    fn begun(stability_ms: u64, seed: u64) -> Vec<(Instant, Begun)> {
        let mut faults = RandomFaults::new(&options(stability_ms), 5);
        let mut decisions = Decisions::seeded(seed);
        (0..600)
            .flat_map(|slot| {
                let now = Instant::ZERO + SLOT * slot;
                faults
                    .slot(now, &mut decisions)
                    .into_iter()
                    .map(move |begun| (now, begun))
            })
            .collect()
    }

    #[test]
    fn faults_come_at_their_rate_and_leave_the_stability_they_promise() {
        let all = begun(1_000, 3);
        let partitions: Vec<_> = all
            .iter()
            .filter_map(|(at, begun)| match begun {
                Begun::Fault(fault, lasts) if fault.kind() == FaultKind::Partition => {
                    Some((*at, *lasts))
                }
                _ => None,
            })
            .collect();
        assert!(partitions.len() > 20, "{}", partitions.len());
        for pair in partitions.windows(2) {
            assert!(pair[1].0 >= pair[0].0 + pair[0].1 + Duration::from_millis(1_000));
        }
    }

    #[test]
    fn with_every_decision_boring_nothing_begins() {
        use crate::decision::{Kept, Plan};
        let plan = Plan {
            kept: Kept::Only(Default::default()),
            ..Plan::default()
        };
        let mut decisions = Decisions::planned(1, plan);
        let mut faults = RandomFaults::new(&options(0), 5);
        let slots = (0..100).map(|slot| {
            faults
                .slot(Instant::ZERO + SLOT * slot, &mut decisions)
                .len()
        });
        assert_eq!(slots.sum::<usize>(), 0);
    }
}
