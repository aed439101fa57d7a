//! What the suite has to know of a model to try its checker.

mod accounts;
mod cells;
mod collections;

use std::fmt::Debug;

use knossos::{Model, Operation, Text};

pub(crate) use accounts::{Banks, LossyCounters};
pub(crate) use cells::{CasRegisters, Registers, Stores};
pub(crate) use collections::{Queues, Sets, Stacks};

/// A model that the suite can draw histories of.
pub(crate) trait Subject {
    type Model: Model<Input: Clone + Debug, Output: Clone + Debug>;

    fn name(&self) -> &'static str;

    fn model(&self) -> &Self::Model;

    /// What clients ask.
    fn inputs(&self) -> Vec<Input<Self>>;

    /// What one of them is answered in a state; one of several answers, if there are several.
    fn answer(&self, state: &State<Self>, input: &Input<Self>) -> Output<Self>;

    /// The same operation with other values, keys or accounts.
    fn rename(&self, input: &Input<Self>, output: Option<&Output<Self>>) -> Renamed<Self>;

    /// Something that no answer to the inputs above can depend on.
    fn unobserved(&self) -> Input<Self>;
}

pub(crate) type Input<S> = <<S as Subject>::Model as Model>::Input;
pub(crate) type Output<S> = <<S as Subject>::Model as Model>::Output;
pub(crate) type State<S> = <<S as Subject>::Model as Model>::State;
pub(crate) type Renamed<S> = (Input<S>, Option<Output<S>>);
pub(crate) type History<S> = Vec<Operation<Input<S>, Output<S>>>;

/// Calls a generic function with every subject.
#[macro_export]
macro_rules! for_every_subject {
    ($function:ident $(, $argument:expr)*) => {{
        use $crate::subject as subjects;
        $function(&subjects::Registers $(, $argument)*);
        $function(&subjects::CasRegisters $(, $argument)*);
        $function(&subjects::Stores $(, $argument)*);
        $function(&subjects::Sets $(, $argument)*);
        $function(&subjects::Queues $(, $argument)*);
        $function(&subjects::Stacks $(, $argument)*);
        $function(&subjects::Banks::new() $(, $argument)*);
        $function(&subjects::LossyCounters $(, $argument)*);
    }};
}

/// Swaps the letters, so that a text and its beginnings stay in their relation.
fn renamed(text: &Text) -> Text {
    let swap = |letter| match letter {
        'a' => 'b',
        'b' => 'a',
        other => other,
    };
    text.chars().map(swap).collect::<String>().into()
}

fn renamed_content(content: &Option<Text>) -> Option<Text> {
    content.as_ref().map(renamed)
}

fn text(letter: &str) -> Text {
    letter.into()
}

fn content(letter: &str) -> Option<Text> {
    Some(letter.into())
}
