//! What one pass decides, against brute force.

use super::*;
use crate::limits::Limits;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::search::tests::oracle::is_linearizable;
use crate::zones::tests::random::{Random, history as history_of_key};
use crate::{Operation, Text};

type KvOperation = Operation<Input, Output>;

/// What one pass says without limits.
fn sight(history: &[KvOperation]) -> (Parts, Sight) {
    let meter = Meter::start(&Limits::none());
    look_over(&KeyValue, history, &meter).expect("no limits")
}

/// Whether it says so, as it must of reads and writes of distinct values.
fn is_plain(history: &[KvOperation]) -> bool {
    let mut written: Vec<&Text> = Vec::new();
    history.iter().all(|operation| match &operation.input.op {
        Op::Get => true,
        Op::Put(value) => {
            let is_new = !written.contains(&value);
            written.push(value);
            is_new
        }
        _ => false,
    })
}

/// Several keys, mixed; and each key's operations.
fn histories(random: &mut Random) -> (Vec<KvOperation>, Vec<Vec<KvOperation>>) {
    let keys = 1 + random.below(3);
    let of_key = |key: u64, random: &mut Random| -> Vec<KvOperation> {
        let repeats = random.below(8) / 7;
        let mut history = history_of_key(random, repeats);
        if random.below(4) > 0 {
            history.retain(|operation| matches!(operation.input.op, Op::Get | Op::Put(_)));
        }
        for operation in &mut history {
            operation.input.key = key.to_string().into();
        }
        history
    };
    let by_key: Vec<Vec<KvOperation>> = (0..keys).map(|key| of_key(key, random)).collect();
    let mut mixed: Vec<KvOperation> = by_key.iter().flatten().cloned().collect();
    for index in 1..mixed.len() {
        mixed.swap(index, random.below(index as u64 + 1) as usize);
    }
    (mixed, by_key)
}

#[test]
fn what_one_pass_says_of_several_keys_is_what_brute_force_says() {
    let mut random = Random(3);
    let (mut violations, mut decided, mut undecided) = (0, 0, 0);
    for _ in 0..20_000 {
        let (mixed, by_key) = histories(&mut random);
        let of = |name: &str| {
            let is_it = |history: &&Vec<KvOperation>| {
                history
                    .first()
                    .is_some_and(|first| &*first.input.key == name)
            };
            by_key.iter().find(is_it).expect("a key")
        };
        let (parts, sight) = sight(&mixed);
        let name = |part: usize| {
            parts
                .name(&KeyValue, &mixed, part)
                .expect("keys have names")
        };
        match sight {
            Sight::Violation(part, conflict, _) => {
                violations += 1;
                let conflict: Vec<_> = conflict.iter().map(|i| mixed[*i].clone()).collect();
                assert!(conflict.iter().all(|one| *one.input.key == name(part)));
                assert!(
                    !is_linearizable(&KeyValue, &conflict),
                    "{conflict:#?} of {mixed:#?}"
                );
                assert!(!is_linearizable(&KeyValue, of(&name(part))), "{mixed:#?}");
            }
            Sight::Undecided(left) => {
                undecided += left.len();
                decided += parts.len() - left.len();
                for part in 0..parts.len() {
                    let history = of(&name(part));
                    assert_eq!(left.contains(&part), !is_plain(history), "{history:#?}");
                    assert!(left.contains(&part) || is_linearizable(&KeyValue, history));
                }
            }
        }
    }
    let tally = [violations, decided, undecided];
    assert!(tally.iter().all(|count| *count > 2_000), "{tally:?}");
}

#[test]
fn what_touches_everything_after_others_leaves_all_to_others() {
    struct Late;
    impl Model for Late {
        type Input = Option<&'static str>;
        type Output = ();
        type State = u8;

        fn initial(&self) -> u8 {
            0
        }

        fn step(&self, state: &u8, _: &Self::Input, _: Option<&()>) -> Option<u8> {
            Some(*state)
        }

        fn describe(&self, _: &Self::Input, _: Option<&()>) -> String {
            String::new()
        }

        fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
            *input
        }

        fn plain<'a>(&self, _: &'a Self::Input, _: Option<&'a ()>) -> Option<crate::Plain<'a>> {
            Some(crate::Plain::Nothing)
        }
    }
    let history =
        [Some("a"), Some("b"), None, Some("a")].map(|part| Operation::completed(1, part, (), 0, 1));
    let meter = Meter::start(&Limits::none());
    let (parts, sight) = look_over(&Late, &history, &meter).expect("no limits");
    assert_eq!(parts.len(), 1);
    assert!(matches!(sight, Sight::Undecided(left) if left == [0]));
}

#[test]
fn a_key_without_room_is_left_to_others() {
    let (mixed, _) = histories(&mut Random(5));
    let limits = Limits {
        memory_bytes: Some(64),
        ..Limits::none()
    };
    let meter = Meter::start(&limits);
    let found = look_over(&KeyValue, &mixed, &meter);
    assert!(matches!(found, Ok((parts, Sight::Undecided(left))) if left.len() == parts.len()));
}
