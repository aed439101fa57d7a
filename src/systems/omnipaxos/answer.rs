//! An answer: what the checks are told of it, and the reply itself.

use crate::observation::{Observation, Position, RequestId};
use crate::replica::{Context, Replica, Reply};

/// Answers an attempt; `reply` is the digest of the output.
pub(super) fn answer<R: Replica>(
    id: RequestId,
    attempt: u32,
    position: Position,
    output: R::Output,
    reply: u64,
    context: &mut Context<'_, R>,
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
