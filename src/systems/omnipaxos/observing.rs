//! What a replica says of itself to the checks, beside what it applies and answers.

use super::replica::OmniPaxosReplica;
use super::state_machine::StateMachine;
use super::voice::heard;
use crate::observation::Observation;
use crate::replica::Context;

impl<S: StateMachine> OmniPaxosReplica<S> {
    #[inline]
    pub(super) fn observe_leader(&mut self, context: &Context<'_, Self>) {
        let leader = self.paxos.get_current_leader();
        if leader != self.leader {
            if leader.is_some_and(|(leader, _)| leader == context.me()) {
                self.observe_heartbeats(context);
            }
            self.leader = leader;
            context.observe(|| Observation::Leads {
                leader: leader.map(|(leader, _)| leader),
                accepting: leader.is_some_and(|(_, accepting)| accepting),
            });
        }
    }

    pub(super) fn observe_heartbeats(&self, context: &Context<'_, Self>) {
        for reply in &self.paxos.get_ui_states().heartbeats {
            context.observe(|| heard(reply));
        }
    }

    pub(super) fn observe_restored(&self, context: &Context<'_, Self>) {
        context.observe(|| Observation::Restored {
            index: self.machine.chain.index,
            chain: self.machine.chain.digest,
            state: self.machine.digest(),
        });
    }

    pub(super) fn observe_state(&self, context: &Context<'_, Self>) {
        context.observe(|| Observation::State {
            index: self.machine.chain.index,
            chain: self.machine.chain.digest,
            state: self.machine.digest(),
        });
    }
}
