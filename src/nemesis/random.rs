//! Random faults: in every slot of time, for every kind, the decisions are asked
//! whether one begins, and then for its details. The scope of these questions is
//! (kind, slot), so that making one fault boring leaves all others as they were.

use simulated_clock::{Duration, Instant};

use super::draw::Draw;
use super::fault::{Fault, FaultKind};
use super::options::{ActionRate, FaultRate, NemesisOptions, Rates};
use super::slot::SLOT;
use crate::decision::Decisions;
use crate::observation::ReplicaId;

/// Draws random faults slot by slot.
#[derive(Debug)]
pub struct RandomFaults {
    rates: Vec<Kind>,
    actions: Vec<ActionRate>,
    start_after: Instant,
    replicas: u64,
    messages: &'static [&'static str],
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
#[non_exhaustive]
pub enum Begun {
    /// A fault that lasts for a time.
    Fault(Fault, Duration),
    /// An operator acts on a replica.
    Action {
        /// Which of the random actions it is, from 0 on.
        index: u16,
        /// Whom.
        replica: ReplicaId,
        /// The action's name.
        action: String,
        /// Its value, if it takes one.
        value: Option<u64>,
    },
}

impl RandomFaults {
    /// The faults of a scenario with so many replicas; `messages` are the names of
    /// the kinds of message that these send each other.
    pub fn new(options: &NemesisOptions, replicas: u64, messages: &'static [&'static str]) -> Self {
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
            messages,
        }
    }

    /// What begins in the slot that begins at `now`.
    pub fn slot(&mut self, now: Instant, decisions: &mut Decisions) -> Vec<Begun> {
        let mut begun = Vec::new();
        if now < self.start_after {
            return begun;
        }
        let slot = now.as_nanos() / SLOT.as_nanos();
        let (replicas, messages) = (self.replicas, self.messages);
        for kind in &mut self.rates {
            // The question is asked even when it is too early, so that the
            // sites of a slot do not depend on what happened before it.
            let scope = format!("{}.{slot}", kind.kind);
            let mut draw = Draw::new(decisions, "fault", scope, replicas, messages);
            let begins = draw.happens(kind.rate.every.0);
            if !begins || now < kind.quiet_until {
                continue;
            }
            let lasts = draw.between(kind.rate.lasts.min, kind.rate.lasts.max);
            let fault = draw.fault(kind.kind, lasts);
            kind.quiet_until = now + lasts + kind.rate.stability.0;
            begun.push(Begun::Fault(fault, lasts));
        }
        for (index, action) in (0..).zip(&self.actions) {
            let scope = format!("{}.{slot}", action.action);
            let mut draw = Draw::new(decisions, "fault", scope, replicas, messages);
            if draw.happens(action.every.0) {
                begun.push(Begun::Action {
                    index,
                    replica: draw.replica(),
                    value: action.value_up_to.map(|most| draw.below(most + 1)),
                    action: action.action.clone(),
                });
            }
        }
        begun
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
        let mut faults = RandomFaults::new(&options(stability_ms), 5, &["Message"]);
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
        let mut faults = RandomFaults::new(&options(0), 5, &["Message"]);
        let slots = (0..100).map(|slot| {
            faults
                .slot(Instant::ZERO + SLOT * slot, &mut decisions)
                .len()
        });
        assert_eq!(slots.sum::<usize>(), 0);
    }
}
