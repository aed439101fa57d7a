//! What a replica does otherwise where a bug is planted in it.

use std::rc::Rc;

use omnipaxos::messages::Message;
use omnipaxos::util::LogEntry;

use super::bug::Bug;
use super::flaw::Flaw;
use crate::observation::{Observation, content_digest};
use crate::replica::{Context, Reply, Request};
use crate::systems::omnipaxos::entry::Entry;
use crate::systems::omnipaxos::replica::OmniPaxosReplica;
use crate::systems::omnipaxos::state_machine::StateMachine;

impl<S: StateMachine> OmniPaxosReplica<S> {
    /// The planted bug did what the correct code would not have done, if it did.
    pub(in crate::systems::omnipaxos) fn deviates_if(&self, deviates: bool) {
        if deviates {
            self.disk.observe(Observation::Deviated);
        }
    }

    /// Whether the library hears of sessions that were made again.
    #[cold]
    pub(in crate::systems::omnipaxos) fn tells_of_sessions(&self) -> bool {
        let ignores = self.planted.as_ref().is_some_and(|planted| {
            matches!(planted.bug, Bug::SessionNewsIgnored | Bug::GapIgnored)
        });
        self.deviates_if(ignores);
        !ignores
    }

    /// Whether a checkpoint that is owed is written.
    #[cold]
    pub(in crate::systems::omnipaxos) fn writes_checkpoints(&self) -> bool {
        let forgets = self
            .planted
            .as_ref()
            .is_some_and(|planted| planted.bug == Bug::CheckpointNotWritten);
        self.deviates_if(forgets);
        !forgets
    }

    /// A read is answered from the replica's own state.
    #[cold]
    pub(in crate::systems::omnipaxos) fn answers_locally(&self) {
        let planted = self.planted.as_ref();
        let is_new = planted.is_some_and(|planted| planted.adjusts && planted.bug == Bug::LocalGet);
        self.deviates_if(is_new);
    }

    /// The replica goes on from a snapshot.
    #[cold]
    pub(in crate::systems::omnipaxos) fn note_restored(&self) {
        let looks_nothing_up = self
            .planted
            .as_ref()
            .is_some_and(|planted| planted.adjusts && planted.bug == Bug::DedupMissing);
        // Without sessions a snapshot does not tell which requests that wait it answers.
        let forgets = looks_nothing_up && self.attempts.owed().next().is_some();
        self.deviates_if(forgets || self.machine.is_wrong);
    }

    /// A message reaches the library through the shim.
    #[cold]
    pub(in crate::systems::omnipaxos) fn receive_planted(&mut self, message: Message<Entry<S>>) {
        let promise = self.paxos.get_promise();
        let Some(planted) = &mut self.planted else {
            return;
        };
        let messages = planted.wire.incoming(message, promise);
        self.note_deviations();
        for message in messages {
            self.paxos.handle_incoming(message);
        }
    }

    /// Messages that were taken pass the shim.
    #[cold]
    pub(in crate::systems::omnipaxos) fn spoil_outgoing(&mut self) {
        let accepted = self.paxos.get_accepted_idx();
        let Some(planted) = &mut self.planted else {
            return;
        };
        let wire = &mut planted.wire;
        let mut forged = Vec::new();
        self.outgoing.retain_mut(|message| {
            let leaves = wire.outgoing(message);
            forged.extend(wire.forged(message, accepted));
            leaves
        });
        self.outgoing
            .extend(wire.more().into_iter().map(Message::BLE));
        self.note_deviations();
        for message in forged {
            self.paxos.handle_incoming(message);
        }
    }

    /// What the shim did that a correct replica would not have done.
    fn note_deviations(&mut self) {
        let planted = self.planted.as_mut();
        let deviations = planted.map_or(0, |planted| planted.wire.deviations());
        for _ in 0..deviations {
            self.disk.observe(Observation::Deviated);
        }
    }

    /// How far the log is read to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn readable(&self) -> usize {
        let planted = self.planted.as_ref().map(|planted| planted.bug);
        if planted == Some(Bug::ApplyUndecided) {
            self.paxos.get_accepted_idx()
        } else {
            self.paxos.get_decided_idx()
        }
    }

    /// What is read from the log to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn read_planted(
        &mut self,
        applied: usize,
    ) -> Option<Vec<LogEntry<Entry<S>>>> {
        let readable = self.readable();
        let planted = self.planted.as_mut()?;
        let is_first = !std::mem::replace(&mut planted.has_read, true);
        let mut entries = match planted.bug {
            Bug::ApplyUndecided => self.paxos.read_entries(applied..readable)?,
            _ => self.paxos.read_decided_suffix(applied)?,
        };
        let deviates = match planted.bug {
            Bug::ApplyUndecided => {
                let mut deviates = false;
                for entry in &mut entries {
                    if let LogEntry::Undecided(undecided) = entry {
                        *entry = LogEntry::Decided(undecided.clone());
                        deviates = true;
                    }
                }
                deviates
            }
            Bug::AppliedOffByOne if planted.incarnation > 1 && is_first => {
                entries.remove(0);
                true
            }
            Bug::BatchAppliedBackwards => {
                entries.reverse();
                entries.len() > 1
            }
            Bug::SnapshotIgnored => {
                let many = entries.len();
                entries.retain(|entry| !matches!(entry, LogEntry::Snapshotted(_)));
                entries.len() < many
            }
            _ => false,
        };
        self.deviates_if(deviates);
        Some(entries)
    }

    /// An entry is about to be applied.
    #[cold]
    pub(in crate::systems::omnipaxos) fn before_applying(&mut self, entry: &Entry<S>) {
        let Some(planted) = &mut self.planted else {
            return;
        };
        let is_replayed =
            planted.incarnation > 1 && self.machine.chain.index < planted.decided_before;
        let deviates = match planted.bug {
            Bug::ReplayExecutesTwice if is_replayed => {
                let machine = Rc::make_mut(&mut self.machine);
                machine.state.apply(&entry.command().operation);
                true
            }
            Bug::DedupMissing if planted.adjusts => {
                self.machine.unseen.contains(&entry.command().id())
            }
            // Keys of one's own are counted where they are given.
            _ => match entry.command().flaw {
                Some(Flaw { key: None, .. }) => self.machine.errs_with(entry),
                _ => false,
            },
        };
        self.deviates_if(deviates);
    }

    /// Answers a request that a leader is about to append, with the result that
    /// it would have now.
    #[cold]
    pub(in crate::systems::omnipaxos) fn answer_early(
        &mut self,
        request: &Request<S::Command>,
        context: &mut Context<'_, Self>,
    ) {
        let planted = self.planted.as_ref().map(|planted| planted.bug);
        let leads = self.paxos.get_current_leader() == Some((context.me(), true));
        if planted != Some(Bug::ReplyBeforeDecide) || !leads {
            return;
        }
        let (id, attempt) = (request.id, request.attempt);
        if self.attempts.pay(id, attempt) {
            self.deviates_if(true);
            let output = self.machine.state.clone().apply(&request.command);
            context.observe(|| Observation::Replied {
                request: id,
                attempt,
                position: None,
                reply: content_digest(&output),
            });
            context.reply(Reply {
                id,
                attempt,
                position: None,
                output,
            });
        }
    }
}
