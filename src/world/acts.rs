//! The nemesis acts: faults begin and operators act, by script, at random, or at a cue.

use simulated_clock::Instant;

use super::World;
use super::event::Event;
use super::input::Input;
use super::nemesis::read_action;
use super::what;
use crate::decision::hash::text_hash;
use crate::nemesis::{Begun, FaultSource, SLOT, Target};
use crate::observation::ReplicaId;
use crate::replica::Replica;
use crate::system::System;

impl<S: System> World<'_, S> {
    /// A slot of random faults begins.
    pub(super) fn random_slot(&mut self, now: Instant) {
        if !self.course.is_nemesis() {
            return;
        }
        for begun in self.nemesis.slot(now, &mut self.decisions) {
            match begun {
                Begun::Fault(fault, lasts) => {
                    let source = FaultSource::Random(fault.kind());
                    self.begin_fault(now, source, &fault, Some(lasts));
                }
                Begun::Action {
                    index,
                    replica,
                    action,
                    value,
                } => {
                    // Scenarios name only actions that the system has.
                    let value = value.map(serde_json::Value::from);
                    if let Ok(action) = read_action::<S::Replica>(&action, value.as_ref()) {
                        let source = FaultSource::RandomAction(index);
                        self.act(now, source, &Target::Replica(replica), action);
                    }
                }
            }
        }
        self.agenda.push(now + SLOT, Event::Slot);
    }

    /// A fault begins by script.
    pub(super) fn scripted_fault(&mut self, now: Instant, index: u16) {
        if self.course.is_nemesis() {
            let (fault, lasts) = self.nemesis.scripted(usize::from(index));
            self.begin_fault(now, FaultSource::Fault(index), &fault, lasts);
        }
    }

    /// A handler of this replica sent something that faults may wait for.
    #[cold]
    pub(super) fn cues(&mut self, now: Instant, speaker: ReplicaId) {
        if self.course.is_nemesis() {
            let said = (speaker, self.cluster.effects());
            let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
            self.nemesis
                .hear(now, said, self.watch.leader(), decisions, agenda);
        }
    }

    /// A targeted fault begins.
    pub(super) fn targeted_fault(&mut self, now: Instant, id: u32) {
        let strike = self.nemesis.strike(id);
        if self.course.is_nemesis() {
            self.begin_fault(now, strike.source, &strike.fault, strike.lasts);
        }
    }

    /// An operator acts by script.
    pub(super) fn scripted_action(&mut self, now: Instant, index: u16) {
        if self.course.is_nemesis() {
            let call = self.nemesis.call(usize::from(index));
            let (target, action) = (call.target.clone(), call.action.clone());
            self.act(now, FaultSource::Action(index), &target, action);
        }
    }

    fn act(
        &mut self,
        now: Instant,
        source: FaultSource,
        target: &Target,
        action: <S::Replica as Replica>::Action,
    ) {
        self.watch.began(source);
        let Some(index) = self.resolve(target) else {
            return;
        };
        self.watch.step(
            now,
            what::ACTION,
            index as u32,
            text_hash(format_args!("{action:?}")),
            || format!("an operator asks replica {}: {action:?}", index + 1),
        );
        let words = format_args!("an operator asks for {action:?}");
        self.watch.trace(now, index, words);
        self.arrive(now, index, || Input::Operator { action, source });
    }
}
