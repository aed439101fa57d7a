//! The log of a Jepsen run: the lines of `jepsen.util` tell the operations.
//!
//! ```text
//! INFO  jepsen.util - 4  :invoke  :cas  [3 0]
//! INFO  jepsen.util - 4  :info    :cas  :timed-out
//! ```
//!
//! Process, type, name and value, apart by tabs or blanks, and perhaps an error. Other lines,
//! and those of processes that are no integers (`:nemesis`), are not operations. `:fail` did not
//! happen, but for a `cas` that repeats its value and names no error: it was evaluated, and did
//! not match. There are no times: an event's time is its number times ten.

use std::io::BufRead;

use super::ReadError;
use super::codec::{Codec, split};
use super::contents::{Contents, Format};
use super::datum::Datum;
use super::edn::{self, in_words_of_events};
use super::events::{Event, Kind, Pairing};
use super::lines::Lines;
use super::texts::Texts;

/// What such a line has.
pub(super) const MARK: &str = "jepsen.util";

/// Reads the log of a Jepsen run.
pub(super) fn read<C: Codec>(codec: &C, reader: impl BufRead) -> Result<Contents<C>, ReadError> {
    let mut lines = Lines::new(reader);
    let mut pairing = Pairing::new(codec);
    let mut texts = Texts::default();
    while let Some(line) = lines.next()? {
        let event = event(line, codec, &mut texts);
        let number = lines.number();
        let taken = event.and_then(|event| match event {
            None => Ok(()),
            Some(event) => {
                let now = pairing.count();
                let event = Event {
                    line: number,
                    ..event
                };
                pairing.take(event, now).map_err(in_words_of_events)
            }
        });
        taken.map_err(|problem| ReadError::at(number, problem))?;
    }
    Ok(pairing.finish(Format::JepsenLog))
}

/// The event of a client on a line, if there is one.
fn event<C: Codec>(line: &str, codec: &C, texts: &mut Texts) -> Result<Option<Event>, String> {
    let Some((_, told)) = line.split_once(MARK) else {
        return Ok(None);
    };
    let told = told.trim_start();
    let told = told.strip_prefix(['-', ':']).unwrap_or(told);
    let (process, told) = word(told);
    let Ok(process) = process.parse::<u64>() else {
        return Ok(None);
    };
    let (kind, told) = word(told);
    let kind = kind
        .strip_prefix(':')
        .and_then(Kind::named)
        .ok_or_else(|| {
            format!(
                "{kind:?} after the process; it must be :invoke, :ok, :fail or :info, as in \
                 {MARK} - {process} :invoke :read nil"
            )
        })?;
    let (op, told) = word(told);
    let op = op
        .strip_prefix(':')
        .filter(|op| !op.is_empty())
        .ok_or_else(|| format!("{op:?} where the name of the operation must be, such as :read"))?;
    let mut event = Event {
        line: 0,
        kind,
        process,
        client: None,
        op: texts.share(op),
        key: None,
        value: Datum::Null,
        output: None,
        time: None,
        did_not_match: false,
    };
    if kind == Kind::Info {
        return Ok(Some(event));
    }
    if told.trim().is_empty() {
        return Err(format!(
            "the value of :{op} is missing; the line seems to be cut off"
        ));
    }
    let (value, error) = match edn::value(told, texts) {
        Ok((value, rest)) => (value, rest.trim()),
        // What a failure says is not always EDN.
        Err(_) if kind == Kind::Fail => (Datum::Null, told),
        Err(problem) => return Err(problem),
    };
    if kind == Kind::Fail {
        let repeats = matches!(value, Datum::List(_));
        event.did_not_match = op == "cas" && repeats && error.is_empty();
    } else if error.is_empty() {
        (event.key, event.value) = split(codec, op, value).map_err(in_words_of_events)?;
    } else {
        return Err(format!(
            "{error:?} after the value of :{op}, which must be the last"
        ));
    }
    Ok(Some(event))
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::cas_register::CasRegister;
    use crate::models::kv::KeyValue;
    use crate::{Limits, Verdict, check};

    fn problem(line: &str) -> String {
        let text = format!("INFO  jepsen.util - 0\t:invoke\t:read\tnil\n{line}\n");
        let error = read(&CasRegister, text.as_bytes()).map(|_| ()).unwrap_err();
        error.to_string()
    }

    #[test]
    fn the_log_of_a_real_run_is_read_as_its_history_and_gets_its_verdict() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
        let open = |name| std::fs::read(folder.join(name)).unwrap();
        let log = read(&CasRegister, &open("jepsen_etcd_002.log")[..]).unwrap();
        let same = super::super::json_lines::read(&CasRegister, &open("jepsen_etcd_002.jsonl")[..]);
        assert_eq!(log.operations, same.unwrap());
        let report = check(&CasRegister, &log.operations, None, &Limits::none());
        assert_eq!(report.verdict, Verdict::Consistent);
    }

    #[test]
    fn lines_of_others_and_of_the_nemesis_are_passed_over() {
        let text = "INFO  jepsen.core - Worker 4 starting\n\
                    INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n\
                    INFO  jepsen.util - Retrying\n\
                    2015-02-01 INFO [jepsen worker 1] jepsen.util: 1\t:invoke\t:write\t[7 3]\n\
                    INFO  jepsen.util - 1\t:ok\t:write\t[7 3]\n";
        let contents = read(&KeyValue, text.as_bytes()).unwrap();
        let [operation] = &contents.operations[..] else {
            panic!("one operation")
        };
        assert_eq!((&*operation.input.key, operation.call), ("7", 10));
        assert_eq!(operation.ret, Some(20));
    }

    #[test]
    fn a_failure_leaves_out_the_operation_but_for_a_cas_that_did_not_match() {
        let text = "jepsen.util - 0 :invoke :read nil\n\
                    jepsen.util - 0 :fail :read :timed-out\n\
                    jepsen.util - 0 :invoke :cas [1 2]\n\
                    jepsen.util - 0 :fail :cas [1 2] :connection-refused\n\
                    jepsen.util - 0 :invoke :cas [3 4]\n\
                    jepsen.util - 0 :fail :cas [3 4]\n";
        let contents = read(&CasRegister, text.as_bytes()).unwrap();
        assert_eq!((contents.operations.len(), contents.failed.len()), (1, 2));
        assert_eq!(
            contents.operations[0].output,
            Some(crate::models::cas_register::Output::Swapped(false))
        );
    }

    #[test]
    fn each_mistake_names_its_line_and_what_would_be_right() {
        for (line, words) in [
            (
                "jepsen.util - 0\t:inv",
                "line 2: \":inv\" after the process; it must be",
            ),
            (
                "jepsen.util - 0\t:ok\tread",
                "line 2: \"read\" where the name",
            ),
            (
                "jepsen.util - 0\t:ok\t:read",
                "line 2: the value of :read is missing",
            ),
            (
                "jepsen.util - 0\t:ok\t:read\t[",
                "line 2: not EDN: something in the",
            ),
            (
                "jepsen.util - 0\t:ok\t:read\t3 4",
                "line 2: \"4\" after the value",
            ),
            (
                "jepsen.util - 0\t:ok\t:write\t3",
                "line 2: process 0 ends `write`, and on line 1",
            ),
            (
                "jepsen.util - 1\t:ok\t:read\t3",
                "line 2: process 1 ends `read`, and has not",
            ),
            (
                "jepsen.util - 0\t:invoke\t:read\tnil",
                "line 2: process 0 invokes `read` before",
            ),
            (
                "jepsen.util - 1\t:invoke\t:frob\tnil",
                "line 2: `:f` is \"frob\"; this model knows",
            ),
            (
                "jepsen.util - 1\t:invoke\t:cas\t3",
                "line 2: `:value` of the invocation is 3; a cas",
            ),
            (
                "jepsen.util - 0\t:ok\t:read\t[1]",
                "line 2: `:value` is [1]; it must be a string",
            ),
        ] {
            let problem = problem(line);
            assert!(problem.starts_with(words), "{line}: {problem}");
        }
    }
}
