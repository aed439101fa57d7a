//! What an operation of etcd comes to in a model of single keys.

use super::known::Known;
use super::written::{Change, Condition, Done, Found, Range, Request, Response, Step, Transaction};
use crate::format::datum::Datum;
use crate::text::Text;

/// What is asked of one key, and what was answered.
pub(super) struct Part {
    pub(super) op: &'static str,
    pub(super) key: Text,
    pub(super) input: Datum,
    pub(super) answer: Option<Datum>,
}

/// What is asked of single keys.
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    /// Whether that is all that the operation says.
    pub(super) is_whole: bool,
}

impl Parts {
    fn whole(parts: impl IntoIterator<Item = Part>) -> Parts {
        Parts {
            parts: parts.into_iter().collect(),
            is_whole: true,
        }
    }

    fn rest(parts: Vec<Part>) -> Parts {
        Parts {
            parts,
            is_whole: false,
        }
    }

    /// What an operation asks of single keys, and what they answered.
    pub(super) fn of(input: &Request, output: &Response, known: &Known) -> Parts {
        if !output.client_error.is_empty() {
            return Parts::whole([]);
        }
        let is_unknown = output.is_unknown();
        match (&input.range, &input.txn) {
            (Some(range), _) => {
                let found = output.range.as_ref().filter(|_| !is_unknown);
                Parts::whole(found.and_then(|found| read(range, found)))
            }
            (None, Some(txn)) => match output.txn.as_ref().filter(|_| !is_unknown) {
                Some(done) => of_done(txn, done, known),
                None => {
                    let perhaps = perhaps(txn, known);
                    let happened = output.is_known_to_have_happened();
                    Parts {
                        is_whole: perhaps.is_whole && (!happened || perhaps.parts.is_empty()),
                        ..perhaps
                    }
                }
            },
            (None, None) => Parts::whole([]),
        }
    }
}

/// A transaction that was answered.
fn of_done(txn: &Transaction, done: &Done, known: &Known) -> Parts {
    let steps = match done.failure {
        true => txn.on_failure(),
        false => txn.on_success(),
    };
    let results = done.results();
    let answered = |(place, step)| answered(step, results.get(place));
    let mut parts: Vec<Part> = steps.iter().enumerate().filter_map(answered).collect();
    match (txn.conditions(), steps) {
        ([], [] | [_]) if !done.failure => Parts::whole(parts),
        ([condition], []) => match known.content(condition) {
            Some(content) => Parts::whole([tested(condition, content, txn, done)]),
            None => Parts::rest(parts),
        },
        ([condition], [step]) => {
            let is_of_it = parts.first().is_some_and(|part| part.key == condition.key);
            match step.change() {
                Some(change) if is_of_it && !done.failure => match known.content(condition) {
                    Some(old) => Parts::whole([cas(&condition.key, old, put(&change), Some(true))]),
                    None => Parts::rest(parts),
                },
                None if is_of_it && is_why(condition, done, results.first(), known) => {
                    Parts::whole(parts.pop())
                }
                _ => Parts::rest(parts),
            }
        }
        _ => Parts::rest(parts),
    }
}

/// Whether what a transaction read of the key of its condition is why that held or did not.
fn is_why(condition: &Condition, done: &Done, found: Option<&Found>, known: &Known) -> bool {
    let pair = found.and_then(Found::pair);
    let holds = match pair {
        Some(pair) if pair.mod_revision > 0 && condition.expected_version == 0 => {
            Some(pair.mod_revision == condition.expected_revision)
        }
        pair => {
            let seen = pair.map(|pair| pair.value.text());
            known.content(condition).map(|content| content == seen)
        }
    };
    holds == Some(!done.failure)
}

/// A condition that was tested, and nothing was done.
fn tested(condition: &Condition, content: Option<Text>, txn: &Transaction, done: &Done) -> Part {
    let key = &condition.key;
    if !done.failure {
        let answer = Datum::entry("value", datum(content.as_ref()));
        return part("get", key, Datum::Null, Some(answer));
    }
    let change = match txn.on_success() {
        [step] => step.change().filter(|change| key_of(change) == key),
        _ => None,
    };
    let new = change.map_or_else(|| content.clone(), |change| put(&change));
    cas(key, content, new, Some(false))
}

/// A transaction of which nobody knows whether it happened, and which way it went.
fn perhaps(txn: &Transaction, known: &Known) -> Parts {
    let changes = |steps: &[Step]| -> Vec<Part> { steps.iter().filter_map(changed).collect() };
    let mut success = changes(txn.on_success());
    let failure = match txn.conditions() {
        [] => Vec::new(),
        _ => changes(txn.on_failure()),
    };
    match (txn.conditions(), &success[..], &failure[..]) {
        (_, [], []) | ([], [_], _) => Parts::whole(success),
        ([condition], [part], []) if part.key == condition.key => {
            let mut changes = txn.on_success().iter().filter_map(Step::change);
            match (known.content(condition), changes.next()) {
                (Some(old), Some(change)) => {
                    Parts::whole([cas(&condition.key, old, put(&change), None)])
                }
                _ => Parts::rest(success),
            }
        }
        _ => {
            success.extend(failure);
            Parts::rest(success)
        }
    }
}

/// What a step did, and what it answered.
fn answered(step: &Step, result: Option<&Found>) -> Option<Part> {
    let Some(mut change) = changed(step) else {
        return read(&step.range, result?);
    };
    let deleted = result.and_then(|found| found.deleted);
    change.answer = Some(match (change.op, deleted) {
        ("delete", Some(count)) => Datum::Map(vec![
            ("ok".into(), true.into()),
            ("was".into(), (count > 0).into()),
        ]),
        _ => Datum::entry("ok", true),
    });
    Some(change)
}

/// A read of one key as it is now.
fn read(range: &Range, found: &Found) -> Option<Part> {
    range.is_of_one().then(|| {
        let value = found.pair().map(|pair| pair.value.text());
        let answer = Datum::entry("value", datum(value.as_ref()));
        part(
            "get",
            &range.start.as_str().into(),
            Datum::Null,
            Some(answer),
        )
    })
}

/// A put or a delete, without an answer.
fn changed(step: &Step) -> Option<Part> {
    Some(match step.change()? {
        Change::Put(put) => part("put", &put.key, Datum::Text(put.value.text()), None),
        Change::Delete(key) => part("delete", key, Datum::Null, None),
    })
}

fn key_of<'a>(change: &Change<'a>) -> &'a Text {
    match change {
        Change::Put(put) => &put.key,
        Change::Delete(key) => key,
    }
}

/// What a change leaves.
fn put(change: &Change<'_>) -> Option<Text> {
    match change {
        Change::Put(put) => Some(put.value.text()),
        Change::Delete(_) => None,
    }
}

fn cas(key: &Text, old: Option<Text>, new: Option<Text>, swapped: Option<bool>) -> Part {
    let asked = Datum::List(vec![datum(old.as_ref()), datum(new.as_ref())]);
    let answer = swapped.map(|swapped| Datum::entry("ok", swapped));
    part("cas", key, asked, answer)
}

fn part(op: &'static str, key: &Text, input: Datum, answer: Option<Datum>) -> Part {
    Part {
        op,
        key: key.clone(),
        input,
        answer,
    }
}

fn datum(value: Option<&Text>) -> Datum {
    value.map_or(Datum::Null, Datum::from)
}
