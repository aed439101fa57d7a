//! What the beginning of a file looks like.
//!
//! Events are told apart as they are read, so that neither white space nor comments nor the
//! order of fields says anything: what counts is which fields the first events have.

use super::edn;
use super::jepsen_log;
use super::json;
use super::kind::Format;
use super::source::{Forms, Notation};
use super::texts::Texts;

/// How many events of clients are looked at.
const EVENTS_MAX: usize = 64;

impl Format {
    /// The format that the beginning of a file looks like: its first [`Format::HEAD_BYTES`], or
    /// all of it. It says nothing about whether the file is right; what looks like nothing is
    /// `None`.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Format> {
        let head = &head[..head.len().min(Format::HEAD_BYTES)];
        match notation(head) {
            Some(Notation::Json) => Some(of_json(head).unwrap_or(Format::JsonLines)),
            Some(Notation::Edn) => Some(of_edn(head)),
            None => {
                let text = String::from_utf8_lossy(head);
                jepsen_log::looks_like_one(&text).then_some(Format::JepsenLog)
            }
        }
    }
}

/// How the forms of a file are written, if it has any.
fn notation(head: &[u8]) -> Option<Notation> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let (brackets, inside) = opened(head);
    let innermost = brackets.last()?;
    match (innermost, inside) {
        // A name of JSON is a string, followed by a colon.
        (b'{', [b'"', ..]) => Some(if is_named_in_json(inside) {
            Notation::Json
        } else {
            Notation::Edn
        }),
        (b'{', [b'}', ..]) => Some(Notation::Json),
        (b'{', _) | (_, [b'#', ..]) => Some(Notation::Edn),
        // An event as a list: what follows the process tells.
        (_, _) => second_word(inside),
    }
}

/// The brackets with which the text begins, and what follows them.
fn opened(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut brackets, mut rest) = (Vec::new(), text);
    loop {
        rest = without_blank(rest);
        match rest {
            [bracket @ (b'[' | b'(' | b'{'), after @ ..] if brackets.len() < 4 => {
                brackets.push(*bracket);
                rest = after;
                if *bracket == b'{' {
                    return (brackets, without_blank(rest));
                }
            }
            // The tag of an event, or what is discarded.
            [b'#', ..] if brackets.is_empty() => {
                brackets.push(b'[');
                return (brackets, rest);
            }
            _ => return (brackets, rest),
        }
    }
}

/// The text from its first byte on that is no white space, comma or comment.
fn without_blank(text: &[u8]) -> &[u8] {
    let mut rest = text;
    loop {
        let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
        let place = rest.iter().position(|byte| !blank(byte));
        rest = &rest[place.unwrap_or(rest.len())..];
        if !rest.starts_with(b";") {
            return rest;
        }
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        rest = &rest[end..];
    }
}

fn is_named_in_json(text: &[u8]) -> bool {
    let mut place = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &text[place.min(text.len())..]) {
        place += found;
        if text[place] == b'"' {
            let [b':', value @ ..] = text[place + 1..].trim_ascii_start() else {
                return text[place + 1..].trim_ascii_start().is_empty();
            };
            // A keyword of EDN may follow, too: no value of JSON begins with such a letter.
            let words: [&[u8]; 3] = [b"true", b"false", b"null"];
            return !value.first().is_some_and(u8::is_ascii_alphabetic)
                || words.iter().any(|word| value.starts_with(word));
        }
        place += 2;
    }
    true
}

/// How a list is written that begins with the process of an event.
fn second_word(text: &[u8]) -> Option<Notation> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    let first = text.iter().position(is_end)?;
    match without_blank(&text[first..]) {
        [b':', ..] => Some(Notation::Edn),
        [b'"', ..] => Some(Notation::Json),
        _ => None,
    }
}

/// Which format of JSON it is, if that can be told.
fn of_json(head: &[u8]) -> Option<Format> {
    let mut forms = Forms::new(head, Notation::Json, "");
    for _ in 0..EVENTS_MAX {
        let (_, form) = forms.next().ok().flatten()?;
        let found = json::format_of(form);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Which format of EDN it is: a key-value log has a key beside the value of some client's event.
fn of_edn(head: &[u8]) -> Format {
    let mut forms = Forms::new(head, Notation::Edn, "");
    let mut texts = Texts::default();
    let mut clients = 0;
    while clients < EVENTS_MAX
        && let Ok(Some((_, form))) = forms.next()
    {
        let Ok(fields) = edn::fields(form, &mut texts) else {
            continue;
        };
        if fields.is_of_client() {
            if fields.has_key() {
                return Format::KvLog;
            }
            clients += 1;
        }
    }
    Format::Edn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_how_a_file_begins() {
        use Format::{Edn, JepsenLog, JsonEvents, JsonLines, KvLog};
        for (head, format) in [
            ("{\"client\":1", Some(JsonLines)),
            ("\u{feff}\n { \"op\"", Some(JsonLines)),
            ("[{\"client\":1", Some(JsonLines)),
            ("[\n{\n\"client\":1", Some(JsonLines)),
            ("{}", Some(JsonLines)),
            (
                "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}",
                Some(JsonEvents),
            ),
            (
                "[ {\"f\":\"read\",\n\"type\":\"invoke\",\"process\":0}]",
                Some(JsonEvents),
            ),
            ("[[0,\"invoke\",\"read\",null]]", Some(JsonEvents)),
            ("{:type :invoke}", Some(Edn)),
            ("; comment\n[ {:type :invoke, :value :key}", Some(Edn)),
            ("[\n{:type", Some(Edn)),
            ("{\n:process 0", Some(Edn)),
            ("{type :invoke}", Some(Edn)),
            ("{\"type\" :invoke}", Some(Edn)),
            ("#jepsen.history.Op{:index 0", Some(Edn)),
            ("#_{:a 1} {:index 0", Some(Edn)),
            ("({:index 0", Some(Edn)),
            ("[0 :invoke :read nil]", Some(Edn)),
            ("[[0 :invoke :read nil]", Some(Edn)),
            ("{:process 0, :type :ok, :f :get, :key \"a\"}", Some(KvLog)),
            (
                "{:process :nemesis, :type :info, :f :start}\n{:process 0, :type :ok, :f :get, :key\t\"a\"}",
                Some(KvLog),
            ),
            (
                "{:process 0, :value {:a {}}, :type :ok, :f :get, :key \"a\"}",
                Some(KvLog),
            ),
            (
                "{:process :nemesis, :key 1, :type :info, :f :start}\n{:process 0, :type :ok, :f :get}",
                Some(Edn),
            ),
            (
                "INFO started\nINFO jepsen.util - 0 :invoke",
                Some(JepsenLog),
            ),
            ("INFO jepsen.print: 0 :invoke :read nil", Some(JepsenLog)),
            (
                "[2026-01-01 10:00] jepsen.util - 0 :invoke :read nil",
                Some(JepsenLog),
            ),
            ("0\t:invoke\t:read\tnil", Some(JepsenLog)),
            ("[INFO] our.own - 0\t:invoke\t:read\tnil", Some(JepsenLog)),
            ("", None),
            ("[]", None),
            ("hello", None),
            ("[1 2]", None),
            ("\0\0", None),
        ] {
            assert_eq!(Format::of(head.as_bytes()), format, "{head:?}");
        }
    }
}
