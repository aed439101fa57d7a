//! The culprit is the first operation by whose return the history is impossible, for every model.

use std::fmt::Debug;

use proptest::prelude::*;

use crate::drawn::small::{self, Small, for_every_small};
use crate::drawn::{impossible_by, moment_of};
use crate::search::tests::oracle;
use crate::{Limits, Model, Verdict, check};

fn the_culprit_is_the_first<M>(small: &Small<M>)
where
    M: Model<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static>,
{
    let Small { model, .. } = small;
    small.holds(1_000, 6, |history| {
        let found = check(model, history, None, &Limits::none()).verdict;
        if matches!(found, Verdict::Violation(_)) {
            let first = impossible_by(history, |known| oracle::is_linearizable(model, known));
            prop_assert_eq!(moment_of(&found, history), first, "{:?}", found);
        }
        Ok(())
    });
}

#[test]
fn the_culprit_is_the_first_whatever_the_model() {
    for_every_small!(the_culprit_is_the_first);
    the_culprit_is_the_first(&small::counter().of_any_kind());
}
