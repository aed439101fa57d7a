//! Weaker levels against their definitions.

mod examples;
mod oracle;
mod planted;
mod random;
mod small;
mod work;

use super::{Consistency, Guarantee, WriteOrder, check_consistency};
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::{Limits, Operation, Verdict};

type KvOperation = Operation<Input, Output>;

const GUARANTEES: [Guarantee; 4] = [
    Guarantee::MonotonicReads,
    Guarantee::MonotonicWrites,
    Guarantee::ReadYourWrites,
    Guarantee::WritesFollowReads,
];

const WRITE_ORDERS: [WriteOrder; 2] = [WriteOrder::Program, WriteOrder::RealTime];

/// Every guarantee under every order of writes.
fn sessions() -> impl Iterator<Item = Consistency> {
    GUARANTEES
        .into_iter()
        .flat_map(|guarantee| WRITE_ORDERS.map(move |order| Consistency::Session(guarantee, order)))
}

fn staleness(bound: u64) -> Consistency {
    Consistency::BoundedStaleness(std::time::Duration::from_nanos(bound))
}

fn verdict(history: &[KvOperation], level: Consistency) -> Verdict {
    check_consistency(&KeyValue, history, level, &Limits::none()).verdict
}

/// Whether the level holds; it must be decided.
fn holds(history: &[KvOperation], level: Consistency) -> bool {
    match verdict(history, level) {
        Verdict::Consistent => true,
        Verdict::Violation(_) => false,
        Verdict::Unknown { .. } => panic!("undecided: {level:?} of {history:#?}"),
    }
}

fn input(key: &str, op: Op) -> Input {
    Input {
        key: key.into(),
        op,
    }
}

/// A put that takes the nanosecond at `at`.
fn put(client: u64, key: &str, value: &str, at: u64) -> KvOperation {
    let input = input(key, Op::Put(value.into()));
    Operation::completed(client, input, Output::Done, at, at + 1)
}

/// A get that takes the nanosecond at `at`; it saw nothing if the value is empty.
fn get(client: u64, key: &str, value: &str, at: u64) -> KvOperation {
    let seen = Output::Value(
        Some(value)
            .filter(|value| !value.is_empty())
            .map(Into::into),
    );
    Operation::completed(client, input(key, Op::Get), seen, at, at + 1)
}
