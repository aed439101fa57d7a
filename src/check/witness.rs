//! The witness: the agreed log as the linearization of a history.
//!
//! Source: DESIGN.md 6. Each completion carries a position. The witness asks
//! whether the reply is what the log gives there, and whether positions keep to
//! real time: an operation that returned before another was called must not
//! stand after it. At(i) stands before After(i), that before At(i + 1); two
//! reads After(i) stand in any order, and two operations never At one index.
//! Operations of unknown outcome count if and only if the log executed them.
//!
//! A consistent witness implies a linearizable history; what the log cannot
//! tell makes the witness not applicable. Sorting makes it O(n log n).

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
pub enum Witnessed {
    /// The log is a linearization of the history.
    Consistent,
    /// It is none, for this reason.
    Inconsistent(String),
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

/// Is the agreed log a linearization of these operations?
pub fn witness(ops: &[WitnessOp], log: &impl WitnessLog) -> Witnessed {
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
    if let Some(reason) = out_of_order(&mut placed).or_else(|| in_one_place(&mut placed)) {
        return Witnessed::Inconsistent(reason);
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
        return Err(Witnessed::Inconsistent(format!(
            "{request} was answered from index {index}, but {elsewhere}"
        )));
    }
    if reply != op.reply {
        return Err(Witnessed::Inconsistent(format!(
            "{request} was answered with another result than the log gives {}",
            words(position)
        )));
    }
    Ok(Some(position))
}

fn words(position: Position) -> String {
    match position {
        Position::At(index) => format!("at index {index}"),
        Position::After(index) => format!("after index {index}"),
    }
}

/// Does some operation stand before one that returned before it was called?
fn out_of_order(placed: &mut [Placed]) -> Option<String> {
    let mut returned: Vec<Placed> = placed
        .iter()
        .filter(|op| op.ret.is_some())
        .copied()
        .collect();
    returned.sort_unstable_by_key(|op| (op.ret, op.request));
    placed.sort_unstable_by_key(|op| (op.call, op.request));
    let mut returned = returned.into_iter().peekable();
    let mut latest: Option<Placed> = None;
    for op in placed.iter() {
        while let Some(before) = returned.next_if(|before| before.ret < Some(op.call)) {
            if latest.is_none_or(|latest| before.rank() > latest.rank()) {
                latest = Some(before);
            }
        }
        if let Some(latest) = latest
            && latest.rank() > op.rank()
        {
            return Some(format!(
                "{} stands {} and was called after {} had returned, which stands {}",
                op.request,
                words(op.position),
                latest.request,
                words(latest.position)
            ));
        }
    }
    None
}

/// Do two operations stand at one index?
fn in_one_place(placed: &mut [Placed]) -> Option<String> {
    placed.sort_unstable_by_key(|op| (op.rank(), op.request));
    let same = |pair: &&[Placed]| {
        pair[0].position == pair[1].position && matches!(pair[0].position, Position::At(_))
    };
    let pair = placed.windows(2).find(same)?;
    Some(format!(
        "{} and {} both stand {}",
        pair[0].request,
        pair[1].request,
        words(pair[0].position)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entry i is request i of client 1, and its result is 10 i.
    struct Log {
        last: u64,
        reads: bool,
        twice: bool,
    }

    const LOG: Log = Log {
        last: 3,
        reads: true,
        twice: false,
    };

    impl WitnessLog for Log {
        fn executed_at(&self, request: RequestId) -> Option<u64> {
            (request.client == 1 && request.sequence <= self.last).then_some(request.sequence)
        }

        fn executed_twice(&self) -> bool {
            self.twice
        }

        fn reply(&self, _: RequestId, position: Position) -> Option<u64> {
            match position {
                Position::At(index) => (index <= self.last).then_some(10 * index),
                Position::After(index) => self.reads.then_some(10 * index),
            }
        }
    }

    fn write(sequence: u64, call: u64, ret: u64) -> WitnessOp {
        WitnessOp {
            client: 1,
            sequence,
            call,
            ret: Some(ret),
            position: Some(Position::At(sequence)),
            reply: 10 * sequence,
        }
    }

    fn read(sequence: u64, after: u64, call: u64, ret: u64) -> WitnessOp {
        WitnessOp {
            client: 2,
            position: Some(Position::After(after)),
            reply: 10 * after,
            ..write(sequence, call, ret)
        }
    }

    fn unknown(op: WitnessOp) -> WitnessOp {
        WitnessOp {
            ret: None,
            position: None,
            ..op
        }
    }

    #[track_caller]
    fn inconsistent(ops: &[WitnessOp], words: &str) {
        let Witnessed::Inconsistent(reason) = witness(ops, &LOG) else {
            panic!("a wrong history went unnoticed");
        };
        assert!(reason.contains(words), "{reason}");
    }

    #[test]
    fn a_log_in_real_time_with_its_own_results_is_consistent() {
        let ops = [
            write(2, 0, 9),
            write(1, 1, 5),
            read(1, 1, 6, 8),
            read(2, 1, 2, 3),
            write(3, 10, 11),
            read(3, 3, 12, 13),
        ];
        assert_eq!(witness(&ops, &LOG), Witnessed::Consistent);
        assert_eq!(witness(&[], &LOG), Witnessed::Consistent);
    }

    #[test]
    fn equal_end_and_start_are_concurrent() {
        let ops = [write(2, 0, 5), write(1, 5, 6)];
        assert_eq!(witness(&ops, &LOG), Witnessed::Consistent);
        inconsistent(
            &[write(2, 0, 4), write(1, 5, 6)],
            "request 1 of client 1 stands at index 1 and was called after request 2 of client 1",
        );
    }

    #[test]
    fn a_stale_read_is_out_of_order() {
        inconsistent(&[write(2, 0, 4), read(1, 1, 5, 6)], "stands after index 1");
        inconsistent(&[read(1, 2, 0, 4), write(2, 5, 6)], "stands at index 2");
    }

    #[test]
    fn an_early_return_is_not_forgotten_for_a_later_one() {
        inconsistent(
            &[write(3, 0, 1), write(1, 0, 2), write(2, 5, 6)],
            "stands at index 3",
        );
    }

    #[test]
    fn a_wrong_result_or_a_wrong_place_is_inconsistent() {
        let wrong = WitnessOp {
            reply: 11,
            ..write(1, 0, 1)
        };
        inconsistent(&[wrong], "another result than the log gives at index 1");
        let elsewhere = WitnessOp {
            position: Some(Position::At(3)),
            ..write(2, 0, 1)
        };
        inconsistent(&[elsewhere], "from index 3, but was executed at index 2");
        let never = WitnessOp {
            client: 5,
            ..write(2, 0, 1)
        };
        inconsistent(&[never], "was never executed");
    }

    #[test]
    fn an_operation_of_unknown_outcome_counts_only_if_it_was_executed() {
        let never = unknown(write(9, 0, 0));
        assert_eq!(
            witness(&[never, write(1, 5, 6)], &LOG),
            Witnessed::Consistent
        );
        let before_its_call = unknown(write(1, 5, 0));
        inconsistent(
            &[write(2, 0, 4), before_its_call],
            "request 1 of client 1 stands at index 1",
        );
    }

    #[test]
    fn what_the_log_cannot_tell_is_not_applicable_unless_something_is_wrong() {
        let no_reads = Log {
            reads: false,
            ..LOG
        };
        let ops = [read(1, 1, 0, 1), write(2, 2, 3)];
        assert!(matches!(
            witness(&ops, &no_reads),
            Witnessed::NotApplicable(_)
        ));
        let silent = WitnessOp {
            position: None,
            ..write(1, 0, 1)
        };
        assert!(matches!(
            witness(&[silent], &LOG),
            Witnessed::NotApplicable(_)
        ));
        let twice = Log { twice: true, ..LOG };
        assert!(matches!(
            witness(&[write(1, 0, 1)], &twice),
            Witnessed::NotApplicable(_)
        ));
        let ops = [write(2, 0, 4), write(1, 5, 6), silent];
        assert!(matches!(witness(&ops, &LOG), Witnessed::Inconsistent(_)));
    }

    #[test]
    fn two_operations_at_one_index_are_inconsistent() {
        let mut ops = [write(1, 0, 1), write(1, 0, 1)];
        ops[1].call = 1;
        inconsistent(&ops, "both stand at index 1");
    }
}
