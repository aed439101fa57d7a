//! Trimming the log without snapshots.
//!
//! The library deletes what every replica has accepted. The service must be
//! able to rebuild its state without those entries, so before anything is
//! trimmed every replica writes a durable checkpoint at or above that index.
//! The leader asks for them and trims when all are written; an answer that is
//! lost means that the operator has to ask again.

use std::rc::Rc;

use super::message::{PaxosPacket, ServiceMessage};
use super::replica::OmniPaxosReplica;
use super::state_machine::StateMachine;
use crate::observation::ReplicaId;
use crate::replica::Context;

impl<S: StateMachine> OmniPaxosReplica<S> {
    /// The operator asks this replica to trim; only a leader can.
    pub(super) fn ask_for_checkpoints(&mut self, context: &mut Context<'_, Self>) {
        let leads = self.paxos.get_current_leader() == Some((context.me(), true));
        let index = self.machine.chain.index;
        if !leads || index == 0 {
            return;
        }
        self.write_checkpoint();
        self.trimming.want(index);
        for peer in context.peers() {
            let ask = ServiceMessage::WriteCheckpoint { index };
            context.send(peer, PaxosPacket::Service(ask));
        }
    }

    /// The leader asks this replica for a checkpoint.
    pub(super) fn owe_checkpoint(
        &mut self,
        to: ReplicaId,
        index: u64,
        context: &mut Context<'_, Self>,
    ) {
        self.trimming.owe(to, index);
        self.pay_checkpoint(context);
    }

    /// Writes a checkpoint that is owed, once enough is applied.
    pub(super) fn pay_checkpoint(&mut self, context: &mut Context<'_, Self>) {
        let Some(to) = self.trimming.pay(self.machine.chain.index) else {
            return;
        };
        if self.planted.is_none() || self.writes_checkpoints() {
            self.write_checkpoint();
        }
        let written = ServiceMessage::CheckpointWritten {
            index: self.machine.chain.index,
        };
        context.send(to, PaxosPacket::Service(written));
    }

    /// A peer wrote its checkpoint; with the last one the log is trimmed.
    pub(super) fn note_checkpoint(
        &mut self,
        from: ReplicaId,
        index: u64,
        context: &Context<'_, Self>,
    ) {
        let peers = context.replicas() - 1;
        if let Some(wanted) = self.trimming.reached(from, index, peers) {
            // A refusal leaves the log as it is: somebody has not accepted that
            // much yet, or this replica no longer leads.
            let _ = self.paxos.trim(Some(wanted as usize));
        }
    }

    /// # Panics
    /// When the disk refuses: without its checkpoint the service cannot go on.
    fn write_checkpoint(&mut self) {
        self.disk
            .set_checkpoint(Rc::clone(&self.machine))
            .expect("the checkpoint must be written");
    }
}
