//! Every small history.

use super::compare::{KvOperation, Tally};
use crate::models::kv::{Input, Op, Output};
use crate::shapes::shapes;
use crate::{Operation, Text};

type Kind = (Op, Option<Output>);

/// What operation `number` of `count` can be: it reads anything, and writes its own number.
fn kinds(number: usize, count: usize) -> Vec<Kind> {
    let value = |number: usize| Some(Text::from(number.to_string()));
    let own = Text::from(number.to_string());
    let mut kinds = vec![
        (Op::Put(own.clone()), Some(Output::Done)),
        (Op::Put(own.clone()), None),
        (Op::Delete, Some(Output::Done)),
        (Op::Delete, None),
        (Op::Get, Some(Output::Value(None))),
    ];
    for old in (0..count).map(value).chain([None]) {
        if old != Some(own.clone()) {
            kinds.push((Op::Get, Some(Output::Value(old.clone()))));
            let cas = Op::Cas {
                old,
                new: Some(own.clone()),
            };
            kinds.push((cas.clone(), Some(Output::Swapped(true))));
            kinds.push((cas.clone(), Some(Output::Swapped(false))));
            kinds.push((cas, None));
        }
    }
    kinds
}

fn compare_all(count: usize) -> Tally {
    let mut tally = Tally::default();
    let kinds: Vec<Vec<Kind>> = (0..count).map(|number| kinds(number, count)).collect();
    let choices: usize = kinds.iter().map(Vec::len).product();
    for shape in shapes(count) {
        for mut choice in 0..choices {
            let mut history: Vec<KvOperation> = Vec::with_capacity(count);
            for (kinds, (call, ret)) in kinds.iter().zip(&shape) {
                let (op, output) = kinds[choice % kinds.len()].clone();
                choice /= kinds.len();
                let ret = output.is_some().then_some(*ret);
                let input = Input {
                    key: "k".into(),
                    op,
                };
                history.push(Operation {
                    client: *call,
                    input,
                    output,
                    call: *call,
                    ret,
                });
            }
            // An unknown operation has no return, so one shape of it is enough.
            let is_repeated = history
                .iter()
                .zip(&shape)
                .any(|(operation, (call, ret))| operation.ret.is_none() && *ret != call + 1);
            if !is_repeated {
                tally.compare(&history);
            }
        }
    }
    tally
}

#[test]
fn every_history_of_up_to_three_operations_gets_the_verdict_of_brute_force() {
    for count in 1..=3 {
        let Tally {
            consistent,
            violation,
            ..
        } = compare_all(count);
        assert!(consistent > 0 && (violation > 0 || count == 1));
    }
}

#[test]
#[ignore = "takes minutes"]
fn every_history_of_four_operations_gets_the_verdict_of_brute_force() {
    println!("{:?}", compare_all(4));
}
