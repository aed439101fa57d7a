//! A violation in a sentence or two.

use super::{EXCERPT_MAX, Moment, Question};
use crate::history::Operation;
use crate::model::OperationOf;
use crate::model::{Leaves, Model};
use crate::search::Entry;

/// What to say when the culprit is known.
pub(super) fn with_culprit<M: Model>(
    question: &Question<M>,
    moment: &Moment,
    core: &[Entry],
) -> String {
    let culprit = sentence(question.model, question.history, moment.culprit.index);
    let explained = moment.explained.len();
    let reason = if nothing_produces(question, moment) {
        ": nothing called by then could have produced what it saw".to_owned()
    } else if core.len() == 1 {
        ": it is impossible by itself".to_owned()
    } else if core.len() <= EXCERPT_MAX {
        match core.len() - 1 {
            1 => ": it contradicts one other operation".to_owned(),
            others => format!(": it contradicts {others} other operations"),
        }
    } else {
        String::new()
    };
    match explained {
        0 => format!("{culprit} fits no order of the operations{reason}"),
        _ => format!(
            "{culprit} fits no order of the operations, while the {explained} before it have \
             one{reason}"
        ),
    }
}

/// What to say when finding the culprit was too expensive.
pub(super) fn without_culprit<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    stuck: &[usize],
    ordered: usize,
) -> String {
    let first = stuck
        .iter()
        .min_by_key(|index| (history[**index].ret, **index));
    match first {
        Some(first) => format!(
            "no order of the operations is possible; the longest one found has {ordered} \
             operations, and then {} does not fit",
            sentence(model, history, *first)
        ),
        None => "no order of the operations is possible: something was seen that nothing could \
                 have produced"
            .to_owned(),
    }
}

/// One operation with its client and times.
fn sentence<M: Model>(model: &M, history: &[OperationOf<M>], index: usize) -> String {
    let Operation {
        client,
        input,
        output,
        call,
        ret,
    } = &history[index];
    let what = model.describe(input, output.as_ref());
    let until = ret.map_or_else(String::new, |ret| format!(" to {ret}"));
    format!("client {client}: {what} (at {call}{until} ns)")
}

/// Whether the culprit needs a state that nothing could have produced.
fn nothing_produces<M: Model>(question: &Question<M>, moment: &Moment) -> bool {
    let footprint = |entry: &Entry| {
        let operation = &question.history[entry.index];
        let output = operation.output.as_ref().filter(|_| entry.ret.is_some());
        question.model.footprint(&operation.input, output)
    };
    let Some(needed) = footprint(&moment.culprit).needs else {
        return false;
    };
    needed != question.model.initial()
        && !moment
            .entries
            .iter()
            .filter(|entry| entry.index != moment.culprit.index)
            .any(|entry| match footprint(entry).leaves {
                Leaves::Same => false,
                Leaves::Always(state) | Leaves::Sometimes(state) => state == needed,
                Leaves::Anything => true,
            })
}
