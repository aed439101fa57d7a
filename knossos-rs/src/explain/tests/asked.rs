//! Requests and answers of each model, and small histories of them.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::models::{
    bank, cas_register, counter, mutex, queue, register, set, stack, versioned_register,
};
use crate::{Model, Operation, OperationOf, Text};

/// A request with an answer.
pub(crate) type Asked<M> = (<M as Model>::Input, <M as Model>::Output);

/// Histories of so many operations at most, each with one of these requests and answers, or with a
/// request and no answer.
pub(crate) fn histories<M>(
    asked: Vec<Asked<M>>,
    most: usize,
) -> impl Strategy<Value = Vec<OperationOf<M>>>
where
    M: Model<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static>,
{
    let operation = (prop::sample::select(asked), 0..14_u64, 0..5_u64, 0..8_u8);
    prop::collection::vec(operation, 1..=most).prop_map(|drawn| {
        let operations = (0..).zip(drawn);
        let operations = operations.map(
            |(client, ((input, output), call, length, luck))| match luck {
                0 => Operation::unknown(client, input, call),
                _ => Operation::completed(client, input, output, call, call + length),
            },
        );
        operations.collect()
    })
}

fn texts() -> [Text; 2] {
    ["a".into(), "b".into()]
}

fn contents() -> [Option<Text>; 3] {
    [None, Some("a".into()), Some("b".into())]
}

pub(crate) fn of_register() -> Vec<Asked<register::Register>> {
    use register::{Input, Output};
    let reads = contents().map(|seen| (Input::Read, Output::Value(seen)));
    let writes = texts().map(|text| (Input::Write(text), Output::Done));
    let others = [(Input::Clear, Output::Done), (Input::Read, Output::Done)];
    reads.into_iter().chain(writes).chain(others).collect()
}

pub(crate) fn of_cas_register() -> Vec<Asked<cas_register::CasRegister>> {
    use cas_register::{Input, Output};
    let mut asked: Vec<_> = contents()
        .map(|seen| (Input::Read, Output::Value(seen)))
        .into();
    asked.extend(texts().map(|text| (Input::Write(text), Output::Done)));
    for old in contents() {
        for new in texts() {
            for swapped in [true, false] {
                let (old, new) = (old.clone(), Some(new.clone()));
                asked.push((Input::Cas { old, new }, Output::Swapped(swapped)));
            }
        }
    }
    asked
}

pub(crate) fn of_versioned_register() -> Vec<Asked<versioned_register::VersionedRegister>> {
    use versioned_register::{Input, Output};
    let mut asked = Vec::new();
    for version in [None, Some(0), Some(1), Some(2), Some(3)] {
        let left = || Output {
            version,
            value: None,
        };
        for value in contents() {
            let seen = Output {
                version,
                value: Some(value.clone()),
            };
            asked.push((Input::Read, seen));
            asked.push((Input::Write(value.clone()), left()));
            let (old, new) = (value, Some("b".into()));
            asked.push((Input::Cas { old, new }, left()));
        }
    }
    asked
}

pub(crate) fn of_mutex() -> Vec<Asked<mutex::Mutex>> {
    vec![(mutex::Input::Acquire, ()), (mutex::Input::Release, ())]
}

pub(crate) fn of_counter() -> Vec<Asked<counter::Counter>> {
    use counter::{Input, Output};
    let adds = [1, 2, -1].map(|more| (Input::Add(more), Output::Done));
    let reads = [0, 1, 2, 3].map(|seen| (Input::Read, Output::Count(seen)));
    adds.into_iter().chain(reads).collect()
}

pub(crate) fn of_queue() -> Vec<Asked<queue::Queue>> {
    use queue::{Input, Output};
    let puts = texts().map(|text| (Input::Enqueue(text), Output::Done));
    let takes = contents().map(|seen| (Input::Dequeue, Output::Value(seen)));
    let drains = [vec![], vec!["a".into()], vec!["b".into(), "a".into()]];
    let drains = drains.map(|seen| (Input::Drain, Output::Drained(seen)));
    puts.into_iter().chain(takes).chain(drains).collect()
}

pub(crate) fn of_stack() -> Vec<Asked<stack::Stack>> {
    use stack::{Input, Output};
    let puts = texts().map(|text| (Input::Push(text), Output::Done));
    let takes = contents().map(|seen| (Input::Pop, Output::Value(seen)));
    puts.into_iter().chain(takes).collect()
}

pub(crate) fn of_set_without_reads() -> Vec<Asked<set::Set>> {
    use set::{Input, Output};
    let mut asked = Vec::new();
    for text in texts() {
        for output in [Output::Was(true), Output::Was(false)] {
            asked.push((Input::Add(text.clone()), output.clone()));
            asked.push((Input::Remove(text.clone()), output.clone()));
            asked.push((Input::Contains(text.clone()), output));
        }
        asked.push((Input::Add(text.clone()), Output::Done));
        asked.push((Input::Remove(text), Output::Done));
    }
    asked
}

pub(crate) fn of_set() -> Vec<Asked<set::Set>> {
    use set::{Input, Output};
    let mut asked = of_set_without_reads();
    for seen in [vec![], vec!["a"], vec!["b"], vec!["a", "b"]] {
        let seen = seen.into_iter().map(Text::from).collect();
        asked.push((Input::Read, Output::Elements(seen)));
    }
    asked
}

pub(crate) fn bank() -> bank::Bank {
    bank::Bank::new([("a", 1), ("b", 1)])
}

pub(crate) fn of_bank() -> Vec<Asked<bank::Bank>> {
    use bank::{Input, Output};
    let mut asked = Vec::new();
    for (from, to) in [("a", "b"), ("b", "a")] {
        for moved in [true, false] {
            let (from, to, amount) = (from.into(), to.into(), 1);
            asked.push((Input::Transfer { from, to, amount }, Output::Moved(moved)));
        }
        for held in [Some(0), Some(1), Some(2)] {
            asked.push((Input::Balance(from.into()), Output::Holds(held)));
        }
    }
    for held in 0..3 {
        let seen = [("a".into(), held), ("b".into(), 2 - held)];
        asked.push((Input::Read, Output::Balances(seen.into())));
    }
    asked
}
