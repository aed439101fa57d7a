//! The log of a Jepsen run, and its `history.txt`.
//!
//! ```text
//! INFO  jepsen.util - 4  :invoke  :cas  [3 0]
//! INFO  jepsen.util - 4  :info    :cas  :timed-out
//! ```
//!
//! Process, type, name and value, apart by tabs or blanks, and perhaps an error. In a log, such
//! a line is of `jepsen.util` or, since 2026, `jepsen.print`; a logger may have put anything
//! before the process. In a `history.txt` there is nothing before it. All other lines are no
//! operations. There are no times: an event's time is its number times ten.

use std::io::BufRead;

use memchr::memmem::Finder;

use super::ReadError;
use super::codec::Codec;
use super::contents::Contents;
use super::datum::Datum;
use super::edn::Cursor;
use super::events::{Fields, Kind, Pairing};
use super::kind::Format;
use super::options::ReadOptions;
use super::source::{Window, beginning};
use super::texts::Texts;

/// What the lines of a log have that tell of operations.
const MARKS: [&str; 2] = ["jepsen.util", "jepsen.print"];

/// What all of them begin with.
const NAMESPACES: &str = "jepsen.";

/// What such a line looks like.
const EXAMPLE: &str = "4 :invoke :read nil";

/// The first line that should be an operation, and is none.
type Mistaken = Option<(usize, String)>;

/// Reads the log of a Jepsen run, or its `history.txt`.
pub(super) fn read<C: Codec>(
    codec: &C,
    reader: impl BufRead,
    options: &ReadOptions,
) -> Result<Contents<C>, ReadError> {
    let mut window = Window::new(reader);
    while window.ahead().len() < Format::HEAD_BYTES && window.more()? {}
    let is_marked = has_mark(&String::from_utf8_lossy(window.ahead()));
    let mut pairing = Pairing::new(codec, options, Format::JepsenLog);
    let mut texts = Texts::default();
    let mut mistaken: Mistaken = None;
    let marks = Finder::new(NAMESPACES);
    while let Some((number, line)) = window.next_line()? {
        let told = after_mark(line, &marks);
        let event = match told {
            Some(told) => event_in(told, &mut texts),
            None if is_event(line, is_marked) => event_in(line, &mut texts),
            None => Ok(None),
        };
        let taken = match event {
            Ok(Some(fields)) => pairing.take(fields, number),
            Ok(None) => {
                if told.is_some() && mistaken.is_none() {
                    mistaken = Some((number, beginning(line.as_bytes())));
                }
                pairing.pass_over();
                Ok(())
            }
            Err(problem) => Err(problem),
        };
        taken.map_err(|problem| ReadError::at(number, problem))?;
    }
    match mistaken {
        Some((number, line)) if pairing.has_no_events() => Err(ReadError::at(
            number,
            format!(
                "{line:?} holds no operation, nor does any other line of {}; one ends with \
                 process, type, name and value, as in {EXAMPLE}",
                MARKS.join(" or ")
            ),
        )),
        _ => Ok(pairing.finish()),
    }
}

/// What follows the mark of a line.
fn after_mark<'line>(line: &'line str, marks: &Finder<'_>) -> Option<&'line str> {
    marks.find_iter(line.as_bytes()).find_map(|place| {
        let name = &line[place..];
        MARKS.iter().find_map(|mark| name.strip_prefix(mark))
    })
}

/// Whether a file with this beginning is a log, or a `history.txt`.
pub(super) fn looks_like_one(head: &str) -> bool {
    has_mark(head) || head.lines().any(|line| is_event(line, false))
}

fn has_mark(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

/// Whether a line without a mark tells of an operation: process, type and name begin it or, in a
/// file where no line has a mark, stand somewhere in it.
fn is_event(line: &str, is_marked: bool) -> bool {
    let Some((_, _, rest)) = process_and_kind(line) else {
        return false;
    };
    let (op, _) = word(rest);
    let (second, _) = word(word(line).1);
    op.len() > 1 && op.starts_with(':') && (!is_marked || is_kind(second))
}

fn is_kind(word: &str) -> bool {
    word.starts_with(':') && Kind::named(word).is_some()
}

/// The fields of the event that a line tells, after what a logger put before it.
fn event_in(told: &str, texts: &mut Texts) -> Result<Option<Fields>, String> {
    let Some((process, kind, rest)) = process_and_kind(told) else {
        return cut_off(told);
    };
    let (op, told) = word(rest);
    if !op.starts_with(':') || op.len() == 1 {
        return Err(format!(
            "{op:?} where the name of the operation must be, as in {EXAMPLE}"
        ));
    }
    let process = Cursor::new(process).value(texts)?;
    let named = Kind::named(kind);
    if told.trim().is_empty() && named != Some(Kind::Info) {
        return Err(format!(
            "the value of {op} is missing; the line seems to be cut off"
        ));
    }
    let mut cursor = Cursor::new(told);
    let (value, error) = match cursor.value(texts) {
        Ok(value) => (value, cursor.rest()),
        // What is said of a failure is not always EDN.
        Err(_) if matches!(named, Some(Kind::Fail | Kind::Info)) => (Datum::Null, told),
        Err(problem) => return Err(problem),
    };
    let error = match (named, error.trim()) {
        (_, "") => Datum::Null,
        (Some(Kind::Invoke | Kind::Ok), more) if !is_apart(error) => {
            return Err(format!(
                "{more:?} after the value of {op}, which must be the last"
            ));
        }
        (_, more) => {
            let error = Cursor::new(more).value(texts);
            error.unwrap_or_else(|_| Datum::Text(texts.share(more)))
        }
    };
    let (kind, op) = (texts.share(kind), texts.share(op));
    let parts = [process, Datum::Text(kind), Datum::Text(op), value, error];
    Ok(Some(Fields::of_list(parts)))
}

/// Whether what follows the value is a field of its own: after a tab, or with a name.
fn is_apart(rest: &str) -> bool {
    rest.trim_start_matches(' ').starts_with(['\t', ':'])
}

/// The process, the type, and what follows them.
fn process_and_kind(told: &str) -> Option<(&str, &str, &str)> {
    let mut rest = told;
    let mut process = "";
    loop {
        let (next, after) = word(rest);
        if next.is_empty() {
            return None;
        }
        if is_kind(next) {
            return (!process.is_empty()).then_some((process, next, after));
        }
        (process, rest) = (next, after);
    }
}

/// Says so if a line ends where its type should be.
fn cut_off(told: &str) -> Result<Option<Fields>, String> {
    let told = told.trim_start().trim_start_matches(['-', ':']);
    let (process, rest) = word(told);
    let (kind, _) = word(rest);
    let is_begun = ["invoke", "ok", "fail", "info"].iter().any(|name| {
        kind.strip_prefix(':')
            .is_some_and(|begun| name.starts_with(begun))
    });
    if process.parse::<u64>().is_ok() && is_begun {
        return Err(format!(
            "{kind:?} after the process; it must be :invoke, :ok, :fail or :info, as in {EXAMPLE}"
        ));
    }
    Ok(None)
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_ascii_start();
    let end = text.bytes().position(|byte| byte.is_ascii_whitespace());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests;
