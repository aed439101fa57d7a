//! Writes the events of a run in each format, in a plain layout or in any other.

use crate::draw::{Choices, Event, Process, Value};

/// How texts are laid out.
pub(crate) struct Layout {
    choices: Option<Choices>,
}

impl Layout {
    /// One event on each line, fields in the usual order, one blank between words.
    pub(crate) fn plain() -> Self {
        Layout { choices: None }
    }

    /// Any layout, drawn by a seed.
    pub(crate) fn drawn(seed: u64) -> Self {
        Layout {
            choices: Some(Choices::new(seed)),
        }
    }

    /// One of these texts; the first in the plain layout.
    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        self.choices
            .as_mut()
            .map_or(all[0], |choices| choices.of(all))
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        if let Some(choices) = &mut self.choices {
            choices.shuffle(all);
        }
    }
}

/// The key of all operations, where there are keys.
const KEY: &str = "k";

pub(crate) fn edn_value(value: &Value) -> String {
    match value {
        Value::Nil => "nil".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Pair(one, other) => format!("[{one} {other}]"),
    }
}

fn json_value(value: &Value) -> String {
    match value {
        Value::Nil => "null".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Pair(one, other) => format!("[{one},{other}]"),
    }
}

fn edn_process(process: Process) -> String {
    match process {
        Process::Number(number) => number.to_string(),
        Process::Writer => ":writer".to_owned(),
        Process::Nemesis => ":nemesis".to_owned(),
    }
}

/// Events as maps of EDN; with a `:key`, or with `[key value]`, or with neither.
pub(crate) fn edn(events: &[Event], keys: Keys, layout: &mut Layout) -> String {
    let mut text = layout
        .of(&["", "\u{feff}", "\n\n", ";{:process 0}\n"])
        .to_owned();
    let (open, close) = match layout.of(&["", "[", "("]) {
        "[" => ("[", "]"),
        "(" => ("(", ")"),
        _ => ("", ""),
    };
    text.push_str(open);
    for event in events {
        let mut fields = vec![
            (":process", edn_process(event.process)),
            (":type", format!(":{}", event.kind)),
            (":f", format!(":{}", event.op)),
        ];
        let value = edn_value(&event.value);
        let is_of_client = event.process != Process::Nemesis;
        match keys {
            Keys::Pairs if is_of_client => fields.push((":value", format!("[\"{KEY}\" {value}]"))),
            Keys::Fields if is_of_client => {
                fields.extend([(":key", format!("\"{KEY}\"")), (":value", value)]);
            }
            _ => fields.push((":value", value)),
        }
        fields.extend(event.error.map(|error| (":error", error.to_owned())));
        fields.extend(event.time.map(|time| (":time", time.to_string())));
        layout.shuffle(&mut fields);
        text.push_str(layout.of(&["", "#jepsen.history.Op", " ", "#_{:a \"}\"} ", "\t; }\n"]));
        text.push('{');
        for (place, (name, value)) in fields.into_iter().enumerate() {
            if place > 0 {
                text.push_str(layout.of(&[", ", " ", ",\t", "\n  ", "\r\n", " ; {\n"]));
            }
            text.push_str(name);
            text.push_str(layout.of(&[" ", "\t", "  ", "\n", "\r\n"]));
            text.push_str(&value.replace(' ', layout.of(&[" ", "\t", ", "])));
        }
        text.push_str(layout.of(&["", " ", "\n"]));
        text.push('}');
        text.push_str(layout.of(&["\n", " ", "\r\n", "", " ; {\n", ",\n"]));
    }
    text.push_str(close);
    text.push_str(layout.of(&["", "\n", " ; over"]));
    text
}

/// Where the key of an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    None,
    Pairs,
    Fields,
}

/// Events as vectors of EDN.
pub(crate) fn vectors(events: &[Event]) -> String {
    let vector = |event: &Event| {
        let error = event
            .error
            .map_or_else(String::new, |error| format!(" {error}"));
        let (process, value) = (edn_process(event.process), edn_value(&event.value));
        format!("[{process} :{} :{} {value}{error}]\n", event.kind, event.op)
    };
    events.iter().map(vector).collect()
}

/// Events as lines of a log with these words before the process, or of a `history.txt` without.
pub(crate) fn log(events: &[Event], before: &str, layout: &mut Layout) -> String {
    let mut text = layout.of(&["", "\u{feff}", "\n"]).to_owned();
    for event in events {
        if !before.is_empty() {
            text.push_str(layout.of(&["", "INFO jepsen.core - Setting up\n", "\r\n", "ok\n"]));
        }
        text.push_str(before);
        let mut words = vec![
            edn_process(event.process),
            format!(":{}", event.kind),
            format!(":{}", event.op),
            edn_value(&event.value),
        ];
        words.extend(event.error.map(str::to_owned));
        for (place, word) in words.iter().enumerate() {
            if place > 0 {
                text.push_str(layout.of(&["\t", " ", "  ", "\t\t"]));
            }
            text.push_str(word);
        }
        text.push_str(layout.of(&["\n", "\r\n", " \n"]));
    }
    text
}

/// Events as objects of JSON.
pub(crate) fn json(events: &[Event], layout: &mut Layout) -> String {
    let objects = events.iter().map(|event| {
        let process = match event.process {
            Process::Number(number) => number.to_string(),
            named => format!("\"{}\"", edn_process(named)),
        };
        let mut fields = vec![
            ("process", process),
            ("type", format!("\"{}\"", event.kind)),
            ("f", format!("\"{}\"", event.op)),
            ("value", json_value(&event.value)),
        ];
        let error = event.error.map(|error| match error.strip_prefix("[:") {
            Some(inner) => format!("[\":{}", inner.replacen(' ', "\",", 1)),
            None => format!("\"{}\"", error.trim_matches('"')),
        });
        fields.extend(error.map(|error| ("error", error)));
        fields.extend(event.time.map(|time| ("time", time.to_string())));
        fields
    });
    json_objects(objects, layout)
}

/// Objects of JSON with these fields, one on each line in the plain layout.
pub(crate) fn json_objects(
    objects: impl Iterator<Item = Vec<(&'static str, String)>>,
    layout: &mut Layout,
) -> String {
    let mut text = layout.of(&["", "\u{feff}", "\n"]).to_owned();
    let is_array = layout.of(&["", "["]) == "[";
    text.push_str(if is_array { "[" } else { "" });
    for (place, mut fields) in objects.enumerate() {
        if place > 0 {
            let apart = if is_array {
                &[",", ",\n"][..]
            } else {
                &["\n", "\r\n", " ", ""]
            };
            text.push_str(layout.of(apart));
        }
        layout.shuffle(&mut fields);
        text.push_str(layout.of(&["{", "{ ", "{\n  ", "{\t"]));
        for (place, (name, value)) in fields.into_iter().enumerate() {
            if place > 0 {
                text.push_str(layout.of(&[",", ", ", ",\n  ", ",\r\n"]));
            }
            let colon = layout.of(&[":", ": ", " :\n "]);
            text.push_str(&format!("\"{name}\"{colon}{value}"));
        }
        text.push_str(layout.of(&["}", " }", "\n}"]));
    }
    text.push_str(if is_array { "\n]" } else { "\n" });
    text
}
