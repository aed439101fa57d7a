//! An answer: what the checks are told of it, and the reply itself.

use super::machine::StateMachine;
use super::replica::OmniPaxosReplica;
use crate::observation::{Observation, Position, RequestId};
use crate::replica::{Context, Reply};

/// Answers an attempt; `reply` is the digest of the output.
pub(super) fn answer<S: StateMachine>(
    id: RequestId,
    attempt: u32,
    position: Position,
    output: S::Output,
    reply: u64,
    context: &mut Context<'_, OmniPaxosReplica<S>>,
) {
    context.observe(|| Observation::Replied {
        request: id,
        attempt,
        position: Some(position),
        reply,
    });
    context.reply(Reply {
        id,
        attempt,
        position: Some(position),
        output,
    });
}
