//! One history, asked of everybody.

use crate::entry::Entry;
use crate::limits::{Limits, Meter};
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::plain::{Sight, look_over};
use crate::search::tests::oracle::{is_linearizable, is_order_of};
use crate::search::tests::small::search;
use crate::zones::{self, Finding};
use crate::{Operation, Text};

pub(super) type KvOperation = Operation<Input, Output>;

/// How many histories had which answer from the zones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) consistent: u64,
    pub(super) violation: u64,
    pub(super) left_to_search: u64,
}

impl Tally {
    /// Compares zones, search and brute force; every answer must be true, and must be given
    /// where the zones promise one.
    pub(super) fn compare(&mut self, history: &[KvOperation]) {
        let expected = is_linearizable(&KeyValue, history);
        compare_plain(history, expected);
        let found = search(&KeyValue, history, None);
        assert_eq!(found.is_some(), expected, "the search: {history:#?}");
        match decide(history) {
            Some(Finding::Consistent(order)) => {
                self.consistent += 1;
                assert!(expected, "not linearizable: {history:#?}");
                let order = order.into_indices();
                assert!(
                    is_order_of(&KeyValue, history, &order),
                    "{order:?} of {history:#?}"
                );
            }
            Some(Finding::Violation(conflict)) => {
                self.violation += 1;
                assert!(!expected, "linearizable: {history:#?}");
                let conflict: Vec<_> = conflict.iter().map(|i| history[*i].clone()).collect();
                assert!(
                    !is_linearizable(&KeyValue, &conflict),
                    "{conflict:#?} of {history:#?}"
                );
            }
            None => {
                self.left_to_search += 1;
                assert!(!is_promised(history), "not decided: {history:#?}");
            }
        }
    }
}

/// Compares what one pass over all parts says, if it says anything.
fn compare_plain(history: &[KvOperation], expected: bool) {
    let meter = Meter::start(&Limits::none());
    let (_, sight) = look_over(&KeyValue, history, &meter).expect("no limits");
    match sight {
        Sight::Violation(_, conflict, _) => {
            assert!(!expected, "linearizable: {history:#?}");
            let conflict: Vec<_> = conflict.iter().map(|i| history[*i].clone()).collect();
            assert!(
                !is_linearizable(&KeyValue, &conflict),
                "{conflict:#?} of {history:#?}"
            );
        }
        Sight::Undecided(left) => assert!(expected || !left.is_empty(), "{history:#?}"),
    }
}

/// What the zones say.
pub(super) fn decide(history: &[KvOperation]) -> Option<Finding> {
    let entries: Vec<Entry> = history
        .iter()
        .enumerate()
        .map(|(index, operation)| Entry {
            index,
            ret: operation.ret,
        })
        .collect();
    let mut meter = Meter::start(&Limits::none());
    zones::decide(&KeyValue, history, entries.into_iter(), &mut meter, 0).expect("no limits")
}

/// Whether the zones promise a verdict: no value is written twice, no key is deleted and then
/// swapped from nothing or deleted twice, nothing is appended, and every cas matched or may
/// have.
fn is_promised(history: &[KvOperation]) -> bool {
    let mut left: Vec<Option<&Text>> = Vec::new();
    let mut takes_nothing = false;
    for operation in history {
        match (&operation.input.op, &operation.output) {
            (Op::Get, _) => {}
            (Op::Put(value), _) => left.push(Some(value)),
            (Op::Delete, _) => left.push(None),
            (Op::Append(_), _) | (_, Some(Output::Swapped(false))) => return false,
            (Op::Cas { old, new }, _) if old == new => {}
            (Op::Cas { old, new }, _) => {
                takes_nothing |= old.is_none();
                left.push(new.as_ref());
            }
        }
    }
    let all = left.len();
    let comes_back = left.contains(&None);
    left.sort();
    left.dedup();
    left.len() == all && !(comes_back && takes_nothing)
}
