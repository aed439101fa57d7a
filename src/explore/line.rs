//! One action as it is written in a file: short enough to type, and the same
//! wherever in a schedule it stands.
//!
//! A message is named by its link and its kind, not by its place among all that
//! ever was sent, so that a line survives when others around it are taken away.

use std::fmt;
use std::str::FromStr;

use super::step::Fate;

/// A line of a schedule. Replicas are counted from 1 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) event: Event,
    pub(super) fate: Fate,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Ask { client: u64, sequence: u64 },
    Attempt { replica: u8 },
    Deliver { message: Which, stays: bool },
    Session { from: u8, to: u8, nth: usize },
    Lose { message: Which },
    Break { one: u8, other: u8 },
    Cut { one: u8, other: u8 },
    Heal { one: u8, other: u8 },
    Settle,
    Timer { replica: u8, timer: u8 },
    Time,
    Crash { replica: u8 },
    Restart { replica: u8, lost: u8 },
}

/// A message that is under way: the nth different one of its kind on its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Which {
    pub(super) from: u8,
    pub(super) to: u8,
    pub(super) kind: String,
    pub(super) nth: usize,
}

/// Every way to write a line.
pub(super) const FORMS: &str = "ask c1#1 | attempt r1 | deliver r1>r2 KIND | \
    deliver r1>r2 KIND/2 and keep | session r1>r2 | lose r1>r2 KIND | break r1-r2 | \
    cut r1-r2 | heal r1-r2 | timer r1/0 | time | crash r1 | start r1 | start r1 without 2 | settle; what runs a handler may end with \
    \", crash before write 2\" or \", crash after write 2\"";

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.event)?;
        match self.fate {
            Fate::Whole => Ok(()),
            Fate::Before(write) => write!(f, ", crash before write {write}"),
            Fate::After(write) => write!(f, ", crash after write {write}"),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ask { client, sequence } => write!(f, "ask c{client}#{sequence}"),
            Self::Attempt { replica } => write!(f, "attempt r{replica}"),
            Self::Deliver { message, stays } => {
                let keep = if *stays { " and keep" } else { "" };
                write!(f, "deliver {message}{keep}")
            }
            Self::Session { from, to, nth } => {
                write!(f, "session r{from}>r{to}")?;
                nth_of(f, *nth)
            }
            Self::Lose { message } => write!(f, "lose {message}"),
            Self::Break { one, other } => write!(f, "break r{one}-r{other}"),
            Self::Cut { one, other } => write!(f, "cut r{one}-r{other}"),
            Self::Heal { one, other } => write!(f, "heal r{one}-r{other}"),
            Self::Settle => write!(f, "settle"),
            Self::Timer { replica, timer } => write!(f, "timer r{replica}/{timer}"),
            Self::Time => write!(f, "time"),
            Self::Crash { replica } => write!(f, "crash r{replica}"),
            Self::Restart { replica, lost: 0 } => write!(f, "start r{replica}"),
            Self::Restart { replica, lost } => write!(f, "start r{replica} without {lost}"),
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}>r{} {}", self.from, self.to, self.kind)?;
        nth_of(f, self.nth)
    }
}

fn nth_of(f: &mut fmt::Formatter<'_>, nth: usize) -> fmt::Result {
    if nth == 1 {
        return Ok(());
    }
    write!(f, "/{nth}")
}

impl FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).ok_or_else(|| format!("{text:?} is no action; they are {FORMS}"))
    }
}

fn parse(text: &str) -> Option<Line> {
    let (text, fate) = match text.split_once(", crash ") {
        Some((text, fate)) => (text, parse_fate(fate)?),
        None => (text, Fate::Whole),
    };
    let (verb, what) = text.split_once(' ').unwrap_or((text, ""));
    let event = match verb {
        "ask" => {
            let (client, sequence) = what.strip_prefix('c')?.split_once('#')?;
            Event::Ask {
                client: client.parse().ok()?,
                sequence: sequence.parse().ok()?,
            }
        }
        "attempt" => Event::Attempt {
            replica: replica(what)?,
        },
        "deliver" => {
            let kept = what.strip_suffix(" and keep");
            Event::Deliver {
                message: which(kept.unwrap_or(what))?,
                stays: kept.is_some(),
            }
        }
        "session" => {
            let (link, nth) = numbered(what)?;
            let (from, to) = pair(link, '>')?;
            Event::Session { from, to, nth }
        }
        "lose" => Event::Lose {
            message: which(what)?,
        },
        "break" => {
            let (one, other) = pair(what, '-')?;
            Event::Break { one, other }
        }
        "cut" => {
            let (one, other) = pair(what, '-')?;
            Event::Cut { one, other }
        }
        "heal" => {
            let (one, other) = pair(what, '-')?;
            Event::Heal { one, other }
        }
        "settle" if what.is_empty() => Event::Settle,
        "time" if what.is_empty() => Event::Time,
        "timer" => {
            let (who, timer) = what.split_once('/')?;
            Event::Timer {
                replica: replica(who)?,
                timer: timer.parse().ok()?,
            }
        }
        "crash" => Event::Crash {
            replica: replica(what)?,
        },
        "start" => {
            let (who, lost) = what.split_once(" without ").unwrap_or((what, "0"));
            Event::Restart {
                replica: replica(who)?,
                lost: lost.parse().ok()?,
            }
        }
        _ => return None,
    };
    Some(Line { event, fate })
}

fn parse_fate(text: &str) -> Option<Fate> {
    let (point, write) = text.split_once(" write ")?;
    let write = write.parse().ok()?;
    match point {
        "before" => Some(Fate::Before(write)),
        "after" => Some(Fate::After(write)),
        _ => None,
    }
}

fn replica(text: &str) -> Option<u8> {
    text.strip_prefix('r')?.parse().ok()
}

fn pair(text: &str, between: char) -> Option<(u8, u8)> {
    let (one, other) = text.split_once(between)?;
    Some((replica(one)?, replica(other)?))
}

fn which(text: &str) -> Option<Which> {
    let (link, kind) = text.split_once(' ')?;
    let (from, to) = pair(link, '>')?;
    let (kind, nth) = numbered(kind)?;
    Some(Which {
        from,
        to,
        kind: kind.to_owned(),
        nth,
    })
}

/// What comes before `/2`, and the number; 1 where there is none.
fn numbered(text: &str) -> Option<(&str, usize)> {
    match text.split_once('/') {
        None => Some((text, 1)),
        Some((text, nth)) => Some((text, nth.parse().ok().filter(|nth| *nth > 1)?)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_which() -> impl Strategy<Value = Which> {
        (1u8..6, 1u8..6, "[A-Z][A-Za-z]{0,9}", 1usize..4).prop_map(|(from, to, kind, nth)| Which {
            from,
            to,
            kind,
            nth,
        })
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let replica = 1u8..6;
        prop_oneof![
            (1u64..20, 1u64..20).prop_map(|(client, sequence)| Event::Ask { client, sequence }),
            replica
                .clone()
                .prop_map(|replica| Event::Attempt { replica }),
            (any_which(), any::<bool>())
                .prop_map(|(message, stays)| Event::Deliver { message, stays }),
            (replica.clone(), replica.clone(), 1usize..4)
                .prop_map(|(from, to, nth)| Event::Session { from, to, nth }),
            any_which().prop_map(|message| Event::Lose { message }),
            (replica.clone(), replica.clone()).prop_map(|(one, other)| Event::Break { one, other }),
            (replica.clone(), replica.clone()).prop_map(|(one, other)| Event::Cut { one, other }),
            (replica.clone(), replica.clone()).prop_map(|(one, other)| Event::Heal { one, other }),
            Just(Event::Settle),
            Just(Event::Time),
            (replica.clone(), 0u8..32).prop_map(|(replica, timer)| Event::Timer { replica, timer }),
            replica.clone().prop_map(|replica| Event::Crash { replica }),
            (replica, 0u8..4).prop_map(|(replica, lost)| Event::Restart { replica, lost }),
        ]
    }

    fn any_fate() -> impl Strategy<Value = Fate> {
        prop_oneof![
            Just(Fate::Whole),
            (1u8..9).prop_map(Fate::Before),
            (1u8..9).prop_map(Fate::After),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_what_it_was(event in any_event(), fate in any_fate()) {
            let line = Line { event, fate };
            prop_assert_eq!(line.to_string().parse::<Line>(), Ok(line));
        }
    }

    #[test]
    fn what_is_no_action_is_told_with_all_that_are() {
        for text in [
            "",
            "deliver",
            "deliver r1 r2 Prepare",
            "deliver 1>2 Prepare",
            "deliver r1>r2 Prepare/1",
            "ask c1",
            "timer r1",
            "crash r1, crash before 2",
            "attempt r1 twice",
            "settle r1",
            "cut r1",
        ] {
            let error = text.parse::<Line>().expect_err("it is no action");
            assert!(error.contains("deliver r1>r2 KIND"), "{text:?}: {error}");
        }
    }
}
