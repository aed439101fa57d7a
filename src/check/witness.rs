//! The witness: the agreed log as the linearization of a history.
//!
//! Each completion carries a position. The witness asks
//! whether the reply is what the log gives there, and whether positions keep to
//! real time: an operation that returned before another was called must not
//! stand after it. At(i) stands before After(i), that before At(i + 1); two
//! reads After(i) stand in any order, and two operations never At one index.
//! Operations of unknown outcome count if and only if the log executed them.
//!
//! A consistent witness implies a linearizable history; what the log cannot
//! tell makes the witness not applicable. Sorting makes it O(n log n).

use knossos::nearly_sorted;

use super::Cause;
use crate::observation::{ClientId, Position, RequestId};

/// One operation of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WitnessOp {
    /// Whose.
    pub client: ClientId,
    /// The client's number for it.
    pub sequence: u64,
    /// When it was called.
    pub call: u64,
    /// When it returned; `None` if its outcome is unknown.
    pub ret: Option<u64>,
    /// The linearization point that its completion carries.
    pub position: Option<Position>,
    /// The digest of its result; of no account if its outcome is unknown.
    pub reply: u64,
}

impl WitnessOp {
    const fn placed(&self, position: Position) -> Placed {
        Placed {
            request: RequestId {
                client: self.client,
                sequence: self.sequence,
            },
            call: self.call,
            ret: self.ret,
            position,
        }
    }

    const fn request(&self) -> RequestId {
        RequestId {
            client: self.client,
            sequence: self.sequence,
        }
    }
}

/// What the witness asks of the agreed log.
pub trait WitnessLog {
    /// The index at which a request was executed first.
    fn executed_at(&self, request: RequestId) -> Option<u64>;

    /// Whether some request was executed at two indices.
    fn executed_twice(&self) -> bool;

    /// The digest of the result that `request` has at `position`; `None` where
    /// it cannot be told.
    fn reply(&self, request: RequestId, position: Position) -> Option<u64>;
}

/// What the witness says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Witnessed {
    /// The log is a linearization of the history.
    Consistent,
    /// It is none, for this reason, which these requests show.
    Inconsistent {
        /// What was broken.
        cause: Cause,
        /// The reason.
        reason: String,
        /// The requests.
        requests: Vec<RequestId>,
    },
    /// It cannot be told, for this reason.
    NotApplicable(&'static str),
}

/// An operation that took effect, and where.
#[derive(Clone, Copy)]
struct Placed {
    request: RequestId,
    call: u64,
    ret: Option<u64>,
    position: Position,
}

impl Placed {
    /// Its place in the order of the log.
    const fn rank(&self) -> u64 {
        match self.position {
            Position::At(index) => 2 * index,
            Position::After(index) => 2 * index + 1,
        }
    }
}

/// Is the agreed log a linearization of these operations? Where `keeps_real_time` is false, its
/// order may be against real time, as weaker levels of consistency allow.
pub fn witness(ops: &[WitnessOp], log: &impl WitnessLog, keeps_real_time: bool) -> Witnessed {
    if log.executed_twice() {
        return Witnessed::NotApplicable("a request was executed twice");
    }
    let mut placed = Vec::with_capacity(ops.len());
    let mut untold = None;
    for op in ops {
        match place(op, log) {
            Ok(Some(position)) => placed.push(op.placed(position)),
            Ok(None) => {}
            Err(Witnessed::NotApplicable(why)) => {
                untold = Some(why);
                // What it answered cannot be judged, where it stands can.
                placed.extend(op.position.map(|position| op.placed(position)));
            }
            Err(verdict) => return verdict,
        }
        debug_assert!(
            op.ret.is_none_or(|ret| op.call <= ret),
            "time runs forwards"
        );
    }
    if let Some(verdict) = out_of_order(&placed, keeps_real_time) {
        return verdict;
    }
    untold.map_or(Witnessed::Consistent, Witnessed::NotApplicable)
}

/// Where an operation took effect, if it did.
fn place(op: &WitnessOp, log: &impl WitnessLog) -> Result<Option<Position>, Witnessed> {
    let request = op.request();
    let executed = log.executed_at(request);
    if op.ret.is_none() {
        return Ok(executed.map(Position::At));
    }
    let Some(position) = op.position else {
        return Err(Witnessed::NotApplicable("replies carry no positions"));
    };
    let Some(reply) = log.reply(request, position) else {
        return Err(Witnessed::NotApplicable(match position {
            Position::At(_) => "an entry was folded into a snapshot before anyone applied it",
            Position::After(_) => "results of reads from applied state are not in the log",
        }));
    };
    if let Position::At(index) = position
        && executed != Some(index)
    {
        let elsewhere = executed.map_or_else(
            || "was never executed".to_owned(),
            |executed| format!("was executed at index {executed}"),
        );
        return Err(Witnessed::Inconsistent {
            cause: Cause::AnsweredFromElsewhere,
            reason: format!("{request} was answered from index {index}, but {elsewhere}"),
            requests: vec![request],
        });
    }
    if reply != op.reply {
        return Err(Witnessed::Inconsistent {
            cause: Cause::ResultDiffers,
            reason: format!(
                "{request} was answered with another result than the log gives {}",
                words(position)
            ),
            requests: vec![request],
        });
    }
    Ok(Some(position))
}

fn words(position: Position) -> String {
    match position {
        Position::At(index) => format!("at index {index}"),
        Position::After(index) => format!("after index {index}"),
    }
}

/// Looks for two operations that stand in one place, or, in real time, of which the later one in
/// the order returned before the earlier one was called.
fn out_of_order(placed: &[Placed], keeps_real_time: bool) -> Option<Witnessed> {
    // Small keys, nearly in order already: histories are recorded by call.
    let mut order: Vec<(u64, u32)> = (0..)
        .zip(placed)
        .map(|(place, op)| (op.rank(), place))
        .collect();
    nearly_sorted::sort_by_key(&mut order, |key| *key);
    let mut latest_called: Option<&Placed> = None;
    for same in order.chunk_by(|(one, _), (other, _)| one == other) {
        let here = || same.iter().map(|(_, place)| &placed[*place as usize]);
        if let [(_, one), (_, other), ..] = *same
            && matches!(placed[one as usize].position, Position::At(_))
        {
            return Some(in_one_place(&placed[one as usize], &placed[other as usize]));
        }
        if keeps_real_time
            && let Some(latest) = latest_called
            && let Some(late) = here().find(|op| op.ret.is_some_and(|ret| ret < latest.call))
        {
            return Some(called_after(latest, late));
        }
        for op in here() {
            if latest_called.is_none_or(|latest| latest.call < op.call) {
                latest_called = Some(op);
            }
        }
    }
    None
}

#[cold]
fn called_after(op: &Placed, returned: &Placed) -> Witnessed {
    Witnessed::Inconsistent {
        cause: Cause::OrderedAgainstTime,
        reason: format!(
            "{} stands {} and was called after {} had returned, which stands {}",
            op.request,
            words(op.position),
            returned.request,
            words(returned.position)
        ),
        requests: vec![op.request, returned.request],
    }
}

#[cold]
fn in_one_place(one: &Placed, other: &Placed) -> Witnessed {
    Witnessed::Inconsistent {
        cause: Cause::OrderedAgainstTime,
        reason: format!(
            "{} and {} both stand {}",
            one.request,
            other.request,
            words(one.position)
        ),
        requests: vec![one.request, other.request],
    }
}

#[cfg(test)]
mod tests;
