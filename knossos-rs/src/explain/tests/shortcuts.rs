//! The quicker ways to a contradiction, held against the slow ones.

use proptest::prelude::*;

use super::properties::{KvOperation, any_history, history, is_true};
use crate::drawn::cases;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::explain::moment::Clue;
use crate::explain::puzzle::{Puzzle, Start};
use crate::explain::question::Question;
use crate::limits::Meter;
use crate::models::kv::KeyValue;
use crate::{Limits, Verdict, Violation, check};

fn question(history: &[KvOperation]) -> Question<'_, KeyValue> {
    Question {
        model: &KeyValue,
        history,
        hints: None,
    }
}

fn entries(history: &[KvOperation]) -> Vec<Entry> {
    let entry = |(index, operation): (usize, &KvOperation)| Entry {
        index,
        ret: operation.ret,
    };
    history.iter().enumerate().map(entry).collect()
}

fn unlimited() -> Meter {
    Meter::start(&Limits::none())
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_puzzle_has_an_order_by_the_sweep_if_it_has_one_by_the_search(
        history in history([4, 4, 2, 0, 0]),
        chosen: u8,
        is_past_left_out: bool,
    ) {
        let question = question(&history);
        let start = if is_past_left_out { Start::Anywhere } else { Start::Initial };
        let mut puzzle = Puzzle::new(&question, &entries(&history), start);
        let must = |(bit, index): (usize, usize)| {
            chosen >> bit & 1 == 1 && history[index].ret.is_some()
        };
        let must: Vec<bool> = puzzle.indices().into_iter().enumerate().map(must).collect();
        let hunted = puzzle.hunt(&must, &mut unlimited());
        let has_unknown_read = puzzle.sweep(&must, &mut unlimited()).is_none();
        prop_assert!(hunted.is_some());
        if !has_unknown_read {
            prop_assert_eq!(puzzle.sweep(&must, &mut unlimited()), hunted);
        }
    }

    #[test]
    fn what_was_outgrown_is_a_contradiction_and_minimal_where_it_says_so(history in any_history()) {
        let verdict = check(&KeyValue, &history, None, &Limits::none()).verdict;
        if matches!(verdict, Verdict::Violation(_)) {
            let question = question(&history);
            let moment = question.earliest_moment(&entries(&history), Clue::default(), &mut unlimited());
            let moment = moment.expect("no limits");
            if let Some(found) = question.outgrown(&moment) {
                let mut core: Vec<usize> = found.core.iter().map(|entry| entry.index).collect();
                core.sort_by_key(|index| (history[*index].call, *index));
                is_true(&KeyValue, &history, &Violation {
                    culprit: Some(moment.culprit.index),
                    excerpt: core.clone(),
                    core,
                    core_is_minimal: found.is_minimal,
                    ..Violation::default()
                });
            }
        }
    }
    #[test]
    fn operations_that_have_an_order_are_never_refuted(
        history in any_history(),
        ended: (u8, u8),
        pieces in 0..8_usize,
    ) {
        let question = question(&history);
        let moments = question.moments(&entries(&history));
        for moment in moments {
            let known = question.by(&entries(&history), moment);
            let order = question.order_of(&known, &mut unlimited()).expect("no limits");
            if order.is_none() {
                break;
            }
            let moment = question.moment(&known, moment).expect("a return");
            prop_assert!(question.contradiction(&moment, &mut unlimited()).is_none());
            for latest in 1..=known.len() {
                let window = question.in_window_within(&moment, latest, pieces, &mut unlimited());
                prop_assert!(!window, "{latest} of {moment:?}", moment = moment.entries);
            }
            let chosen = |bits: u8| (0..history.len()).filter(move |bit| bits >> bit & 1 == 1);
            let evidence = Evidence {
                ordered: chosen(ended.0).collect(),
                stuck: chosen(ended.1).collect(),
                conflict: Vec::new(),
            };
            let refuted = question.impossible_at_suspects(&known, &evidence, &mut unlimited());
            prop_assert_eq!(refuted, None);
        }
    }
}
