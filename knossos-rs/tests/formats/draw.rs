//! Runs as events, drawn at random.

use proptest::prelude::*;

/// What an event has beside its type.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Nil,
    Number(u8),
    Pair(u8, u8),
}

/// One event of a run.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// A number; or a name, if it is `None` that of the nemesis.
    pub(crate) process: Process,
    pub(crate) kind: &'static str,
    pub(crate) op: &'static str,
    pub(crate) value: Value,
    /// The words of an error, as EDN.
    pub(crate) error: Option<&'static str>,
    /// When it happened, where the file says so.
    pub(crate) time: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    Number(u8),
    Writer,
    Nemesis,
}

/// What is told of failures: only the last four say that the operation was evaluated.
const ERRORS: [Option<&str>; 6] = [
    None,
    Some(":timeout"),
    Some(":did-not-match"),
    Some("\"precondition-failed\""),
    Some("[:precondition-failed \"is 3\"]"),
    Some("[:key-does-not-exist \"none\"]"),
];

/// One choice: who acts, what it does, and with which values.
type Choice = (u8, u8, u8, u8);

/// A run of up to `events` events.
pub(crate) fn run(events: usize) -> impl Strategy<Value = Vec<Event>> {
    let choice = (0..6_u8, 0..12_u8, 0..3_u8, 0..3_u8);
    prop::collection::vec(choice, 1..events).prop_map(|choices| events_of(&choices))
}

/// Times for the events of a run: those of one process never fall, those of others may, and many
/// are equal.
pub(crate) fn timed(events: &[Event], seed: u64) -> Vec<Event> {
    let mut choices = Choices::new(seed);
    let mut latest = [0; 7];
    let timed = events.iter().map(|event| {
        let latest = match event.process {
            Process::Number(number) => &mut latest[usize::from(number)],
            Process::Writer => &mut latest[5],
            Process::Nemesis => &mut latest[6],
        };
        *latest += choices.below(3) as u64;
        let time = Some(*latest);
        Event {
            time,
            ..event.clone()
        }
    });
    timed.collect()
}

fn events_of(choices: &[Choice]) -> Vec<Event> {
    let mut open: [Option<(&str, Value)>; 5] = Default::default();
    let mut events = Vec::new();
    for (who, what, one, other) in choices {
        let Some(open) = open.get_mut(usize::from(*who)) else {
            events.push(of_nemesis(*what));
            continue;
        };
        let process = match who {
            4 => Process::Writer,
            number => Process::Number(*number),
        };
        events.push(match open.take() {
            None => {
                let (op, value) = match what % 3 {
                    0 => ("read", Value::Nil),
                    1 => ("write", Value::Number(*one)),
                    _ => ("cas", Value::Pair(*one, *other)),
                };
                *open = Some((op, value.clone()));
                Event {
                    process,
                    kind: "invoke",
                    op,
                    value,
                    error: None,
                    time: None,
                }
            }
            Some((op, asked)) => end(process, op, asked, *what, *one),
        });
    }
    events
}

fn end(process: Process, op: &'static str, asked: Value, what: u8, seen: u8) -> Event {
    let (kind, error) = match what {
        0..=5 => ("ok", None),
        6 => ("info", Some(":timeout")),
        7 => ("fail", None),
        more => ("fail", ERRORS[usize::from(more - 7).min(ERRORS.len() - 1)]),
    };
    let value = match (kind, op) {
        ("ok", "read") if seen > 0 => Value::Number(seen - 1),
        _ => asked,
    };
    Event {
        process,
        kind,
        op,
        value,
        error,
        time: None,
    }
}

fn of_nemesis(what: u8) -> Event {
    Event {
        process: Process::Nemesis,
        kind: "info",
        op: if what.is_multiple_of(2) {
            "start"
        } else {
            "stop"
        },
        value: Value::Nil,
        error: None,
        time: None,
    }
}

/// Choices without end, the same for the same seed (xorshift64).
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        Choices(seed | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub(crate) fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}
