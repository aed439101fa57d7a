//! Witnessed: an order that the system itself gives, verified in place of a search.
//!
//! A replicated log says where its operations took effect. If that order respects real time
//! and the model allows it, it is a linearization, and nothing is left to search: one sort and
//! one pass. If not, nothing is said; the order may be wrong although the history is right.

use crate::entry::Entry;
use crate::history::Operation;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};

/// How many operations pass between two looks at the clock.
const TURNS_PER_LOOK: usize = 1 << 12;

/// Whether the hints order one part of a history into a linearization, as far as the steps go.
pub(crate) fn is_linearization<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    part: impl Iterator<Item = Entry>,
    hints: &[u64],
    meter: &mut Meter,
) -> bool {
    let happened = |entry: &Entry| entry.ret.is_some() || hints[entry.index] != u64::MAX;
    let mut order: Vec<(u64, usize)> = part
        .filter(happened)
        .map(|entry| (hints[entry.index], entry.index))
        .collect();
    // Equal hints keep the order of the history, which is a guess like any other.
    order.sort_unstable();
    let Some((_, first)) = order.first() else {
        return true;
    };
    let mut state = model.initial_of(&history[*first].input);
    let mut latest_call = 0;
    for (turn, (_, place)) in order.into_iter().enumerate() {
        if turn % TURNS_PER_LOOK == 0 && meter.ran_out(0).is_some() {
            return false;
        }
        let Operation {
            input,
            output,
            call,
            ret,
            ..
        } = &history[place];
        if ret.is_some_and(|ret| ret < latest_call) || meter.is_out_of_steps() {
            return false;
        }
        latest_call = latest_call.max(*call);
        meter.step();
        match model.step(&state, input, output.as_ref()) {
            Some(next) => state = next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Limits;
    use crate::drawn::any_kind::check_any_kind;
    use crate::models::register::{Input, Output, Register};

    fn follows(history: &[OperationOf<Register>], hints: &[u64]) -> bool {
        let part: Vec<Entry> = history
            .iter()
            .enumerate()
            .map(|(index, op)| Entry { index, ret: op.ret })
            .collect();
        let mut meter = Meter::start(&Limits::none());
        is_linearization(&Register, history, part.into_iter(), hints, &mut meter)
    }

    fn write(value: &str, call: u64, ret: u64) -> OperationOf<Register> {
        Operation::completed(1, Input::Write(value.into()), Output::Done, call, ret)
    }

    fn read(value: &str, call: u64, ret: u64) -> OperationOf<Register> {
        let output = Output::Value(Some(value.into()));
        Operation::completed(2, Input::Read, output, call, ret)
    }

    #[test]
    fn a_true_order_is_taken_and_one_against_time_or_the_model_is_not() {
        let history = [write("a", 0, 9), write("b", 5, 12), read("a", 6, 20)];
        assert!(follows(&history, &[1, 3, 2]));
        assert!(!follows(&history, &[1, 2, 3]), "the model");
        let history = [write("a", 0, 1), write("b", 2, 3), read("a", 4, 5)];
        assert!(!follows(&history, &[2, 1, 3]), "time");
    }

    #[test]
    fn an_unknown_operation_counts_only_where_its_hint_places_it() {
        let unknown = Operation::unknown(3, Input::Write("a".into()), 0);
        let history = [unknown, read("a", 5, 6)];
        assert!(follows(&history, &[1, 2]));
        assert!(!follows(&history, &[u64::MAX, 2]));
    }

    proptest! {
        #[test]
        fn no_order_is_taken_of_a_history_that_the_search_refuses(
            operations in prop::collection::vec((0u64..12, 0u64..6, 0usize..3, any::<bool>(), any::<bool>()), 1..7),
            hints in prop::collection::vec(0u64..8, 7),
        ) {
            let value = |value: usize| ["a", "b", "c"][value].into();
            let history: Vec<OperationOf<Register>> = operations
                .into_iter()
                .map(|(call, took, chosen, is_read, is_known)| {
                    match (is_read, is_known) {
                        (true, _) => Operation::completed(
                            1, Input::Read, Output::Value(Some(value(chosen))), call, call + took,
                        ),
                        (false, true) => Operation::completed(
                            1, Input::Write(value(chosen)), Output::Done, call, call + took,
                        ),
                        (false, false) => Operation::unknown(1, Input::Write(value(chosen)), call),
                    }
                })
                .collect();
            if follows(&history, &hints[..history.len()]) {
                let searched = check_any_kind(Register, &history, None, &Limits::none());
                prop_assert_eq!(searched.verdict, crate::Verdict::Consistent);
            }
        }
    }
}
