//! One cell of text: what the register, the cas-register and a key have in common.
//!
//! Each of those models translates its operations into an [`Act`] and an [`Answer`]; what they
//! do to the cell, need, leave and are called is said here once, and makes it a [`Model`].

use std::collections::BTreeSet;

use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Leaves, Model, OperationOf, Plain};
use crate::text::Text;

/// What a cell holds; `None`: nothing.
pub(super) type Content = Option<Text>;

/// What is done to a cell.
#[derive(Clone, Copy)]
pub enum Act<'a> {
    Read,
    Write(&'a Text),
    Delete,
    /// As a delete, by a write of nothing.
    Clear,
    Append(&'a Text),
    Cas {
        old: &'a Content,
        new: &'a Content,
    },
}

/// What it answered.
#[derive(Clone, Copy)]
pub enum Answer<'a> {
    Value(&'a Content),
    Done,
    Swapped(bool),
}

/// A model whose parts are cells.
#[diagnostic::on_unimplemented(message = "`{Self}` does not implement `Model`")]
pub trait OnCells {
    /// The operations.
    type Input: PartialEq;
    /// What they answer.
    type Output: PartialEq;
    /// What a read and a write are called.
    const VERBS: Verbs;

    /// What an operation does to its cell.
    fn act(input: &Self::Input) -> Act<'_>;

    /// What it answered.
    fn answer(output: &Self::Output) -> Answer<'_>;

    /// The cell, if there are several.
    #[inline]
    fn key(input: &Self::Input) -> Option<&Text> {
        let _ = input;
        None
    }
}

impl<M: OnCells> Model for M {
    type Input = M::Input;
    type Output = M::Output;
    type State = Content;

    fn initial(&self) -> Content {
        None
    }

    fn step(
        &self,
        state: &Content,
        input: &M::Input,
        output: Option<&M::Output>,
    ) -> Option<Content> {
        step(state, M::act(input), output.map(M::answer))
    }

    fn describe(&self, input: &M::Input, output: Option<&M::Output>) -> String {
        let answer = output.map(M::answer);
        describe(M::VERBS, M::key(input), M::act(input), answer)
    }

    #[inline]
    fn partition<'input>(&self, input: &'input M::Input) -> Option<&'input str> {
        M::key(input).map(|key| &**key)
    }

    fn footprint(&self, input: &M::Input, output: Option<&M::Output>) -> Footprint<Content> {
        footprint(M::act(input), output.map(M::answer))
    }

    #[inline]
    fn plain<'a>(&self, input: &'a M::Input, output: Option<&'a M::Output>) -> Option<Plain<'a>> {
        plain(M::act(input), output.map(M::answer))
    }

    fn can_become(&self, cell: &Content, later: &Content) -> bool {
        can_become(cell, later)
    }

    fn plain_state<'a>(&self, state: &'a Content) -> Option<Option<&'a str>> {
        Some(state.as_deref())
    }

    fn state_bytes(&self, state: &Content) -> usize {
        bytes(state)
    }
}

impl<M: OnCells> AnyBeginning for M {
    type Anywhere = Self;

    fn origins(&self, state: &Content, inputs: &[&M::Input]) -> Vec<Content> {
        let appended = inputs.iter().filter_map(|input| match M::act(input) {
            Act::Append(suffix) => Some(suffix),
            _ => None,
        });
        origins(state, appended)
    }

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Content> {
        let acts = operations.iter().map(|operation| {
            let answer = operation.output.as_ref().map(M::answer);
            (M::act(&operation.input), answer)
        });
        Some(another(acts))
    }

    fn finds_all(&self) -> bool {
        true
    }
}

/// The cell after the act, or `None` if the answer is impossible, or of the wrong kind.
pub(super) fn step(cell: &Content, act: Act, answer: Option<Answer>) -> Option<Content> {
    match (act, answer) {
        // Done: nobody knows what it saw.
        (Act::Read, None | Some(Answer::Done)) => Some(cell.clone()),
        (Act::Read, Some(Answer::Value(seen))) => (seen == cell).then(|| cell.clone()),
        (Act::Write(value), None | Some(Answer::Done)) => Some(Some(value.clone())),
        (Act::Delete | Act::Clear, None | Some(Answer::Done)) => Some(None),
        (Act::Delete, Some(Answer::Swapped(was))) => (was == cell.is_some()).then_some(None),
        (Act::Append(suffix), None | Some(Answer::Done)) => Some(Some(match cell {
            Some(value) => value.followed_by(suffix),
            None => suffix.clone(),
        })),
        (Act::Cas { old, new }, None) => Some(if cell == old { new } else { cell }.clone()),
        (Act::Cas { old, new }, Some(Answer::Swapped(swapped))) => {
            let matches = cell == old;
            (swapped == matches).then(|| if matches { new } else { cell }.clone())
        }
        (_, Some(_)) => None,
    }
}

/// What the act needs and leaves, whatever the cell holds.
pub(super) fn footprint(act: Act, answer: Option<Answer>) -> Footprint<Content> {
    let (needs, leaves) = match (act, answer) {
        (Act::Read, Some(Answer::Value(seen))) => (Some(seen.clone()), Leaves::Same),
        (Act::Read, None | Some(Answer::Done)) => (None, Leaves::Same),
        (Act::Write(value), None | Some(Answer::Done)) => {
            (None, Leaves::Always(Some(value.clone())))
        }
        (Act::Delete | Act::Clear, None | Some(Answer::Done)) => (None, Leaves::Always(None)),
        (Act::Delete, Some(Answer::Swapped(false))) => (Some(None), Leaves::Same),
        // Not `Always`: where there is nothing to delete, it is not possible.
        (Act::Delete, Some(Answer::Swapped(true))) => (None, Leaves::Sometimes(None)),
        (Act::Cas { old, new }, Some(Answer::Swapped(true))) => {
            (Some(old.clone()), Leaves::Always(new.clone()))
        }
        (Act::Cas { .. }, Some(Answer::Swapped(false))) => (None, Leaves::Same),
        (Act::Cas { old, new }, None) => (Some(old.clone()), Leaves::Sometimes(new.clone())),
        _ => (None, Leaves::Anything),
    };
    Footprint { needs, leaves }
}

/// The act in plain words, if it reads or writes.
#[inline]
pub(super) fn plain<'a>(act: Act<'a>, answer: Option<Answer<'a>>) -> Option<Plain<'a>> {
    match (act, answer) {
        (Act::Read, Some(Answer::Value(seen))) => Some(Plain::Read(seen.as_deref())),
        (Act::Read, None | Some(Answer::Done)) => Some(Plain::Nothing),
        (Act::Write(value), None | Some(Answer::Done)) => Some(Plain::Write(value)),
        _ => None,
    }
}

/// Whether appends can turn `cell` into `later`.
pub(super) fn can_become(cell: &Content, later: &Content) -> bool {
    match (cell, later) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(cell), Some(later)) => later.starts_with(&**cell),
    }
}

/// The contents that appends of these texts can turn into `cell`; the longest first.
pub(super) fn origins<'a>(
    cell: &Content,
    appended: impl Iterator<Item = &'a Text>,
) -> Vec<Content> {
    let Some(value) = cell else {
        return vec![None];
    };
    let appended: BTreeSet<&str> = appended.map(|text| &**text).collect();
    let lengths: BTreeSet<usize> = appended.iter().map(|text| text.len()).collect();
    let mut ends = BTreeSet::from([value.len()]);
    let mut left = vec![value.len()];
    while let Some(end) = left.pop() {
        for start in lengths.iter().filter_map(|length| end.checked_sub(*length)) {
            let is_appended = value
                .get(start..end)
                .is_some_and(|text| appended.contains(text));
            if is_appended && ends.insert(start) {
                left.push(start);
            }
        }
    }
    // An append to nothing starts from the empty text, and one of the empty text may, too.
    let can_be_nothing = ends.contains(&0) && (!value.is_empty() || appended.contains(""));
    let texts = ends.iter().rev().map(|end| Some(value[..*end].into()));
    texts.chain(can_be_nothing.then_some(None)).collect()
}

/// A content that none of these acts asks for, nor anything appended to it: it is too long.
pub(super) fn another<'a>(acts: impl Iterator<Item = (Act<'a>, Option<Answer<'a>>)>) -> Content {
    let length = |content: &Content| content.as_ref().map_or(0, |text| text.len());
    let longest = acts.map(|(act, answer)| {
        let asked = match act {
            Act::Cas { old, .. } => length(old),
            _ => 0,
        };
        match answer {
            Some(Answer::Value(seen)) => asked.max(length(seen)),
            _ => asked,
        }
    });
    // And it is no JSON, so that it is none of the values of a file, nor told as one.
    Some(Text::of_data(&"?".repeat(longest.max().unwrap_or(0) + 1)))
}

/// About how many bytes the content takes.
pub(super) fn bytes(cell: &Content) -> usize {
    size_of_val(cell) + cell.as_ref().map_or(0, Text::heap_bytes)
}

/// The act in words: `verbs` says what a read and a write are called, `key` which cell.
pub(super) fn describe(
    verbs: Verbs,
    key: Option<&Text>,
    act: Act,
    answer: Option<Answer>,
) -> String {
    let answer = match answer {
        None => " (outcome unknown)".to_owned(),
        Some(Answer::Swapped(true)) if matches!(act, Act::Delete) => " = was there".to_owned(),
        Some(Answer::Swapped(false)) if matches!(act, Act::Delete) => " = was not there".to_owned(),
        Some(Answer::Done) if matches!(act, Act::Read) => " = not known".to_owned(),
        Some(Answer::Done) => String::new(),
        Some(Answer::Value(seen)) => format!(" = {}", content(seen)),
        Some(Answer::Swapped(true)) => " = swapped".to_owned(),
        Some(Answer::Swapped(false)) => " = did not match".to_owned(),
    };
    question(verbs, key, act) + &answer
}

/// What is asked, in words.
pub(super) fn question(verbs: Verbs, key: Option<&Text>, act: Act) -> String {
    let key = key.map_or_else(String::new, |key| format!(" {key:?}"));
    match act {
        Act::Read => format!("{}{key}", verbs.read),
        Act::Write(value) => format!("{}{key} {value:?}", verbs.write),
        Act::Delete => format!("delete{key}"),
        Act::Clear => format!("{}{key} nothing", verbs.write),
        Act::Append(suffix) => format!("append{key} {suffix:?}"),
        Act::Cas { old, new } => format!("cas{key} {} to {}", content(old), content(new)),
    }
}

/// What a model calls a read and a write.
#[derive(Clone, Copy)]
pub struct Verbs {
    pub(super) read: &'static str,
    pub(super) write: &'static str,
}

/// The verbs of a register.
pub(super) const REGISTER: Verbs = Verbs {
    read: "read",
    write: "write",
};

/// The verbs of a key.
pub(super) const KEY: Verbs = Verbs {
    read: "get",
    write: "put",
};

fn content(cell: &Content) -> String {
    cell.as_ref()
        .map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"))
}
