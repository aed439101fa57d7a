//! Faults that wait for something to be sent.

use simulated_clock::Instant;

use super::event::Event;
use super::{Stage, World};
use crate::decision::Decisions;
use crate::nemesis::{Fault, Sent, Spoken, TargetedFaults};
use crate::observation::ReplicaId;
use crate::replica::{Effect, Message, Replica};
use crate::scenario::Scenario;
use crate::system::System;

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
    /// A handler sent something that faults may wait for: what begins because of it is put into
    /// the queue, so that it strikes when the handler's effects have left.
    #[cold]
    pub(super) fn cues(&mut self, now: Instant, speaker: ReplicaId) {
        if self.stage != Stage::Nemesis {
            return;
        }
        for timed in &self.effects {
            let (sent, leader) = match &timed.effect {
                Effect::Send { message, .. } => {
                    let leader = message.leader().or(self.tally.leader);
                    (Sent::Message(message.kind()), leader)
                }
                Effect::Reply(_) => (Sent::Reply, self.tally.leader),
                Effect::SetTimer { .. } | Effect::CancelTimer(_) => continue,
            };
            let spoken = Spoken {
                sent,
                speaker,
                leader,
            };
            for strike in self.targeted.hear(now, spoken, &mut self.decisions) {
                let id = self.strikes_next;
                self.strikes_next += 1;
                self.agenda.push(now + strike.after, Event::Strike { id });
                self.strikes.insert(id, strike);
            }
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
