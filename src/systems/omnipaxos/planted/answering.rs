//! Mistakes in answering: too early, too often, or somebody else.

use super::bug::Bug;
use super::service::Planted;
use crate::observation::{Observation, Position, RequestId, content_digest};
use crate::replica::{Context, Replica, Reply};
use crate::systems::omnipaxos::answer::answer;
use crate::systems::omnipaxos::state_machine::StateMachine;

impl<S: StateMachine> Planted<S> {
    /// Whether a command is answered by replicas that were not asked.
    pub(in crate::systems::omnipaxos) fn answers_all(&self) -> bool {
        self.bug == Bug::ReplyFromEveryReplica
    }

    /// Answers an attempt, or what is taken for it.
    pub(in crate::systems::omnipaxos) fn answer<R: Replica<Output = S::Output>>(
        &self,
        id: RequestId,
        attempt: u32,
        position: Position,
        output: S::Output,
        context: &mut Context<'_, R>,
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
