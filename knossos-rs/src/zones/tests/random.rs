//! Random histories of up to nine operations.

use super::compare::{KvOperation, Tally};
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::{Model, Operation, Text};

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % bound
    }
}

/// Operations executed one after the other in a random order, so that most histories are nearly
/// linearizable; then some answers are lost and some are changed. `repeats` in 8 of the written
/// values are not new.
pub(crate) fn history(random: &mut Random, repeats: u64) -> Vec<KvOperation> {
    let count = 1 + random.below(9) as usize;
    let span = 2 + random.below(20);
    let mut drawn: Vec<(u64, u64, u64)> = (0..count)
        .map(|_| {
            let (call, length) = (random.below(span), random.below(8));
            (call + random.below(length + 1), call, call + length)
        })
        .collect();
    drawn.sort_unstable();
    let mut state: Option<Text> = None;
    let mut values: Vec<Option<Text>> = vec![None];
    let mut history = Vec::new();
    for (number, (_, call, ret)) in drawn.into_iter().enumerate() {
        let mut new = Text::from(number.to_string());
        let seen = values[random.below(values.len() as u64) as usize].clone();
        if random.below(8) < repeats {
            new = seen.clone().unwrap_or(new);
        }
        let op = match random.below(20) {
            0..8 => Op::Get,
            8..14 => Op::Put(new.clone()),
            14 => Op::Delete,
            15 => Op::Cas {
                old: seen.clone(),
                new: Some(new.clone()),
            },
            16 => Op::Cas {
                old: values[random.below(values.len() as u64) as usize].clone(),
                new: seen.clone(),
            },
            _ => Op::Cas {
                old: state.clone(),
                new: Some(new.clone()),
            },
        };
        values.push(Some(new));
        let input = Input {
            key: "k".into(),
            op,
        };
        let before = state.clone();
        let fate = random.below(10);
        if fate > 0 {
            state = KeyValue
                .step(&before, &input, None)
                .expect("always possible");
        }
        let output = match &input.op {
            _ if fate < 2 => None,
            Op::Get if fate == 2 => Some(Output::Value(seen)),
            Op::Get => Some(Output::Value(before)),
            Op::Cas { old, .. } => Some(Output::Swapped(*old == before)),
            _ => Some(Output::Done),
        };
        let ret = output.is_some().then_some(ret);
        history.push(Operation {
            client: number as u64,
            input,
            output,
            call,
            ret,
        });
    }
    // Operations come in no particular order.
    for index in 1..history.len() {
        history.swap(index, random.below(index as u64 + 1) as usize);
    }
    history
}

fn compare(seed: u64, count: u64) -> Tally {
    let mut random = Random(seed);
    let mut tally = Tally::default();
    for number in 0..count {
        tally.compare(&history(&mut random, [0, 0, 1, 4][number as usize % 4]));
    }
    tally
}

#[test]
fn random_histories_get_the_verdict_of_brute_force() {
    let tally = compare(1, 20_000);
    let Tally {
        consistent,
        violation,
        left_to_search,
    } = tally;
    assert!(
        consistent > 1_000 && violation > 1_000 && left_to_search > 100,
        "{tally:?}"
    );
}

#[test]
#[ignore = "takes minutes"]
fn millions_of_random_histories_get_the_verdict_of_brute_force() {
    println!("{:?}", compare(2, 5_000_000));
}
