//! Faults that wait for something to be said.

use simulated_clock::Instant;

use super::event::Event;
use super::{Stage, World};
use crate::decision::Decisions;
use crate::nemesis::{Fault, TargetedFaults};
use crate::observation::{Observation, ReplicaId};
use crate::replica::{Message, Replica};
use crate::scenario::Scenario;
use crate::system::{EntryOf, System};

/// The names of the kinds of message that a system's replicas send each other.
pub(super) const fn messages<S: System>() -> &'static [&'static str] {
    <<S::Replica as Replica>::Message as Message>::KINDS
}

/// The faults of a scenario that wait for cues; `lowered` are its scripted ones.
pub(super) fn targeted_faults<S: System>(
    scenario: &Scenario,
    lowered: &[(Fault, Option<simulated_clock::Duration>)],
    decisions: &Decisions,
) -> TargetedFaults {
    let replicas = scenario.cluster.replicas;
    let rates = &scenario.nemesis.targeted;
    let start = Instant::ZERO + scenario.nemesis.start_after.0;
    let targeted = TargetedFaults::new(rates, replicas, messages::<S>(), decisions);
    let mut targeted = targeted.starting_at(start);
    for (index, (scripted, (fault, _))) in (0..).zip(scenario.faults.iter().zip(lowered)) {
        if scripted.on.is_some() {
            targeted.script(index, scripted, fault.clone());
        }
    }
    targeted
}

impl<S: System> World<'_, S> {
    /// A replica said something: what begins because of it is put into the
    /// queue, so that it strikes when the handler's effects have left.
    #[cold]
    pub(super) fn cue(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        observation: &Observation<EntryOf<S>>,
    ) {
        if self.stage != Stage::Nemesis {
            return;
        }
        let leader = self.tally.leader;
        let strikes = self
            .targeted
            .hear(now, replica, leader, observation, &mut self.decisions);
        for strike in strikes {
            let id = self.strikes_next;
            self.strikes_next += 1;
            self.agenda.push(now + strike.after, Event::Strike { id });
            self.strikes.insert(id, strike);
        }
    }

    /// A targeted fault begins.
    pub(super) fn strike(&mut self, now: Instant, id: u32) {
        let strike = self.strikes.remove(&id).expect("each strikes once");
        if self.stage == Stage::Nemesis {
            self.begin_fault(now, strike.source, &strike.fault, strike.lasts);
        }
    }
}
