//! Many objects of one kind, each with its key: any model, once per key.

use serde::{Deserialize, Serialize};

use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Model, Moments, OperationOf, Plain, Queued};
use crate::text::Text;

/// One object for each key. Operations without a key are all on one object.
///
/// ```
/// use knossos::models::keyed::{Input, Keyed};
/// use knossos::models::mutex::{self, Mutex};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let acquire = |key: &str, at| {
///     let input = Input { key: Some(key.into()), input: mutex::Input::Acquire };
///     Operation::completed(1, input, (), at, at + 5)
/// };
/// let model = Keyed::new(Mutex);
/// let verdict = |history: &[_]| check(&model, history, None, &Limits::none()).verdict;
/// assert_eq!(verdict(&[acquire("a", 0), acquire("b", 10)]), Verdict::Consistent);
/// assert!(matches!(verdict(&[acquire("a", 0), acquire("a", 10)]), Verdict::Violation(_)));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Keyed<M> {
    /// The model of each object.
    pub model: M,
    /// Whether events that are read have `[key value]` for a value.
    pub has_pairs: bool,
    /// Whether operations are described without their keys, as where there is but one.
    pub hides_keys: bool,
}

impl<M> Keyed<M> {
    /// Many objects of this model.
    pub fn new(model: M) -> Keyed<M> {
        Keyed {
            model,
            has_pairs: false,
            hides_keys: false,
        }
    }

    /// The same, whether events that are read have `[key value]` for a value or not.
    #[must_use]
    pub fn with_pairs(self, has_pairs: bool) -> Keyed<M> {
        Keyed { has_pairs, ..self }
    }
}

/// An operation on the object with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input<I> {
    /// The key.
    pub key: Option<Text>,
    /// What to do with its object.
    pub input: I,
}

impl<M: Model> Model for Keyed<M> {
    type Input = Input<M::Input>;
    type Output = M::Output;
    type State = M::State;

    fn initial(&self) -> M::State {
        self.model.initial()
    }

    fn initial_of(&self, input: &Self::Input) -> M::State {
        self.model.initial_of(&input.input)
    }

    fn step(
        &self,
        state: &M::State,
        input: &Self::Input,
        output: Option<&M::Output>,
    ) -> Option<M::State> {
        self.model.step(state, &input.input, output)
    }

    fn describe(&self, input: &Self::Input, output: Option<&M::Output>) -> String {
        let what = self.model.describe(&input.input, output);
        match &input.key {
            Some(key) if !self.hides_keys => format!("{key:?}: {what}"),
            _ => what,
        }
    }

    fn moments(&self) -> Moments {
        self.model.moments()
    }

    #[inline]
    fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
        match &input.key {
            Some(key) => Some(key),
            None => self.model.partition(&input.input),
        }
    }

    fn footprint(&self, input: &Self::Input, output: Option<&M::Output>) -> Footprint<M::State> {
        self.model.footprint(&input.input, output)
    }

    #[inline]
    fn plain<'a>(
        &self,
        input: &'a Self::Input,
        output: Option<&'a M::Output>,
    ) -> Option<Plain<'a>> {
        self.model.plain(&input.input, output)
    }

    fn plain_state<'a>(&self, state: &'a M::State) -> Option<Option<&'a str>> {
        self.model.plain_state(state)
    }

    fn queued<'a>(
        &self,
        input: &'a Self::Input,
        output: Option<&'a M::Output>,
    ) -> Option<Queued<'a>> {
        self.model.queued(&input.input, output)
    }

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        self.model.can_become(state, later)
    }

    fn state_bytes(&self, state: &M::State) -> usize {
        self.model.state_bytes(state)
    }
}

impl<M: AnyBeginning> AnyBeginning for Keyed<M>
where
    M::Input: Clone,
    M::Output: Clone,
{
    type Anywhere = Keyed<M::Anywhere>;

    fn anywhere(&self) -> Option<Self::Anywhere> {
        Some(Keyed {
            model: self.model.anywhere()?,
            has_pairs: self.has_pairs,
            hides_keys: self.hides_keys,
        })
    }

    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<M::State>> {
        let own = without_keys::<M>(operations);
        self.model.listed(&own.iter().collect::<Vec<_>>())
    }

    fn origins(&self, state: &M::State, inputs: &[&Self::Input]) -> Vec<M::State> {
        let inputs: Vec<&M::Input> = inputs.iter().map(|input| &input.input).collect();
        self.model.origins(state, &inputs)
    }

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<M::State> {
        let own = without_keys::<M>(operations);
        self.model.another(&own.iter().collect::<Vec<_>>())
    }

    fn any(&self) -> Option<M::State> {
        self.model.any()
    }

    fn finds_all(&self) -> bool {
        self.model.finds_all()
    }
}

/// The operations as those of one object.
fn without_keys<M>(operations: &[&OperationOf<Keyed<M>>]) -> Vec<OperationOf<M>>
where
    M: Model<Input: Clone, Output: Clone>,
{
    let own = |operation: &&OperationOf<Keyed<M>>| OperationOf::<M> {
        client: operation.client,
        input: operation.input.input.clone(),
        output: operation.output.clone(),
        call: operation.call,
        ret: operation.ret,
    };
    operations.iter().map(own).collect()
}
