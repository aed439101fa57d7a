//! What is to go wrong: by script, by the clock, or when something is said.

use std::collections::BTreeMap;

use simulated_clock::{Duration, Instant};

use super::event::{Event, Queue};
use crate::decision::Decisions;
use crate::nemesis::{Begun, Fault, RandomFaults, Sent, Spoken, Strike, Target, TargetedFaults};
use crate::observation::ReplicaId;
use crate::replica::{Action, Effect, Message, Replica, Timed};
use crate::scenario::Scenario;
use crate::system::System;
use crate::units::KeyError;

/// A scripted fault as replicas and links are struck by it, and how long it lasts.
pub(super) type Scripted = (Fault, Option<Duration>);

/// An operator's action, read and ready.
pub(super) struct ScriptedCall<R: Replica> {
    pub(super) target: Target,
    pub(super) action: R::Action,
}

/// The faults and actions that are yet to begin.
pub(super) struct Nemesis<R: Replica> {
    random: RandomFaults,
    targeted: TargetedFaults,
    /// What is about to strike, by the number that its event names.
    strikes: BTreeMap<u32, Strike>,
    strikes_next: u32,
    scripted: Vec<Scripted>,
    calls: Vec<ScriptedCall<R>>,
}

/// The names of the kinds of message that a system's replicas send each other.
pub(super) const fn messages<S: System>() -> &'static [&'static str] {
    kinds::<S::Replica>()
}

const fn kinds<R: Replica>() -> &'static [&'static str] {
    <R::Message as Message>::KINDS
}

/// Reads an operator action of a system.
pub(super) fn read_action<R: Replica>(
    name: &str,
    value: Option<&serde_json::Value>,
) -> Result<R::Action, String> {
    R::Action::parse(name, value)
}

/// The faults of a scenario's script.
pub(super) fn scripted_faults(scenario: &Scenario) -> Result<Vec<Scripted>, KeyError> {
    let faults = scenario.faults.iter().enumerate();
    let lowered = faults.map(|(index, fault)| {
        let lowered = fault.lower(scenario.cluster.replicas);
        let lowered = lowered.map_err(|error| error.within(format!("fault[{index}]")))?;
        Ok((lowered, fault.lasts.map(|time| time.0)))
    });
    lowered.collect()
}

/// The faults of a scenario that wait for cues; `lowered` are its scripted ones.
fn targeted_faults(
    scenario: &Scenario,
    lowered: &[Scripted],
    messages: &'static [&'static str],
    decisions: &Decisions,
) -> TargetedFaults {
    let replicas = scenario.cluster.replicas;
    let rates = &scenario.nemesis.targeted;
    let start = Instant::ZERO + scenario.nemesis.start_after.0;
    let targeted = TargetedFaults::new(rates, replicas, messages, decisions);
    let mut targeted = targeted.starting_at(start);
    for (index, (scripted, (fault, _))) in (0..).zip(scenario.faults.iter().zip(lowered)) {
        if scripted.on.is_some() {
            targeted.script(index, scripted, fault.clone());
        }
    }
    targeted
}

impl<R: Replica> Nemesis<R> {
    /// What goes wrong in a scenario; `scripted` and `calls` are of its script.
    pub(super) fn new(
        scenario: &Scenario,
        scripted: Vec<Scripted>,
        calls: Vec<ScriptedCall<R>>,
        decisions: &Decisions,
    ) -> Self {
        let messages = kinds::<R>();
        Self {
            random: RandomFaults::new(&scenario.nemesis, scenario.cluster.replicas, messages),
            targeted: targeted_faults(scenario, &scripted, messages, decisions),
            strikes: BTreeMap::new(),
            strikes_next: 0,
            scripted,
            calls,
        }
    }

    /// Whether anything waits for something to be sent.
    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        self.targeted.is_waiting()
    }

    /// A handler sent something that faults may wait for: what begins because of it is put into
    /// the queue, so that it strikes when the handler's effects have left.
    #[cold]
    pub(super) fn hear(
        &mut self,
        now: Instant,
        (speaker, effects): (ReplicaId, &[Timed<R>]),
        leader: Option<ReplicaId>,
        decisions: &mut Decisions,
        agenda: &mut Queue,
    ) {
        for timed in effects {
            let (sent, leader) = match &timed.effect {
                Effect::Send { message, .. } => {
                    (Sent::Message(message.kind()), message.leader().or(leader))
                }
                Effect::Reply(_) => (Sent::Reply, leader),
                Effect::SetTimer { .. } | Effect::CancelTimer(_) => continue,
            };
            let spoken = Spoken {
                sent,
                speaker,
                leader,
            };
            for strike in self.targeted.hear(now, spoken, decisions) {
                let id = self.strikes_next;
                self.strikes_next += 1;
                agenda.push(now + strike.after, Event::Strike { id });
                self.strikes.insert(id, strike);
            }
        }
    }

    /// The targeted fault that begins now.
    pub(super) fn strike(&mut self, id: u32) -> Strike {
        self.strikes.remove(&id).expect("each strikes once")
    }

    /// What begins in the slot of random faults that begins now.
    pub(super) fn slot(&mut self, now: Instant, decisions: &mut Decisions) -> Vec<Begun> {
        self.random.slot(now, decisions)
    }

    /// A fault of the script.
    pub(super) fn scripted(&self, index: usize) -> Scripted {
        self.scripted[index].clone()
    }

    /// An operator's action of the script.
    pub(super) fn call(&self, index: usize) -> &ScriptedCall<R> {
        &self.calls[index]
    }
}
