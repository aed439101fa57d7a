//! Mistakes in answering: too early, too often, or somebody else.

use super::{Bug, Planted};
use crate::observation::{Observation, Position, RequestId, content_digest};
use crate::replica::{Context, Reply, Request};
use crate::systems::omnipaxos::answer::answer;
use crate::systems::omnipaxos::machine::StateMachine;
use crate::systems::omnipaxos::replica::OmniPaxosReplica;

impl<S: StateMachine> Planted<S> {
    /// Whether a command is answered by replicas that were not asked.
    pub(in crate::systems::omnipaxos) fn answers_all(&self) -> bool {
        self.bug == Bug::ReplyFromEveryReplica
    }

    /// Answers an attempt, or what is taken for it.
    pub(in crate::systems::omnipaxos) fn answer(
        &self,
        id: RequestId,
        attempt: u32,
        position: Position,
        output: S::Output,
        context: &mut Context<'_, OmniPaxosReplica<S>>,
    ) {
        let RequestId { client, sequence } = id;
        let reply = content_digest(&output);
        let pending = match self.bug {
            Bug::PendingBySequenceOnly => RequestId {
                client: self.askers.get(&sequence).copied().unwrap_or(client),
                sequence,
            },
            Bug::OnePendingRequestPerClient => RequestId {
                client,
                sequence: self.newest.get(&client).copied().unwrap_or(sequence),
            },
            Bug::ReplyToLastAsker => {
                context.observe(|| Observation::Replied {
                    request: id,
                    attempt,
                    position: Some(position),
                    reply,
                });
                let asker = self.last_asker.unwrap_or(client);
                context.deviates_if(asker != client);
                let client = asker;
                context.reply(Reply {
                    id: RequestId { client, sequence },
                    attempt,
                    position: Some(position),
                    output,
                });
                return;
            }
            _ => id,
        };
        context.deviates_if(pending != id);
        answer(pending, attempt, position, output, reply, context);
    }
}

impl<S: StateMachine> OmniPaxosReplica<S> {
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
