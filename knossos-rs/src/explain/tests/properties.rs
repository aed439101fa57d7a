//! What is said of a contradiction, held against brute force over small random histories.

use proptest::prelude::*;

use crate::drawn::cases;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::{Limits, Model, Operation, OperationOf, Text, Verdict, Violation, check};

pub(super) type KvOperation = Operation<Input, Output>;

/// Whether every order is impossible in which what must take effect does.
///
/// `must` and `may` are operations as of one moment. An operation that may take effect does so
/// between its call and its return and with its answer, or not at all.
fn is_impossible<M: Model>(model: &M, must: &[&OperationOf<M>], may: &[&OperationOf<M>]) -> bool {
    (0..1_u32 << may.len()).all(|chosen| {
        let taken = may
            .iter()
            .enumerate()
            .filter(|(bit, _)| chosen >> bit & 1 == 1)
            .map(|(_, operation)| *operation);
        let all: Vec<&OperationOf<M>> = must.iter().copied().chain(taken).collect();
        !has_order(model, &all, &model.initial())
    })
}

/// Whether all of these can be put in order.
fn has_order<M: Model>(model: &M, left: &[&OperationOf<M>], state: &M::State) -> bool {
    left.is_empty()
        || (0..left.len()).any(|next| {
            let operation = left[next];
            let is_first = left.iter().all(|other| !other.precedes(operation));
            let after = model.step(state, &operation.input, operation.output.as_ref());
            is_first
                && after.is_some_and(|after| {
                    let mut rest = left.to_vec();
                    rest.remove(next);
                    has_order(model, &rest, &after)
                })
        })
}

/// The history as of a moment.
pub(super) fn by<M: Model>(history: &[OperationOf<M>], moment: u64) -> Vec<(usize, OperationOf<M>)>
where
    OperationOf<M>: Clone,
    M::Input: Clone,
{
    history
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.call <= moment)
        .map(|(index, operation)| match operation.ret {
            Some(ret) if ret <= moment => (index, operation.clone()),
            _ => {
                let Operation {
                    client,
                    input,
                    call,
                    ..
                } = operation;
                (index, Operation::unknown(*client, input.clone(), *call))
            }
        })
        .collect()
}

/// Holds the violation against brute force; whether its core is minimal.
pub(super) fn is_true<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    violation: &Violation,
) -> bool
where
    OperationOf<M>: Clone,
    M::Input: Clone,
{
    let culprit = violation.culprit.expect("a small history has a culprit");
    let known = by::<M>(history, history[culprit].ret.expect("a culprit returns"));
    let is_impossible_with = |core: &[usize]| {
        let is_core = |index: &usize| core.contains(index);
        let must: Vec<_> = known.iter().filter(|(index, _)| is_core(index)).collect();
        let may: Vec<_> = known.iter().filter(|(index, _)| !is_core(index)).collect();
        let must: Vec<_> = must.into_iter().map(|(_, operation)| operation).collect();
        let may: Vec<_> = may.into_iter().map(|(_, operation)| operation).collect();
        is_impossible(model, &must, &may)
    };
    let core = &violation.core;
    assert!(!core.is_empty(), "no contradiction: {violation:?}");
    assert!(is_impossible_with(core), "no contradiction: {violation:?}");
    assert!(core.iter().all(|index| violation.excerpt.contains(index)));
    assert!(violation.excerpt.contains(&culprit));
    assert!(
        violation
            .excerpt
            .is_sorted_by_key(|index| (history[*index].call, *index))
    );
    if violation.core_is_minimal {
        for left_out in core {
            let mut rest = core.clone();
            rest.retain(|index| index != left_out);
            assert!(
                !is_impossible_with(&rest),
                "{left_out} does not matter: {violation:?}"
            );
        }
    }
    violation.core_is_minimal
}

/// The operations that return at the first moment by which every order is impossible.
pub(super) fn first_impossible<M: Model>(model: &M, history: &[OperationOf<M>]) -> Vec<usize>
where
    OperationOf<M>: Clone,
    M::Input: Clone,
{
    let mut moments: Vec<u64> = history.iter().filter_map(|one| one.ret).collect();
    moments.sort_unstable();
    let is_impossible_by = |moment: &u64| {
        let known = by::<M>(history, *moment);
        let operations = || known.iter().map(|(_, operation)| operation);
        let must: Vec<_> = operations().filter(|one| one.ret.is_some()).collect();
        let may: Vec<_> = operations().filter(|one| one.ret.is_none()).collect();
        is_impossible(model, &must, &may)
    };
    let first = moments.into_iter().find(is_impossible_by);
    let first = first.expect("the whole history is impossible");
    let returned = |index: &usize| history[*index].ret == Some(first);
    (0..history.len()).filter(returned).collect()
}

fn value() -> BoxedStrategy<Text> {
    prop_oneof![Just("a"), Just("b"), Just("ab"), Just("ba")]
        .prop_map(Text::from)
        .boxed()
}

fn cell() -> BoxedStrategy<Option<Text>> {
    prop_oneof![1 => Just(None), 3 => value().prop_map(Some)].boxed()
}

/// What may be asked and answered; `weights` of get, put, delete, append and cas.
fn request(weights: [u32; 5]) -> BoxedStrategy<(Op, Output)> {
    let [get, put, delete, append, cas] = weights;
    prop_oneof![
        get => cell().prop_map(|value| (Op::Get, Output::Value(value))),
        put => value().prop_map(|value| (Op::Put(value), Output::Done)),
        delete => Just((Op::Delete, Output::Done)),
        append => value().prop_map(|value| (Op::Append(value), Output::Done)),
        cas => (cell(), cell(), any::<bool>())
            .prop_map(|(old, new, swapped)| (Op::Cas { old, new }, Output::Swapped(swapped))),
    ]
    .boxed()
}

/// Any operations at all, one in eight of unknown outcome.
pub(super) fn history(weights: [u32; 5]) -> impl Strategy<Value = Vec<KvOperation>> {
    let operation = (request(weights), 0..16_u64, 0..6_u64, 0..8_u8);
    prop::collection::vec(operation, 1..=7).prop_map(|drawn| {
        let number = drawn.into_iter().enumerate();
        number
            .map(|(client, ((op, output), call, length, luck))| {
                let key = Text::from("k");
                let input = Input { key, op };
                match luck {
                    0 => Operation::unknown(client as u64, input, call),
                    _ => Operation::completed(client as u64, input, output, call, call + length),
                }
            })
            .collect()
    })
}

pub(super) fn any_history() -> impl Strategy<Value = Vec<KvOperation>> {
    prop_oneof![
        history([4, 3, 1, 2, 3]),
        history([4, 4, 1, 0, 0]),
        history([4, 3, 0, 0, 4]),
        history([4, 0, 0, 4, 0]),
    ]
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_core_is_impossible_whatever_else_took_effect_and_each_of_it_matters(history in any_history()) {
        if let Verdict::Violation(violation) = check(&KeyValue, &history, None, &Limits::none()).verdict {
            prop_assert!(is_true(&KeyValue, &history, &violation));
        }
    }

    #[test]
    fn the_culprit_is_the_first_operation_by_whose_return_the_history_is_impossible(
        history in any_history(),
    ) {
        if let Verdict::Violation(violation) = check(&KeyValue, &history, None, &Limits::none()).verdict {
            let first = first_impossible(&KeyValue, &history);
            let culprit = violation.culprit.expect("a small history has a culprit");
            prop_assert!(first.contains(&culprit), "{first:?}: {violation:?}");
            prop_assert!(violation.excerpt.contains(&culprit));
            let name = format!("by client {}", history[culprit].client);
            prop_assert!(violation.message.contains(&name), "{violation:?}");
        }
    }

    #[test]
    fn of_two_keys_the_culprit_is_the_first_of_both(
        one in any_history(),
        other in any_history(),
    ) {
        let other = other.into_iter().map(|mut operation| {
            operation.input.key = "other".into();
            operation
        });
        let history: Vec<KvOperation> = one.into_iter().chain(other).collect();
        if let Verdict::Violation(violation) = check(&KeyValue, &history, None, &Limits::none()).verdict {
            let of_key = |key: &str| -> Vec<KvOperation> {
                let own = history.iter().filter(|operation| *operation.input.key == *key);
                own.cloned().collect()
            };
            let moments = ["k", "other"].into_iter().filter_map(|key| {
                let own = of_key(key);
                let verdict = check(&KeyValue, &own, None, &Limits::none()).verdict;
                let is_violation = matches!(verdict, Verdict::Violation(_));
                is_violation.then(|| own[first_impossible(&KeyValue, &own)[0]].ret)
            });
            let culprit = violation.culprit.expect("a small history has a culprit");
            prop_assert_eq!(history[culprit].ret, moments.min().expect("one is a violation"));
        }
    }

    #[test]
    fn an_excerpt_alone_is_a_violation(history in any_history()) {
        if let Verdict::Violation(violation) = check(&KeyValue, &history, None, &Limits::none()).verdict {
            let known = by::<KeyValue>(&history, history[violation.culprit.unwrap()].ret.unwrap());
            let shown: Vec<KvOperation> = known
                .into_iter()
                .filter(|(index, _)| violation.excerpt.contains(index))
                .map(|(_, operation)| operation)
                .collect();
            let alone = check(&KeyValue, &shown, None, &Limits::none()).verdict;
            prop_assert!(violation.excerpt_suffices);
            prop_assert!(matches!(alone, Verdict::Violation(_)), "{violation:?}");
        }
    }
}

/// A model without footprints: all that is known of an operation is what it does.
pub(super) struct Opaque;

impl Model for Opaque {
    type Input = Input;
    type Output = Output;
    type State = Option<Text>;

    fn initial(&self) -> Self::State {
        KeyValue.initial()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        KeyValue.step(state, input, output)
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        KeyValue.describe(input, output)
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_model_without_footprints_is_explained_as_truly(history in any_history()) {
        if let Verdict::Violation(violation) = check(&Opaque, &history, None, &Limits::none()).verdict {
            prop_assert!(is_true(&Opaque, &history, &violation));
            let first = first_impossible(&Opaque, &history);
            prop_assert!(first.contains(&violation.culprit.expect("small")), "{violation:?}");
        }
    }
}
