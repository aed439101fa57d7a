//! The queue: `enqueue`, `dequeue` (nothing: it was empty), `drain`.

#[cfg(test)]
mod tests;

use super::value::{data, datum, datum_or_null, list, text, value};
use super::words::Words;
use super::{Line, answer};
use crate::consistency::Consistency;
use crate::format::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::models::queue::{Input, Output, Queue};

impl Words for Queue {
    const NAME: &'static str = "queue";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "enqueue" => Input::Enqueue(text(&line.input, "in")?),
            "dequeue" => Input::Dequeue,
            "drain" => Input::Drain,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        let told = || answer::told(&line.op, output);
        match input {
            Input::Enqueue(_) => answer::done(&line.op, output).map(|()| Output::Done),
            Input::Dequeue => value(told()?, "out.value").map(Output::Value),
            Input::Drain => list(told()?, "out.value").map(Output::Drained),
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Enqueue(value) => ("enqueue", datum(value)),
            Input::Dequeue => ("dequeue", Datum::Null),
            Input::Drain => ("drain", Datum::Null),
        }
    }

    fn answer(&self, _: &Input, output: &Output) -> Datum {
        match output {
            Output::Done => answer::ok(),
            Output::Value(value) => answer::happened(datum_or_null(value.as_ref())),
            Output::Drained(values) => answer::happened(data(values)),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        list(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        Some(data(state))
    }

    fn stands_for_several(&self, input: &Input) -> bool {
        *input == Input::Drain
    }

    /// A drain takes one element after the other, and in the end finds that there is none; others
    /// may enqueue and dequeue meanwhile. One of unknown outcome may have taken as many as there
    /// ever were. How a completed one is read ([`Reading`]) never makes the history stricter than
    /// that; it can be laxer only where another dequeue or drain overlaps it, or, at a level other
    /// than [`Consistency::Linearizable`], where any operation begins or ends meanwhile.
    fn taken_apart(
        &self,
        history: Vec<OperationOf<Self>>,
        level: Consistency,
    ) -> Vec<OperationOf<Self>> {
        let others = Others::of(&history);
        let is_put = |operation: &&OperationOf<Self>| matches!(operation.input, Input::Enqueue(_));
        let puts = history.iter().filter(is_put).count();
        let mut expanded = Vec::with_capacity(history.len() + puts);
        for operation in history {
            let (client, call) = (operation.client, operation.call);
            match (&operation.input, &operation.output, operation.ret) {
                (Input::Drain, Some(Output::Drained(values)), Some(ret)) => {
                    match others.reading(values.len() as u64, (call, ret), level) {
                        Reading::AtOnce => expanded.push(operation),
                        Reading::InTurn => expanded.extend(dequeues(&operation, ret, true)),
                        Reading::InAnyOrder => expanded.extend(dequeues(&operation, ret, false)),
                    }
                }
                (Input::Drain, None, _) => {
                    let perhaps = || Operation::unknown(client, Input::Dequeue, call);
                    expanded.extend((0..puts).map(|_| perhaps()));
                }
                _ => expanded.push(operation),
            }
        }
        expanded
    }
}

/// How a completed drain is read.
enum Reading {
    /// As dequeues one after the other, each with its share of the time, and one that found
    /// nothing: where nothing else begins or ends meanwhile, it makes no difference when they were.
    InTurn,
    /// As one operation: where nobody else takes anything meanwhile, all elements may as well
    /// have been taken when it found that there was none left.
    AtOnce,
    /// As dequeues at any time while it went on, and one that found nothing: their order has no
    /// place in their times.
    InAnyOrder,
}

/// When all operations begin and end, to see which drains they overlap; all ascending.
struct Others {
    /// Calls and returns.
    ends: Vec<u64>,
    /// The calls of those that take something, and their returns, `u64::MAX` if unknown.
    take_calls: Vec<u64>,
    take_returns: Vec<u64>,
}

impl Others {
    fn of(history: &[OperationOf<Queue>]) -> Self {
        let ends = history.iter().flat_map(|operation| {
            let ret = operation.ret;
            ret.into_iter().chain([operation.call])
        });
        let takes = history
            .iter()
            .filter(|operation| !matches!(operation.input, Input::Enqueue(_)));
        let returns = takes.clone().map(|take| take.ret.unwrap_or(u64::MAX));
        Others {
            ends: ascending(ends),
            take_calls: ascending(takes.map(|take| take.call)),
            take_returns: ascending(returns),
        }
    }

    /// How a drain of so many elements is read; it is one of these operations itself.
    fn reading(&self, elements: u64, (call, ret): (u64, u64), level: Consistency) -> Reading {
        let ended = self.ends.partition_point(|end| *end <= ret);
        let is_undisturbed = ended - self.ends.partition_point(|end| *end < call) == 2;
        if elements == 0 || (is_undisturbed && ret - call >= elements) {
            return Reading::InTurn;
        }
        let began = self.take_calls.partition_point(|take| *take <= ret);
        let takes = began - self.take_returns.partition_point(|take| *take < call);
        if takes == 1 && level == Consistency::Linearizable {
            Reading::AtOnce
        } else {
            Reading::InAnyOrder
        }
    }
}

fn ascending(times: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut times: Vec<u64> = times.collect();
    times.sort_unstable();
    times
}

/// The dequeues of a drain, the one that found nothing last.
fn dequeues(
    drain: &OperationOf<Queue>,
    ret: u64,
    in_turn: bool,
) -> impl Iterator<Item = OperationOf<Queue>> {
    let (client, call) = (drain.client, drain.call);
    let values = match &drain.output {
        Some(Output::Drained(values)) => &values[..],
        _ => &[],
    };
    let count = values.len() as u128 + 1;
    let begins = move |place: u128| {
        let share = (u128::from(ret - call) + 1) * place / count;
        call + u64::try_from(share).expect("a part of the time that the drain took")
    };
    let found = values.iter().cloned().map(Some).chain([None]);
    (0..).zip(found).map(move |(place, value)| {
        let (call, ret) = match in_turn {
            true if place + 1 < count => (begins(place), begins(place + 1) - 1),
            true => (begins(place), ret),
            false => (call, ret),
        };
        Operation::completed(client, Input::Dequeue, Output::Value(value), call, ret)
    })
}
