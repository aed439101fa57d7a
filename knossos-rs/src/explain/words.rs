//! A violation in a sentence or two.
//!
//! What is said of a contradiction follows from what its operations need and leave, from their
//! times, and from its being a contradiction; so it is true for every model.

mod case;
mod patterns;

use super::contradiction::Contradiction;
use super::moment::Moment;
use super::question::Question;
use crate::anomaly::Anomaly;
use crate::entry::Entry;
use crate::model::{Model, OperationOf};
use crate::sorting::sort_by_key;

/// A contradiction in words.
pub(super) struct Told {
    pub(super) anomaly: Anomaly,
    /// The operations that the words are about, in order of their calls.
    pub(super) operations: Vec<usize>,
    pub(super) message: String,
}

/// What to say of a contradiction. `part` is all of the part, later operations too.
pub(super) fn of_contradiction<M: Model>(
    question: &Question<M>,
    part: &[Entry],
    moment: &Moment,
    contradiction: &Contradiction,
) -> Told {
    let case = case::Case::new(question, part, moment, contradiction);
    let mut told = case.tell();
    let core = contradiction.core.iter().map(|entry| entry.index);
    told.operations.extend(core.chain([moment.culprit.index]));
    told.operations.extend(case.sources());
    let history = question.history;
    sort_by_key(&mut told.operations, &|index| {
        (history[*index].call, *index)
    });
    told.operations.dedup();
    let culprit = moment.culprit.index;
    if contradiction
        .core
        .iter()
        .all(|entry| entry.index != culprit)
    {
        let name = question.name(culprit);
        let shows = format!("; what else might have been is ruled out once {name} returns");
        told.message.push_str(&shows);
    }
    told.message.push_str(&until_then(moment.explained_count()));
    told
}

/// What to say when the culprit is known and no contradiction is.
pub(super) fn of_culprit<M: Model>(
    question: &Question<M>,
    moment: &Moment,
    narrowed: usize,
) -> String {
    let culprit = question.sentence(moment.culprit.index);
    let among = if narrowed < moment.entries.len() {
        format!(", not even of {narrowed} of them that suffice")
    } else {
        String::new()
    };
    let until_then = until_then(moment.explained_count());
    format!("{culprit} fits no order of the operations{among}{until_then}")
}

/// What to say when finding the culprit was too expensive: how many operations the longest order
/// found has, and which does not fit then.
pub(super) fn of_dead_end<M: Model>(
    question: &Question<M>,
    ordered: usize,
    first: Option<usize>,
) -> String {
    match first {
        Some(first) => format!(
            "no order of the operations is possible; the longest one found has {ordered} \
             operations, and then {} does not fit",
            question.sentence(first)
        ),
        None => "no order of the operations is possible".to_owned(),
    }
}

/// How far all was well.
pub(super) fn until_then(explained: usize) -> String {
    match explained {
        0 => String::new(),
        1 => "; the one operation before has an order".to_owned(),
        many => format!("; the {many} operations before have an order"),
    }
}

impl<M: Model> Question<'_, M> {
    /// One operation with its client: `get "a" = "7" by client 3`.
    fn name(&self, index: usize) -> String {
        let operation = &self.history[index];
        let what = self
            .model
            .describe(&operation.input, operation.output.as_ref());
        format!("{what} by client {}", operation.client)
    }

    /// One operation with its client and times.
    fn sentence(&self, index: usize) -> String {
        sentence(self.model, &self.history[index])
    }
}

/// One operation with its client and times.
pub(super) fn sentence<M: Model>(model: &M, operation: &OperationOf<M>) -> String {
    let what = model.describe(&operation.input, operation.output.as_ref());
    let span = model.moments().span(operation.call, operation.ret);
    format!("{what} by client {} ({span})", operation.client)
}
