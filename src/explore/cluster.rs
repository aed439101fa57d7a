//! The cluster of a search: what may happen to it, and what its replicas make of that.

use std::sync::Arc;

use simulated_clock::Instant;

use super::memo::Memo;
use super::rest::Rest;
use super::rules::Rules;
use super::state::State;
use super::step::{Fate, Input, Local, Step, Taken};
use super::subject::Subject;

/// All that it takes to go from state to state: nothing here depends on how a search stands.
pub(super) struct Cluster {
    rules: Rules,
    memo: Memo,
    subject: Subject,
}

impl Cluster {
    pub(super) fn new(rules: Rules, memo: Memo, subject: Subject) -> Self {
        Self {
            rules,
            memo,
            subject,
        }
    }

    /// The same, and nothing is left out.
    pub(super) fn unreduced(self) -> Self {
        Self {
            rules: self.rules.unreduced(),
            ..self
        }
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(super) fn memo(&self) -> &Memo {
        &self.memo
    }

    pub(super) fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What is known of a replica's state.
    pub(super) fn local(&self, state: &State, replica: usize) -> Arc<Local> {
        self.memo.local(state.locals[replica])
    }

    /// Whether a replica runs.
    pub(super) fn is_up(&self, state: &State, replica: usize) -> bool {
        self.local(state, replica).up
    }

    /// The first replica that is down.
    pub(super) fn down(&self, state: &State) -> Option<u8> {
        let mut replicas = 0..state.replicas();
        let down = replicas.find(|replica| !self.is_up(state, *replica));
        down.map(|replica| replica as u8)
    }

    /// When the next timer of any replica is due.
    pub(super) fn next_due(&self, state: &State) -> Option<Instant> {
        let locals = state.locals.iter().map(|local| self.memo.local(*local));
        locals.filter_map(|local| local.next_due).min()
    }

    /// A step of a replica.
    pub(super) fn step(
        &self,
        state: &State,
        replica: usize,
        input: Input,
        fate: Fate,
    ) -> Arc<Step> {
        self.memo.step(state.locals[replica], input, fate)
    }

    /// The same, as it is taken again later.
    pub(super) fn taken(&self, state: &State, replica: usize, input: Input, fate: Fate) -> Taken {
        Taken {
            replica,
            input,
            fate,
            step: self.step(state, replica, input, fate),
        }
    }

    /// Every replica finds that time has passed until the next timer is due.
    pub(super) fn time_passes(&self, state: &State) -> Vec<Taken> {
        let Some(due) = self.next_due(state) else {
            return Vec::new();
        };
        let replicas = 0..state.replicas();
        let taken =
            replicas.map(|replica| self.taken(state, replica, Input::Time(due), Fate::Whole));
        taken.collect()
    }

    /// Whether nothing happens any more unless something fails or somebody acts.
    pub(super) fn is_at_rest(&self, state: &State) -> bool {
        state.cut == 0 && state.links.iter().all(Vec::is_empty) && self.down(state).is_none()
    }

    /// What a state at rest is recognised by.
    pub(super) fn rest(&self, state: &State) -> Rest {
        Rest {
            locals: state.locals.clone(),
            agreed: state.agreed.clone(),
            open: self.rules.clients().asking_on(state),
        }
    }
}
