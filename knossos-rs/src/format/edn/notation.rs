//! The notation of EDN, and what Clojure prints beside it.
//!
//! What is used is read into neutral data; what is not used is skipped, and need not be
//! understood. Keywords keep their colon, which tells them from strings; of a tagged value, the
//! value counts; a set is the list of its elements in order.

use super::escapes::{numbered, unescaped};
use super::number::number;
use crate::format::bytes::Bytes;
use crate::format::datum::Datum;
use crate::format::source::{DEPTH_MAX, too_deep};
use crate::format::texts::Texts;

/// Bytes with which a value begins, and nothing that is passed over.
const PLAIN: Bytes = Bytes::of(b"").with_all(b'!', b'~').without(b",;#^");

/// Bytes that end a word, and those beyond ASCII, which have to be looked at.
const ENDS: Bytes = Bytes::of(b"\";,()[]{} \t\n\x0c\r").with_all(0x80, 0xff);

/// A place in EDN text, before which everything is read.
#[derive(Clone, Debug)]
pub(in crate::format) struct Cursor<'text> {
    rest: &'text str,
    depth: usize,
}

impl<'text> Cursor<'text> {
    pub(in crate::format) fn new(text: &'text str) -> Self {
        Cursor {
            rest: text,
            depth: 0,
        }
    }

    /// What is not read yet.
    pub(in crate::format) fn rest(&self) -> &'text str {
        self.rest
    }

    /// Goes to the next value, over white space, commas, comments and what `#_` discards; its
    /// first byte, or `None` at the end.
    #[inline]
    pub(super) fn next_byte(&mut self) -> Result<Option<u8>, String> {
        // By far the most values begin here, or after a single blank.
        match self.rest.as_bytes() {
            [first, ..] if PLAIN.has(*first) => Ok(Some(*first)),
            [b' ', first, ..] if PLAIN.has(*first) => {
                self.take_byte();
                Ok(Some(*first))
            }
            _ => self.next_byte_beyond(),
        }
    }

    /// The same, whatever comes first.
    fn next_byte_beyond(&mut self) -> Result<Option<u8>, String> {
        loop {
            self.skip_blank();
            let bytes = self.rest.as_bytes();
            match bytes {
                [b';', ..] => {
                    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
                    self.rest = &self.rest[end..];
                }
                [b'#', b'_', ..] => {
                    self.rest = &self.rest[2..];
                    self.nested(Self::skip)?;
                }
                // Metadata say nothing of what a value is.
                [b'^', ..] | [b'#', b'^', ..] => {
                    self.rest = &self.rest[if bytes[0] == b'#' { 2 } else { 1 }..];
                    self.nested(Self::skip)?;
                }
                _ => return Ok(bytes.first().copied()),
            }
        }
    }

    fn skip_blank(&mut self) {
        let is_other = |byte: &u8| !matches!(byte, b' ' | b',' | b'\n' | b'\r' | b'\t');
        let bytes = self.rest.as_bytes();
        let place = bytes.iter().position(is_other).unwrap_or(bytes.len());
        self.rest = &self.rest[place..];
        // White space beyond that is rare.
        if bytes
            .get(place)
            .is_some_and(|byte| *byte < b' ' || *byte >= 0x80)
        {
            self.rest = self.rest.trim_start_matches(is_blank);
        }
    }

    /// Takes one byte of ASCII.
    pub(super) fn take_byte(&mut self) {
        self.rest = &self.rest[1..];
    }

    /// Reads a value.
    pub(in crate::format) fn value(&mut self, texts: &mut Texts) -> Result<Datum, String> {
        let first = self.next_byte()?.ok_or_else(not_closed)?;
        match first {
            b'"' => self.string(texts).map(Datum::Text),
            b'[' => self.list(b']', texts).map(Datum::List),
            b'(' => self.list(b')', texts).map(Datum::List),
            b'{' => self.map(texts),
            b'#' => self.dispatched(texts),
            b'\\' => self.character(texts),
            b']' | b')' | b'}' => Err(closes_nothing(first)),
            _ => {
                let token = self.token();
                atom(token, texts)
            }
        }
    }

    /// Goes over a value, whatever it is.
    pub(super) fn skip(&mut self) -> Result<(), String> {
        let first = self.next_byte()?.ok_or_else(not_closed)?;
        match first {
            b'"' => self.raw_string().map(drop),
            b'[' => self.skip_list(b']'),
            b'(' => self.skip_list(b')'),
            b'{' => self.skip_list(b'}'),
            b'\\' => {
                self.character_name();
                Ok(())
            }
            b']' | b')' | b'}' => Err(closes_nothing(first)),
            b'#' => self.skip_dispatched(),
            _ => {
                self.token();
                Ok(())
            }
        }
    }

    /// Does one thing deeper within the data.
    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, String> {
        if self.depth == DEPTH_MAX {
            return Err(too_deep());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn skip_list(&mut self, close: u8) -> Result<(), String> {
        self.take_byte();
        self.nested(|cursor| {
            while !cursor.closes(close)? {
                cursor.skip()?;
            }
            Ok(())
        })
    }

    /// Whether the bracket closes here; then it is taken.
    pub(super) fn closes(&mut self, close: u8) -> Result<bool, String> {
        match self.next_byte()? {
            None => Err(not_closed()),
            Some(byte) if byte == close => {
                self.take_byte();
                Ok(true)
            }
            Some(byte) if b")]}".contains(&byte) => Err(closes_nothing(byte)),
            Some(_) => Ok(false),
        }
    }

    fn list(&mut self, close: u8, texts: &mut Texts) -> Result<Vec<Datum>, String> {
        self.take_byte();
        self.nested(|cursor| {
            let mut values = Vec::with_capacity(2);
            while !cursor.closes(close)? {
                values.push(cursor.value(texts)?);
            }
            Ok(values)
        })
    }

    fn map(&mut self, texts: &mut Texts) -> Result<Datum, String> {
        self.take_byte();
        self.nested(|cursor| {
            let mut entries = Vec::new();
            while !cursor.closes(b'}')? {
                let name = match cursor.value(texts)? {
                    Datum::Text(name) => match name.strip_prefix(':') {
                        Some(word) => texts.share(word),
                        None => name,
                    },
                    other => texts.share(&other.to_string()),
                };
                if matches!(cursor.next_byte()?, Some(b'}')) {
                    return Err(format!("not EDN: the map has no value for {name:?}"));
                }
                entries.push((name, cursor.value(texts)?));
            }
            // Equal maps are equal, whatever the order in which they were printed.
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Ok(Datum::Map(entries))
        })
    }

    /// Reads what begins with `#`.
    fn dispatched(&mut self, texts: &mut Texts) -> Result<Datum, String> {
        let before = self.rest;
        match before.as_bytes().get(1) {
            Some(b'{') => {
                self.take_byte();
                let mut elements = self.list(b'}', texts)?;
                elements.sort_by_cached_key(Datum::to_string);
                elements.dedup();
                Ok(Datum::List(elements))
            }
            Some(b'(' | b'"' | b'#' | b'<' | b'\'') => {
                self.skip_dispatched()?;
                let length = before.len() - self.rest.len();
                Ok(Datum::Text(texts.share(&before[..length])))
            }
            _ => {
                self.tag()?;
                self.nested(|cursor| cursor.value(texts))
            }
        }
    }

    fn skip_dispatched(&mut self) -> Result<(), String> {
        match self.rest.as_bytes().get(1) {
            Some(b'{' | b'(' | b'"' | b'\'') => {
                self.take_byte();
                if self.rest.starts_with('\'') {
                    self.token();
                    return Ok(());
                }
                self.skip()
            }
            // ##Inf, ##-Inf, ##NaN
            Some(b'#') => {
                self.token();
                Ok(())
            }
            // What older versions print of objects without a notation.
            Some(b'<') => {
                let end = memchr::memchr(b'>', self.rest.as_bytes()).ok_or_else(not_closed)?;
                self.rest = &self.rest[end + 1..];
                Ok(())
            }
            _ => {
                self.tag()?;
                self.nested(Self::skip)
            }
        }
    }

    /// Takes a tag.
    pub(super) fn tag(&mut self) -> Result<(), String> {
        match self.token() {
            "#" => Err("not EDN: a `#` without a tag".to_owned()),
            _ => Ok(()),
        }
    }

    /// Takes a word: a number, a name, a tag.
    pub(super) fn token(&mut self) -> &'text str {
        let (token, rest) = self.rest.split_at(token_bytes(self.rest));
        self.rest = rest;
        token
    }

    /// Takes a string with its quotes; what is between them.
    fn raw_string(&mut self) -> Result<&'text str, String> {
        let text = &self.rest[1..];
        let mut end = 0;
        loop {
            end += memchr::memchr2(b'"', b'\\', &text.as_bytes()[end..]).ok_or_else(not_closed)?;
            if text.as_bytes()[end] == b'"' {
                break;
            }
            let escaped = text[end + 1..].chars().next().ok_or_else(not_closed)?;
            end += 1 + escaped.len_utf8();
        }
        self.rest = &text[end + 1..];
        Ok(&text[..end])
    }

    fn string(&mut self, texts: &mut Texts) -> Result<crate::text::Text, String> {
        let raw = self.raw_string()?;
        if !raw.contains('\\') {
            return Ok(texts.share(raw));
        }
        unescaped(raw).map(|text| texts.share(&text))
    }

    /// Takes a character with its backslash; its name.
    fn character_name(&mut self) -> &'text str {
        let name = &self.rest[1..];
        let first = name.chars().next().map_or(0, char::len_utf8);
        self.rest = &name[first..];
        let more = match name[..first].chars().all(char::is_alphanumeric) {
            true => self.token().len(),
            false => 0,
        };
        &name[..first + more]
    }

    fn character(&mut self, texts: &mut Texts) -> Result<Datum, String> {
        let name = self.character_name();
        let meant = match name {
            "newline" => "\n",
            "space" => " ",
            "tab" => "\t",
            "return" => "\r",
            "backspace" => "\u{8}",
            "formfeed" => "\u{c}",
            name if name.chars().count() == 1 => name,
            name => {
                let code = numbered(name).filter(|(_, length)| *length == name.len());
                let (meant, _) = code.ok_or_else(|| {
                    format!("not EDN: `\\{name}` after a backslash is no character")
                })?;
                return Ok(Datum::Text(texts.share(meant.encode_utf8(&mut [0; 4]))));
            }
        };
        Ok(Datum::Text(texts.share(meant)))
    }
}

/// How long the word is with which the text begins.
fn token_bytes(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.iter().position(|byte| ENDS.has(*byte)) {
        None => bytes.len(),
        Some(end) if bytes[end].is_ascii() => end,
        Some(_) => {
            let is_end = |c: char| is_blank(c) || (c.is_ascii() && ENDS.has(c as u8));
            text.find(is_end).unwrap_or(text.len())
        }
    }
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// A word that is no keyword, string or collection.
fn atom(token: &str, texts: &mut Texts) -> Result<Datum, String> {
    match token.as_bytes() {
        [b':'] => Err("not EDN: a keyword has no name".to_owned()),
        [b'0'..=b'9', ..] | [b'+' | b'-', b'0'..=b'9', ..] => number(token, texts),
        b"nil" => Ok(Datum::Null),
        b"true" => Ok(Datum::Bool(true)),
        b"false" => Ok(Datum::Bool(false)),
        _ => Ok(Datum::Text(texts.share(token))),
    }
}

pub(super) fn not_closed() -> String {
    "not EDN: something in the event is not closed".to_owned()
}

fn closes_nothing(byte: u8) -> String {
    format!("not EDN: {:?} closes what is not open", char::from(byte))
}

#[cfg(test)]
mod tests;
