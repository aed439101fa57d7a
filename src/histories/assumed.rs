//! What is assumed of the beginning, and what is said of it.

use std::collections::BTreeSet;

use knossos::format::{Codec, Contents, Datum};
use knossos::models::starting_with::StartingWith;
use knossos::{
    AnyBeginning, Beginning, Beginnings, Consistency, Limits, OperationOf, Text, Verdict,
    check_from,
};

use super::{Initial, Options};
use crate::report::{Held, Initially, Unwritten};
use crate::search::SearchError;

/// What was assumed, as it was given.
#[derive(Clone, Debug)]
pub(super) struct Assumed {
    /// What everything begins with that is not named.
    everywhere: Option<Datum>,
    /// Whether that is what the model says, which has no words for it.
    is_usual: bool,
    is_given: bool,
    keys: Vec<(String, Option<Datum>)>,
    /// Those of the keys that no operation of the history has.
    absent: Vec<String>,
}

/// The beginnings that the options name.
pub(super) fn beginnings<M: Codec>(
    model: &M,
    options: &Options,
) -> Result<(Beginnings<M::State>, Assumed), SearchError> {
    type Read<S> = Result<(Beginning<S>, Option<Datum>), SearchError>;
    let read = |initial: &Initial, flag: &str| -> Read<M::State> {
        match initial {
            Initial::Unknown => Ok((Beginning::Unknown, None)),
            Initial::Value(value) => {
                let state = model
                    .parse_state(value)
                    .map_err(|problem| SearchError::Input(format!("{flag}: {problem}")))?;
                let datum = model.render_state(&state);
                Ok((Beginning::At(state), datum))
            }
        }
    };
    let (everywhere, told) = match &options.initial {
        Some(initial) => read(initial, "--initial")?,
        None => (Beginning::Usual, model.render_state(&model.initial())),
    };
    let mut beginnings = Beginnings::all(everywhere);
    let mut assumed = Assumed {
        is_usual: options.initial.is_none() && told.is_none(),
        everywhere: told,
        is_given: options.initial.is_some(),
        keys: Vec::new(),
        absent: Vec::new(),
    };
    for (key, initial) in &options.initial_of {
        let (beginning, told) = read(initial, "--initial-of")?;
        beginnings.parts.insert(key.as_str().into(), beginning);
        assumed.keys.push((key.clone(), told));
    }
    Ok((beginnings, assumed))
}

impl Assumed {
    /// Takes what the format says that everything begins with, unless an option says more.
    pub(super) fn say_by_format<M: Codec>(
        &mut self,
        model: &M,
        text: &Text,
        beginnings: &mut Beginnings<M::State>,
    ) {
        if self.is_given {
            return;
        }
        if let Ok(state) = model.parse_state(&Datum::Text(text.clone())) {
            self.everywhere = model.render_state(&state);
            self.is_usual = self.everywhere.is_none();
            beginnings.everywhere = Beginning::At(state);
        }
    }

    /// Notes the keys that no operation of the history has.
    pub(super) fn note_absent<M: Codec>(&mut self, model: &M, contents: &Contents<M>) {
        if self.keys.is_empty() {
            return;
        }
        let succeeded = contents.operations.iter().map(|operation| &operation.input);
        let failed = contents.failed.iter().map(|operation| &operation.input);
        let there: BTreeSet<&str> = succeeded
            .chain(failed)
            .filter_map(|input| model.partition(input))
            .collect();
        let keys = self.keys.iter().map(|(key, _)| key);
        self.absent = keys
            .filter(|key| !there.contains(key.as_str()))
            .cloned()
            .collect();
    }

    /// What is said of it.
    pub(super) fn told(&self) -> Initially {
        let one = |told: &Option<Datum>| match told {
            Some(value) => Held::Known {
                value: value.to_json(),
            },
            None => Held::Unwritten(Unwritten::Unknown),
        };
        let everywhere = if self.is_usual {
            Held::Unwritten(Unwritten::Usual)
        } else {
            one(&self.everywhere)
        };
        let keys = self.keys.iter().map(|(key, told)| (key.clone(), one(told)));
        Initially {
            everywhere,
            given: self.is_given || !self.keys.is_empty(),
            keys: keys.collect(),
            absent: self.absent.clone(),
            told: self.words(),
        }
    }

    /// For people, after the size of a history.
    fn words(&self) -> String {
        let mut words = match &self.everywhere {
            None if self.is_usual => "at first as the model begins".to_owned(),
            None => "unknown at first".to_owned(),
            Some(Datum::Null) => "nothing at first".to_owned(),
            Some(value) => format!("{value} at first"),
        };
        let there = self.keys.iter();
        let there = there.filter(|(key, _)| !self.absent.contains(key));
        for (key, told) in there {
            let told = match told {
                None => "unknown".to_owned(),
                Some(Datum::Null) => "nothing".to_owned(),
                Some(value) => value.to_string(),
            };
            words.push_str(&format!(", {key:?} {told}"));
        }
        words
    }
}

/// For a violation: whether another beginning would explain it, in a sentence with the flag to
/// use.
pub(super) fn hint<M>(
    model: M,
    history: &[OperationOf<M>],
    beginnings: &Beginnings<M::State>,
    (level, limits): (Consistency, &Limits),
    partition: Option<&str>,
) -> Option<String>
where
    M: Codec + AnyBeginning + Clone,
    M::Input: Clone,
    M::Output: Clone,
{
    let unknown = Beginnings {
        everywhere: Beginning::Unknown,
        parts: beginnings.parts.clone(),
    };
    if beginnings.everywhere == Beginning::Unknown {
        return None;
    }
    let (found, report) = check_from(model.clone(), history, &unknown, level, limits);
    if report.verdict != Verdict::Consistent {
        return None;
    }
    if let Some((state, told)) = first_value(&found, partition) {
        let known = Beginnings {
            everywhere: Beginning::At(state.clone()),
            ..unknown
        };
        let (_, report) = check_from(model, history, &known, level, limits);
        if report.verdict == Verdict::Consistent {
            let flag = quoted(&told);
            return Some(format!(
                "with {told} at first there is no violation: if that is what was there, say \
                 --initial {flag}; if nobody knows, --initial unknown"
            ));
        }
    }
    Some(
        "with other values at first there is no violation: if nobody knows what was there, say \
         --initial unknown"
            .to_owned(),
    )
}

/// What the part with the violation was found to begin with.
fn first_value<'f, M: Codec>(
    found: &'f StartingWith<M>,
    partition: Option<&str>,
) -> Option<(&'f M::State, Datum)> {
    let state = found.beginning(partition)?;
    Some((state, found.model.render_state(state)?))
}

/// The value as a shell takes it.
fn quoted(value: &Datum) -> String {
    match value {
        Datum::Null => "nil".to_owned(),
        Datum::Number(_) | Datum::Bool(_) => value.to_string(),
        Datum::Text(text) if is_plain(text) => text.to_string(),
        other => format!("'{}'", other.to_string().replace('\'', "'\\''")),
    }
}

/// Whether the text means itself to a shell, and to `--initial`.
fn is_plain(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._:/-".contains(c);
    // An integer is its text.
    let means_itself = match text.parse() {
        Ok(Initial::Value(Datum::Text(read))) => *read == *text,
        Ok(Initial::Value(Datum::Number(read))) => !read.is_f64() && read.to_string() == text,
        _ => false,
    };
    text.chars().all(is_word) && !text.is_empty() && means_itself
}
