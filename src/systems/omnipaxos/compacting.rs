//! Going on from snapshots, and taking them.

use super::answer::answer;
use super::replica::OmniPaxosReplica;
use super::snapshot::LogSnapshot;
use super::state_machine::StateMachine;
use super::tuning::Snapshots;
use crate::observation::{Position, content_digest};
use crate::replica::Context;

impl<S: StateMachine> OmniPaxosReplica<S> {
    /// Goes on from a snapshot that the log was compacted into.
    pub(super) fn restore(&mut self, snapshot: LogSnapshot<S>, context: &mut Context<'_, Self>) {
        let machine = snapshot.into_machine();
        if machine.chain.index <= self.machine.chain.index {
            return;
        }
        self.machine = machine;
        if self.planted.is_some() {
            self.note_restored();
        }
        self.observe_restored(context);
        // Requests whose commands the snapshot folds are answered from its sessions.
        let known: Vec<_> = self
            .attempts
            .owed()
            .filter_map(|(id, attempt)| {
                let (index, output) = self.machine.sessions.result(id)?;
                Some((id, attempt, Position::At(index), output.clone()))
            })
            .collect();
        for (id, attempt, position, output) in known {
            self.attempts.pay(id, attempt);
            let reply = content_digest(&output);
            answer(id, attempt, position, output, reply, context);
        }
    }

    pub(super) fn snapshot_if_due(&mut self, context: &mut Context<'_, Self>) {
        let Snapshots::Every(every) = self.options.tuning.snapshots else {
            return;
        };
        let applied = self.machine.chain.index;
        if applied >= self.paxos.get_compacted_idx() as u64 + every {
            // A refusal says that the library has compacted this much already.
            let _ = self.paxos.snapshot(Some(applied as usize), true);
            self.observe_state(context);
        }
    }
}
