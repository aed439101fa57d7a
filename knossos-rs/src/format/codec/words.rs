//! Ready-made models in the words of files: what each has of its own, and what all have in
//! common, which makes a [`Codec`] of it.

use super::{Codec, Line, names};
use crate::consistency::Consistency;
use crate::format::datum::Datum;
use crate::model::{Model, OperationOf};
use crate::text::Text;

/// How the operations of a model are written.
pub(super) trait Words: Model {
    /// The name of the model among [`names`].
    const NAME: &'static str;

    /// Whether each operation has a key.
    const IS_KEYED: bool = false;

    /// What is asked; `None` if the model has no operation of this name.
    fn asked(&self, line: &Line) -> Result<Option<Self::Input>, String>;

    /// What was answered to `line`, which asks for `input`.
    fn answered(
        &self,
        input: &Self::Input,
        line: &Line,
        output: &Datum,
    ) -> Result<Self::Output, String>;

    /// The name of an operation, and what is asked.
    fn ask(&self, input: &Self::Input) -> (&'static str, Datum);

    /// What is answered.
    fn answer(&self, input: &Self::Input, output: &Self::Output) -> Datum;

    /// As [`Codec::is_nil`].
    fn saw_nil(&self, seen: &Datum) -> bool {
        seen.is_null()
    }

    /// The key of an operation.
    fn key<'i>(&self, input: &'i Self::Input) -> Option<&'i Text> {
        let _ = input;
        None
    }

    /// What the object holds, read and written.
    fn holding(&self, state: &Datum) -> Result<Self::State, String>;

    /// The same, written; `None` if that has no words.
    fn held(&self, state: &Self::State) -> Option<Datum>;

    /// As [`Codec::is_compound`].
    fn stands_for_several(&self, input: &Self::Input) -> bool {
        let _ = input;
        false
    }

    /// As [`Codec::expand`].
    fn taken_apart(
        &self,
        history: Vec<OperationOf<Self>>,
        level: Consistency,
    ) -> Vec<OperationOf<Self>>
    where
        Self: Sized,
    {
        let _ = level;
        history
    }
}

impl<M: Words> Codec for M {
    fn parse(&self, line: &Line) -> Result<(M::Input, Option<M::Output>), String> {
        let Some(input) = self.asked(line)? else {
            return Err(names::unknown_op(&line.op, M::NAME));
        };
        let output = match &line.output {
            Some(output) => Some(self.answered(&input, line, output)?),
            None => None,
        };
        Ok((input, output))
    }

    fn render(&self, input: &M::Input, output: Option<&M::Output>) -> Line {
        let (op, asked) = self.ask(input);
        Line {
            op: op.into(),
            key: self.key(input).cloned(),
            input: asked,
            output: output.map(|output| self.answer(input, output)),
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<M::State, String> {
        self.holding(state)
    }

    fn render_state(&self, state: &M::State) -> Option<Datum> {
        self.held(state)
    }

    fn is_keyed(&self) -> bool {
        M::IS_KEYED
    }

    fn is_nil(&self, seen: &Datum) -> bool {
        self.saw_nil(seen)
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(M::NAME, op)
    }

    fn is_compound(&self, input: &M::Input) -> bool {
        self.stands_for_several(input)
    }

    fn expand(&self, history: Vec<OperationOf<M>>, level: Consistency) -> Vec<OperationOf<M>> {
        self.taken_apart(history, level)
    }
}
