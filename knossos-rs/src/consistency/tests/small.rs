//! Every history of a few operations on one key.

use super::random::{expected, weak_levels};
use super::{KvOperation, input, verdict};
use crate::models::kv::{Op, Output};
use crate::shapes::shapes;
use crate::{Operation, Verdict};

/// One operation: a put of its own value, known or not, or a get of nothing or of any value.
fn operation(kind: u64, client: u64, index: u64, times: (u64, u64)) -> KvOperation {
    let (op, output) = match kind {
        0 | 1 => (Op::Put(index.to_string().into()), Output::Done),
        2 => (Op::Get, Output::Value(None)),
        seen => (Op::Get, Output::Value(Some((seen - 3).to_string().into()))),
    };
    let is_known = kind != 1;
    Operation {
        client,
        input: input("x", op),
        output: is_known.then_some(output),
        call: times.0,
        ret: is_known.then_some(times.1),
    }
}

/// Compares every history of `count` operations by two clients; how many break each level.
fn compare_all(count: u64) -> Vec<usize> {
    let kinds = 3 + count;
    let levels = weak_levels();
    let mut violations = vec![0; levels.len()];
    for shape in shapes(count as usize) {
        for mut choice in 0..kinds.pow(count as u32) * 2_u64.pow(count as u32 - 1) {
            let history: Vec<KvOperation> = (0..)
                .zip(&shape)
                .map(|(index, times)| {
                    let kind = choice % kinds;
                    choice /= kinds;
                    // The first is of client 0; the last digits choose the others.
                    operation(kind, 0, index, *times)
                })
                .collect();
            let history: Vec<KvOperation> = history
                .into_iter()
                .enumerate()
                .map(|(index, operation)| Operation {
                    client: if index == 0 {
                        0
                    } else {
                        choice >> (index - 1) & 1
                    },
                    ..operation
                })
                .collect();
            // An unknown operation has no return, so one shape of it is enough.
            let is_repeated = history
                .iter()
                .zip(&shape)
                .any(|(operation, times)| operation.ret.is_none() && times.0 + 1 != times.1);
            if is_repeated {
                continue;
            }
            for (level, count) in levels.iter().zip(&mut violations) {
                let found = verdict(&history, *level);
                let expected = expected(&history, *level).unwrap();
                assert_eq!(
                    found == Verdict::Consistent,
                    expected,
                    "{level:?}: {history:#?}"
                );
                assert!(!matches!(found, Verdict::Unknown { .. }));
                *count += usize::from(!expected);
            }
        }
    }
    violations
}

#[test]
fn every_history_of_up_to_three_operations_gets_the_verdict_of_the_definition() {
    for count in 1..=3 {
        let violations = compare_all(count);
        assert!(violations.iter().all(|count| *count > 0), "{violations:?}");
    }
}

#[test]
#[ignore = "a minute: the same with four operations"]
fn every_history_of_four_operations_gets_the_verdict_of_the_definition() {
    compare_all(4);
}
