//! A model over operations that stay where they are: a history is judged without
//! copying what was asked and answered.

use knossos::{Footprint, Model, Moments, Plain};

use super::survive::in_words;

/// The same object as `M`, in the words of references.
pub(super) struct ByReference<'a, M> {
    model: M,
    words: std::marker::PhantomData<&'a ()>,
}

impl<M> ByReference<'_, M> {
    pub(super) fn new(model: M) -> Self {
        Self {
            model,
            words: std::marker::PhantomData,
        }
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

    fn step(
        &self,
        state: &M::State,
        input: &Self::Input,
        output: Option<&Self::Output>,
    ) -> Option<M::State> {
        self.model.step(state, input, output.copied())
    }

    fn describe(&self, input: &Self::Input, output: Option<&Self::Output>) -> String {
        in_words(|| self.model.describe(input, output.copied()))
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

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        self.model.can_become(state, later)
    }

    fn state_bytes(&self, state: &M::State) -> usize {
        self.model.state_bytes(state)
    }
}
