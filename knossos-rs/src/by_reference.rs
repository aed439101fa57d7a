//! A model over operations that stay where they are: a history is judged without copying what was
//! asked and answered.

use crate::model::{Footprint, Model, Moments, Plain, Queued};

/// The same object as `M`, in the words of references.
///
/// ```
/// use knossos::models::register::{Input, Register};
/// use knossos::{ByReference, Limits, Operation, Verdict, check};
///
/// let asked = Input::Write("a".into());
/// let history = [Operation::unknown(1, &asked, 0)];
/// let report = check(&ByReference::new(&Register), &history, None, &Limits::none());
/// assert_eq!(report.verdict, Verdict::Consistent);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ByReference<'a, M> {
    model: &'a M,
    words: Words,
}

/// Runs what describes an operation, and gives its words or others in their place.
type Words = fn(&dyn Fn() -> String) -> String;

impl<'a, M> ByReference<'a, M> {
    /// The model in the words of references.
    pub fn new(model: &'a M) -> Self {
        Self {
            model,
            words: |describe| describe(),
        }
    }

    /// The same, with `words` around each call of [`Model::describe`]: a place to catch a panic of
    /// a model that one did not write.
    #[must_use]
    pub fn with_words(self, words: Words) -> Self {
        Self { words, ..self }
    }
}

impl<'a, M: Model> Model for ByReference<'a, M>
where
    M::Input: 'a,
    M::Output: 'a,
{
    type Input = &'a M::Input;
    type Output = &'a M::Output;
    type State = M::State;

    fn initial(&self) -> M::State {
        self.model.initial()
    }

    fn initial_of(&self, input: &Self::Input) -> M::State {
        self.model.initial_of(input)
    }

    fn step(
        &self,
        state: &M::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Option<M::State> {
        self.model.step(state, input, output.copied())
    }

    fn describe(&self, input: &Self::Input, output: Option<&Self::Output>) -> String {
        (self.words)(&|| self.model.describe(input, output.copied()))
    }

    /// As a trace writes them.
    fn moments(&self) -> Moments {
        Moments::Seconds
    }

    fn partition<'input>(&self, input: &'input Self::Input) -> Option<&'input str> {
        self.model.partition(input)
    }

    fn footprint(&self, input: &Self::Input, output: Option<&Self::Output>) -> Footprint<M::State> {
        self.model.footprint(input, output.copied())
    }

    fn plain<'text>(
        &self,
        input: &'text Self::Input,
        output: Option<&'text Self::Output>,
    ) -> Option<Plain<'text>> {
        self.model.plain(input, output.copied())
    }

    fn plain_state<'text>(&self, state: &'text M::State) -> Option<Option<&'text str>> {
        self.model.plain_state(state)
    }

    fn queued<'text>(
        &self,
        input: &'text Self::Input,
        output: Option<&'text Self::Output>,
    ) -> Option<Queued<'text>> {
        self.model.queued(input, output.copied())
    }

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        self.model.can_become(state, later)
    }

    fn state_bytes(&self, state: &M::State) -> usize {
        self.model.state_bytes(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::any::Kind;
    use crate::models::queue::{Input, Output, Queue};
    use crate::{Limits, Operation, Report, check};

    /// So many enqueues at once, and dequeues in another order than they were called in.
    fn concurrent(values: u64) -> Vec<Operation<Input, Output>> {
        let text = |value: u64| value.to_string().as_str().into();
        let enqueues = (0..values).map(|value| {
            let input = Input::Enqueue(text(value));
            Operation::completed(value, input, Output::Done, 0, 1_000)
        });
        let dequeues = (0..values).map(|place| {
            let value = values - 1 - place;
            let (call, ret) = (2_000 + 10 * place, 2_005 + 10 * place);
            Operation::completed(
                0,
                Input::Dequeue,
                Output::Value(Some(text(value))),
                call,
                ret,
            )
        });
        enqueues.chain(dequeues).collect()
    }

    #[test]
    fn a_queue_is_decided_by_its_values_and_not_by_a_search() {
        let history = concurrent(200);
        let (queue, history) = (Queue.object(), Queue::any_history(&history));
        let by_value = check(&queue, &history, None, &Limits::none());
        let referred: Vec<_> = history.iter().map(Operation::by_reference).collect();
        let by_reference = check(&ByReference::new(&queue), &referred, None, &Limits::none());
        let told = |report: &Report| (format!("{:?}", report.verdict), report.steps);
        assert_eq!(told(&by_value), told(&by_reference));
        assert!(
            by_reference.steps <= 2 * history.len() as u64,
            "{}",
            by_reference.steps
        );
    }
}
