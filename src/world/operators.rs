//! Operators act: by script, or at random.

use simulated_clock::Instant;

use super::dispatch::what;
use super::process::Input;
use super::{Stage, World};
use crate::decision::hash::text_hash;
use crate::nemesis::{FaultSource, Target};
use crate::system::System;

impl<S: System> World<'_, S> {
    /// An operator acts by script.
    pub(super) fn scripted_action(&mut self, now: Instant, index: usize) {
        if self.stage == Stage::Nemesis {
            let call = &self.actions[index];
            let source = FaultSource::Action(index as u16);
            let (target, action) = (call.target.clone(), call.action.clone());
            self.act(now, source, &target, action);
        }
    }

    pub(super) fn act(
        &mut self,
        now: Instant,
        source: FaultSource,
        target: &Target,
        action: <S::Replica as crate::replica::Replica>::Action,
    ) {
        self.tally.began(source);
        let Some(index) = self.resolve(target) else {
            return;
        };
        self.step(
            now,
            what::ACTION,
            index as u32,
            text_hash(format_args!("{action:?}")),
            || format!("an operator asks replica {}: {action:?}", index + 1),
        );
        self.trace(now, index, format_args!("an operator asks for {action:?}"));
        self.arrive(now, index, || Input::Operator { action, source });
    }
}
