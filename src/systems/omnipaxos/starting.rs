//! How a replica begins to tick.
//!
//! As published, only the initial leader acts at first: it attempts to lead
//! until it does, then tells everyone when to begin. The others wait for that
//! signal without ticking, so a signal that is lost is lost for ever.

use simulated_clock::{Duration, Instant};

use super::message::{PaxosPacket, ServiceMessage};
use super::replica::{BEGIN, LEADER_WAIT, OmniPaxosReplica, TICK};
use super::start_phase::StartPhase;
use super::state_machine::StateMachine;
use crate::replica::Context;

/// How long after the signal everyone begins.
const LEAD_TIME: Duration = Duration::from_secs(2);

impl<S: StateMachine> OmniPaxosReplica<S> {
    pub(super) fn begin_start_phase(&mut self, context: &mut Context<'_, Self>) {
        match self.start_phase {
            StartPhase::InitialLeader => {
                context.set_timer(LEADER_WAIT, self.options.tuning.leader_wait.0)
            }
            StartPhase::Waiting => {}
            StartPhase::Begun => self.begin_ticking(context),
        }
    }

    /// The first tick comes at a drawn phase, so that replicas do not tick in step.
    pub(super) fn begin_ticking(&mut self, context: &mut Context<'_, Self>) {
        let tick = self.options.tuning.tick.as_nanos();
        let phase = context.choose("tick_phase", tick);
        context.set_timer(TICK, Duration::from_nanos(phase + 1));
    }

    /// The initial leader looks whether it leads.
    pub(super) fn look_whether_leading(&mut self, context: &mut Context<'_, Self>) {
        if self.start_phase != StartPhase::InitialLeader {
            return;
        }
        if self.paxos.get_current_leader() == Some((context.me(), true)) {
            let (now, _) = context.clock();
            let at = now + LEAD_TIME;
            for peer in context.peers() {
                context.send(peer, PaxosPacket::Service(ServiceMessage::start_at(at)));
            }
            self.begin_at(at, context);
        } else {
            self.paxos.try_become_leader();
            context.set_timer(LEADER_WAIT, self.options.tuning.leader_wait.0);
        }
    }

    /// The signal says when to begin.
    pub(super) fn begin_at(&mut self, at: Instant, context: &mut Context<'_, Self>) {
        if self.start_phase == StartPhase::Begun {
            return;
        }
        self.start_phase = StartPhase::Begun;
        let (now, _) = context.clock();
        context.set_timer(BEGIN, at.saturating_since(now));
    }
}
