//! Mistakes that a checker of weaker levels could make, each caught by the definitions.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::oracle::{BUGS, Bug, Oracle};
use super::random::{distinct, drawn, said, weak_levels};
use super::{KvOperation, get, holds, put};

/// A client misses what another had written, or read, before it wrote what the client has seen:
/// rarely drawn.
fn across_keys() -> [Vec<KvOperation>; 2] {
    [
        vec![
            put(0, "x", "0", 0),
            put(0, "y", "1", 10),
            get(1, "y", "1", 20),
            get(1, "x", "", 30),
        ],
        vec![
            put(0, "x", "0", 0),
            get(2, "x", "0", 5),
            put(2, "y", "1", 10),
            get(1, "y", "1", 20),
            get(1, "x", "", 30),
        ],
    ]
}

/// How many histories a mistake may take to show.
const HISTORIES: usize = 4_000;

#[test]
fn every_planted_mistake_is_caught_and_the_definitions_are_not() {
    let mut runner = TestRunner::deterministic();
    let histories = drawn(6).prop_map(|drawn| distinct(&drawn, true));
    let levels = weak_levels();
    let mut caught: BTreeSet<(usize, usize)> = BTreeSet::new();
    let drawn = std::iter::repeat_with(|| {
        let history = histories.new_tree(&mut runner).expect("a history");
        history.current()
    });
    for history in across_keys().into_iter().chain(drawn.take(HISTORIES)) {
        for (level_number, level) in levels.iter().enumerate() {
            let holds = holds(&history, *level);
            let definition = said(Oracle::default(), &history, *level);
            assert_eq!(definition, Some(holds), "{level:?}: {history:#?}");
            for (number, bug) in BUGS.into_iter().enumerate() {
                if !caught.contains(&(number, level_number))
                    && said(Oracle { bug: Some(bug) }, &history, *level) != Some(holds)
                {
                    caught.insert((number, level_number));
                }
            }
        }
    }
    let is_caught = |number: usize, level: usize| caught.contains(&(number, level));
    for (number, bug) in BUGS.into_iter().enumerate() {
        let on: Vec<_> = (0..levels.len())
            .filter(|level| is_caught(number, *level))
            .map(|level| levels[level])
            .collect();
        println!("{bug:?}: {on:?}");
        assert!(!on.is_empty(), "nobody notices {bug:?}");
    }
    // Each level adds something, and each shows when that is left out.
    for (level_number, level) in levels.iter().enumerate() {
        let number = |bug| {
            BUGS.iter()
                .position(|other| *other == bug)
                .expect("one of them")
        };
        let forgets = [Bug::ForgetsTheGuarantee, Bug::ForgetsProgramOrder];
        assert!(
            forgets
                .map(number)
                .iter()
                .any(|bug| is_caught(*bug, level_number)),
            "{level:?} promises nothing"
        );
    }
}
