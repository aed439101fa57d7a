//! Models of one's own: histories of a system that only its author knows, judged like all others.

use std::io::Read;
use std::sync::Arc;

use knossos::format::{Codec, Datum, Line};
use knossos::{AnyBeginning, Footprint, Model, Moments, Plain, Queued};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Job;
use super::files::open;
use super::judge::{Levels, judge};
use super::reading::Counted;
use crate::search::SearchError;
use crate::system::name_and_content;

/// A model that `check --model` knows in a program of one's own, beside those that omnisim has.
///
/// It reads what [`generic_line`](crate::system::generic_line) writes, which the clients of every
/// run leave unless the system says otherwise: commands and answers as serde writes them.
///
/// ```
/// use omnisim::cli::HistoryModel;
/// use knossos::models::register::Register;
///
/// let model = HistoryModel::of::<Register>("mine", "read, write, clear");
/// assert_eq!(model.name(), "mine");
/// ```
#[derive(Clone, Copy)]
pub struct HistoryModel {
    name: &'static str,
    operations: &'static str,
    judge: fn(&str, Job<'_>) -> Result<Levels, SearchError>,
}

impl std::fmt::Debug for HistoryModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HistoryModel")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl HistoryModel {
    /// The model `M` by a name of its own; `operations` is what `check --list-models` says that
    /// it reads.
    pub const fn of<M>(name: &'static str, operations: &'static str) -> Self
    where
        M: Model + Default + 'static,
        M::Input: Clone + Serialize + DeserializeOwned,
        M::Output: Clone + Serialize + DeserializeOwned,
    {
        Self {
            name,
            operations,
            judge: judge_written::<M>,
        }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it reads.
    pub const fn operations(&self) -> &'static str {
        self.operations
    }

    /// Judges one history at every level.
    pub(super) fn judge(&self, job: Job<'_>) -> Result<Levels, SearchError> {
        (self.judge)(self.name, job)
    }
}

fn judge_written<M>(name: &str, job: Job<'_>) -> Result<Levels, SearchError>
where
    M: Model + Default,
    M::Input: Clone + Serialize + DeserializeOwned,
    M::Output: Clone + Serialize + DeserializeOwned,
{
    let path = job.path.display().to_string();
    let source: Box<dyn Read> = Box::new(Counted::new(path, open(job.path)?, job.reading));
    judge(Written(Arc::new(M::default())), name, job, source)
}

/// A model whose operations are written as serde writes them.
struct Written<M>(Arc<M>);

impl<M> Clone for Written<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M: Model> Model for Written<M> {
    type Input = M::Input;
    type Output = M::Output;
    type State = M::State;

    fn initial(&self) -> M::State {
        self.0.initial()
    }

    fn step(
        &self,
        state: &M::State,
        input: &M::Input,
        output: Option<&M::Output>,
    ) -> Option<M::State> {
        self.0.step(state, input, output)
    }

    fn describe(&self, input: &M::Input, output: Option<&M::Output>) -> String {
        self.0.describe(input, output)
    }

    fn initial_of(&self, input: &M::Input) -> M::State {
        self.0.initial_of(input)
    }

    fn moments(&self) -> Moments {
        self.0.moments()
    }

    fn partition<'a>(&self, input: &'a M::Input) -> Option<&'a str> {
        self.0.partition(input)
    }

    fn plain<'a>(&self, input: &'a M::Input, output: Option<&'a M::Output>) -> Option<Plain<'a>> {
        self.0.plain(input, output)
    }

    fn plain_state<'a>(&self, state: &'a M::State) -> Option<Option<&'a str>> {
        self.0.plain_state(state)
    }

    fn queued<'a>(&self, input: &'a M::Input, output: Option<&'a M::Output>) -> Option<Queued<'a>> {
        self.0.queued(input, output)
    }

    fn can_become(&self, state: &M::State, later: &M::State) -> bool {
        self.0.can_become(state, later)
    }

    fn state_bytes(&self, state: &M::State) -> usize {
        self.0.state_bytes(state)
    }

    fn footprint(&self, input: &M::Input, output: Option<&M::Output>) -> Footprint<M::State> {
        self.0.footprint(input, output)
    }
}

/// Nobody knows which beginnings there are: only that which its author gives is tried.
impl<M: Model> AnyBeginning for Written<M> {
    type Anywhere = Self;
}

impl<M> Codec for Written<M>
where
    M: Model,
    M::Input: Serialize + DeserializeOwned,
    M::Output: Serialize + DeserializeOwned,
{
    fn parse(&self, line: &Line) -> Result<(M::Input, Option<M::Output>), String> {
        let input = self.command(line)?;
        let about = self.partition(&input);
        if let Some(key) = line.key.as_deref()
            && about.is_some_and(|about| about != key)
        {
            let about = about.unwrap_or_default();
            return Err(format!(
                "the key is {key:?}, and the command is about {about:?}"
            ));
        }
        let output = line.output.as_ref().map(Datum::to_json);
        let output = output.map(|output| {
            serde_json::from_value(output.clone())
                .map_err(|error| format!("{output} is no answer of this model ({error})"))
        });
        Ok((input, output.transpose()?))
    }

    fn render(&self, input: &M::Input, output: Option<&M::Output>) -> Line {
        let (op, content) = name_and_content(json!(input));
        Line {
            op: op.into(),
            key: self.partition(input).map(Into::into),
            input: content.into(),
            output: output.map(|output| json!(output).into()),
        }
    }

    fn is_keyed(&self) -> bool {
        true
    }

    fn has_pairs(&self) -> bool {
        false
    }

    fn parse_state(&self, _: &Datum) -> Result<M::State, String> {
        Err("a model of one's own begins as its author says: leave it out".to_owned())
    }

    fn render_state(&self, _: &M::State) -> Option<Datum> {
        None
    }
}

impl<M> Written<M>
where
    M: Model,
    M::Input: DeserializeOwned,
{
    /// A command by its name alone, by its name and content, or all of it as content.
    fn command(&self, line: &Line) -> Result<M::Input, String> {
        let (op, content) = (&*line.op, line.input.to_json());
        if op == "command" {
            return serde_json::from_value(content.clone())
                .map_err(|error| format!("{content} is no command of this model ({error})"));
        }
        let alone = content.is_null().then(|| Value::String(op.to_owned()));
        if let Some(Ok(command)) = alone.map(serde_json::from_value) {
            return Ok(command);
        }
        serde_json::from_value(json!({ op: content })).map_err(|error| {
            format!(
                "{op:?} of {content} is no command of this model ({error}); a command that has no \
                 name of its own is written as \"op\":\"command\", with all of it in \"in\""
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use knossos::models::register::{Input, Output, Register};

    use super::*;

    fn read(op: &str, input: Value, output: Value) -> Result<(Input, Option<Output>), String> {
        Written(Arc::new(Register)).parse(&Line {
            op: op.into(),
            key: None,
            input: input.into(),
            output: (!output.is_null()).then(|| output.into()),
        })
    }

    #[test]
    fn what_is_written_of_a_command_is_read_as_it_was() {
        let model = Written(Arc::new(Register));
        for (input, output) in [
            (Input::Read, Some(Output::Value(None))),
            (Input::Read, Some(Output::Value(Some("a".into())))),
            (Input::Write("a".into()), Some(Output::Done)),
            (Input::Clear, None),
        ] {
            let line = model.render(&input, output.as_ref());
            assert_eq!(model.parse(&line), Ok((input, output)));
        }
    }

    #[test]
    fn what_is_no_command_or_answer_is_refused_with_what_was_written() {
        for (op, input, output, says) in [
            ("fly", json!(1), json!(null), "\"fly\" of 1 is no command"),
            ("command", json!(1), json!(null), "1 is no command"),
            (
                "read",
                json!(null),
                json!("maybe"),
                "\"maybe\" is no answer",
            ),
        ] {
            let error = read(op, input, output).expect_err(op);
            assert!(error.starts_with(says), "{error}");
        }
    }
}
