//! Models in which one operation may have several outcomes.
//!
//! A queue that may hand out any of its first two elements, a cache that may have forgotten, a
//! server that may have rounded: the specification allows more than one next state. Such a
//! model becomes an ordinary one whose state is *the set of states that are possible* (the
//! power set construction, as for finite automata: Rabin and Scott 1959; porcupine does the
//! same): an operation is possible if it is possible in one of them. That changes no verdict,
//! since an order of the operations is allowed exactly if some choice of outcomes along it is.
//! It costs as many states at a time as cannot be told apart.

use std::collections::BTreeSet;
use std::hash::Hash;

use crate::model::Model;

/// A sequential specification with choice.
///
/// A counter that may lose an increment:
///
/// ```
/// use knossos::models::nondeterministic::{Choice, Nondeterministic};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// struct Lossy;
///
/// impl Choice for Lossy {
///     type Input = bool; // true: add one, false: read
///     type Output = u64; // the count, as far as the counter knows
///     type State = u64;
///
///     fn initial(&self) -> Vec<u64> {
///         vec![0]
///     }
///
///     fn step(&self, state: &u64, add: &bool, output: Option<&u64>) -> Vec<u64> {
///         let next = if *add { vec![*state, state + 1] } else { vec![*state] };
///         next.into_iter().filter(|next| output.is_none_or(|seen| seen == next)).collect()
///     }
///
///     fn describe(&self, add: &bool, output: Option<&u64>) -> String {
///         format!("{} = {output:?}", if *add { "add" } else { "read" })
///     }
/// }
///
/// let add = |at, seen| Operation::completed(1, true, seen, at, at + 1);
/// let model = Nondeterministic(Lossy);
/// let lost = [add(0, 1), add(2, 1), add(4, 2)];
/// assert_eq!(check(&model, &lost, None, &Limits::none()).verdict, Verdict::Consistent);
/// let gained = [add(0, 1), add(2, 3)];
/// assert!(matches!(
///     check(&model, &gained, None, &Limits::none()).verdict,
///     Verdict::Violation(_)
/// ));
/// ```
pub trait Choice {
    /// What a client asks.
    type Input: PartialEq;
    /// What a client is told.
    type Output: PartialEq;
    /// What the object holds between operations.
    type State: Clone + Ord + Hash;

    /// The states that everything may start in.
    fn initial(&self) -> Vec<Self::State>;

    /// The states that the operation may leave when it takes effect in `state`; empty if
    /// `output` is impossible there. Without an output, anything may have been answered.
    fn step(
        &self,
        state: &Self::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Vec<Self::State>;

    /// One operation in words, for people.
    fn describe(&self, input: &Self::Input, output: Option<&Self::Output>) -> String;

    /// The part of the object that the operation touches; see [`Model::partition`].
    fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
        let _ = input;
        None
    }
}

/// A specification with choice, as a [`Model`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Nondeterministic<C>(pub C);

impl<C: Choice> Model for Nondeterministic<C> {
    type Input = C::Input;
    type Output = C::Output;
    /// Every state that is possible, never none.
    type State = BTreeSet<C::State>;

    fn initial(&self) -> Self::State {
        let initial: BTreeSet<_> = self.0.initial().into_iter().collect();
        assert!(!initial.is_empty(), "a model starts in some state");
        initial
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Option<Self::State> {
        let after: BTreeSet<_> = state
            .iter()
            .flat_map(|state| self.0.step(state, input, output))
            .collect();
        (!after.is_empty()).then_some(after)
    }

    fn describe(&self, input: &Self::Input, output: Option<&Self::Output>) -> String {
        self.0.describe(input, output)
    }

    fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
        self.0.partition(input)
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.len() * 2 * size_of::<C::State>()
    }
}
