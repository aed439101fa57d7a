//! The culprit is the first operation by whose return the history is impossible, for every model.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::asked::{self, Asked, histories};
use super::properties::first_impossible;
use crate::models::cas_register::CasRegister;
use crate::models::counter::Counter;
use crate::models::mutex::Mutex;
use crate::models::queue::Queue;
use crate::models::register::Register;
use crate::models::set::Set;
use crate::models::stack::Stack;
use crate::models::versioned_register::VersionedRegister;
use crate::{Limits, Model, Verdict, check};

/// How many histories of each model are drawn.
const HISTORIES: u32 = 1_000;

/// How many operations each has at most.
const OPERATIONS: usize = 6;

fn the_culprit_is_the_first<M>(model: &M, asked: Vec<Asked<M>>)
where
    M: Model<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static>,
{
    let config = Config {
        cases: HISTORIES,
        failure_persistence: None,
        ..Config::default()
    };
    let drawn = histories::<M>(asked, OPERATIONS);
    let checked = TestRunner::new(config).run(&drawn, |history| {
        let verdict = check(model, &history, None, &Limits::none()).verdict;
        if let Verdict::Violation(violation) = verdict {
            let first = first_impossible(model, &history);
            let culprit = violation.culprit.expect("a small history has a culprit");
            prop_assert!(first.contains(&culprit), "{first:?}: {violation:?}");
        }
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn the_culprit_is_the_first_whatever_the_model() {
    the_culprit_is_the_first(&Register, asked::of_register());
    the_culprit_is_the_first(&CasRegister, asked::of_cas_register());
    the_culprit_is_the_first(&VersionedRegister, asked::of_versioned_register());
    the_culprit_is_the_first(&Mutex, asked::of_mutex());
    the_culprit_is_the_first(&Counter::default(), asked::of_counter());
    the_culprit_is_the_first(&Queue, asked::of_queue());
    the_culprit_is_the_first(&Stack, asked::of_stack());
    the_culprit_is_the_first(&Set, asked::of_set());
    the_culprit_is_the_first(&Set, asked::of_set_without_reads());
    the_culprit_is_the_first(&asked::bank(), asked::of_bank());
}
