//! Writes histories as EDN events, for Jepsen and the tools around it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::format::codec::{Codec, Line, is_read};
use crate::format::datum::Datum;
use crate::model::OperationOf;

/// Writes a history as events, one map on each line, in the order of time.
///
/// A client is the process of its number. An operation that begins before another of the same
/// client has returned, or after one of unknown outcome, gets a process of its own, and a
/// `:client` beside it. Operations of unknown outcome have no end. Where time is equal,
/// invocations come first: what touches is concurrent. `get` and `put` are written `:read` and
/// `:write` if the model takes these words for the same. What no event of Jepsen's can say, the
/// answer of a model of one's own, goes into `:out`.
///
/// # Errors
///
/// A failure to write, or a time or client that does not fit EDN's integers of 64 bits.
///
/// ```
/// use knossos::Operation;
/// use knossos::format::edn::write;
/// use knossos::models::register::{Input, Output, Register};
///
/// let history = [Operation::completed(3, Input::Read, Output::Value(Some("7".into())), 12, 94)];
/// let mut file = Vec::new();
/// write(&Register, &history, &mut file).unwrap();
/// assert_eq!(
///     String::from_utf8(file).unwrap(),
///     "{:index 0, :time 12, :type :invoke, :process 3, :f :read, :value nil}\n\
///      {:index 1, :time 94, :type :ok, :process 3, :f :read, :value \"7\"}\n",
/// );
/// ```
pub fn write<C: Codec>(
    codec: &C,
    history: &[OperationOf<C>],
    mut writer: impl Write,
) -> io::Result<()> {
    let mut processes = Processes::of(history.iter().map(|operation| operation.client))?;
    let mut process_of = vec![0; history.len()];
    let mut text = String::new();
    for (index, (time, is_end, place)) in moments(history).into_iter().enumerate() {
        let operation = &history[place];
        let process = if is_end {
            processes.release(operation.client, process_of[place]);
            process_of[place]
        } else {
            process_of[place] = processes.take(operation.client)?;
            process_of[place]
        };
        let time = fits(time, "a time")?;
        let line = words_of_jepsen(codec, operation);
        let (kind, value, more) = if is_end {
            end(&line)
        } else {
            ("invoke", line.input, String::new())
        };
        let value = if codec.has_pairs() || line.key.is_some() {
            Datum::List(vec![(&line.key).into(), value])
        } else {
            value
        };
        text.clear();
        text.push_str(&format!(
            "{{:index {index}, :time {time}, :type :{kind}, :process {process}, :f "
        ));
        push_name(&mut text, &line.op);
        text.push_str(", :value ");
        push(&mut text, &value);
        if process != operation.client {
            text.push_str(&format!(", :client {}", operation.client));
        }
        text.push_str(&more);
        text.push_str("}\n");
        writer.write_all(text.as_bytes())?;
    }
    writer.flush()
}

/// When operations begin and end: time, whether it is the end, and whose.
fn moments<I, O>(history: &[crate::Operation<I, O>]) -> Vec<(u64, bool, usize)> {
    let mut moments: Vec<_> = history
        .iter()
        .enumerate()
        .flat_map(|(place, operation)| {
            let end = operation.ret.map(|ret| (ret, true, place));
            std::iter::once((operation.call, false, place)).chain(end)
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// The operation in the words that Jepsen uses, if the model knows them.
fn words_of_jepsen<C: Codec>(codec: &C, operation: &OperationOf<C>) -> Line {
    let mut line = codec.render(&operation.input, operation.output.as_ref());
    let word = match &*line.op {
        "get" => "read",
        "put" => "write",
        _ => return line,
    };
    let own = std::mem::replace(&mut line.op, word.into());
    let means_the_same = codec
        .parse(&line)
        .is_ok_and(|(input, output)| input == operation.input && output == operation.output);
    if !means_the_same {
        line.op = own;
    }
    line
}

/// How an operation ended: the type of the event, its value, and what else it says.
fn end(line: &Line) -> (&'static str, Datum, String) {
    let asked = line.input.clone();
    let entries = match &line.output {
        Some(Datum::Map(entries)) => entries.as_slice(),
        _ => &[],
    };
    match entries {
        [(name, value)] if &**name == "value" && is_read(&line.op) => {
            ("ok", value.clone(), String::new())
        }
        [(name, Datum::Bool(true))] if &**name == "ok" && !is_read(&line.op) => {
            ("ok", asked, String::new())
        }
        [(name, Datum::Bool(false))] if &**name == "ok" && &*line.op == "cas" => {
            ("fail", asked, ", :error :did-not-match".to_owned())
        }
        _ => {
            let mut more = ", :out ".to_owned();
            push(&mut more, line.output.as_ref().unwrap_or(&Datum::Null));
            ("ok", asked, more)
        }
    }
}

/// Which process does what for whom: each does one thing at a time.
struct Processes {
    /// The processes of a client that have nothing to do.
    idle: BTreeMap<u64, Vec<u64>>,
    next: u64,
}

impl Processes {
    fn of(clients: impl Iterator<Item = u64>) -> io::Result<Self> {
        let idle: BTreeMap<_, _> = clients.map(|client| (client, vec![client])).collect();
        let last = idle.keys().next_back().copied().unwrap_or(0);
        let next = fits(last, "a client")? + 1;
        Ok(Processes { idle, next })
    }

    fn take(&mut self, client: u64) -> io::Result<u64> {
        if let Some(process) = self.idle.get_mut(&client).and_then(Vec::pop) {
            return Ok(process);
        }
        let process = fits(self.next, "a process")?;
        self.next += 1;
        Ok(process)
    }

    fn release(&mut self, client: u64, process: u64) {
        self.idle.entry(client).or_default().push(process);
    }
}

/// The number, if EDN has it.
fn fits(number: u64, what: &str) -> io::Result<u64> {
    if i64::try_from(number).is_ok() {
        return Ok(number);
    }
    let message = format!("{what} is {number}; EDN has integers up to {}", i64::MAX);
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Writes data.
fn push(text: &mut String, datum: &Datum) {
    match datum {
        Datum::Null => text.push_str("nil"),
        Datum::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        // An integer stands for its text, and the other way round.
        Datum::Number(number) if number.is_u64() && !number.is_i64() => {
            push_string(text, &number.to_string());
        }
        Datum::Number(number) => text.push_str(&number.to_string()),
        Datum::Text(value) => push_string(text, value),
        Datum::List(values) => {
            text.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    text.push(' ');
                }
                push(text, value);
            }
            text.push(']');
        }
        Datum::Map(entries) => {
            text.push('{');
            for (place, (name, value)) in entries.iter().enumerate() {
                // Of a name that comes twice, the later counts; EDN refuses the first.
                if entries[place + 1..].iter().any(|(later, _)| later == name) {
                    continue;
                }
                push_name(text, name);
                text.push(' ');
                push(text, value);
                text.push(' ');
            }
            text.push('}');
        }
    }
}

/// Writes a name, as a keyword if it can be one.
fn push_name(text: &mut String, name: &str) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_word) {
        text.push(':');
        text.push_str(name);
    } else {
        push_string(text, name);
    }
}

fn push_string(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c => text.push(c),
        }
    }
    text.push('"');
}
