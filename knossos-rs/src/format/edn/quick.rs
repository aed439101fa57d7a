//! The short way through an event that is as plain as most are.
//!
//! One map of keywords to integers, keywords, `nil`, booleans, strings without escapes, and
//! vectors of these. Whatever looks different is left to the general reader of EDN, which
//! decides what is right; both agree wherever this one answers.

use super::event::{Fields, Raw};
use crate::format::datum::Datum;
use crate::format::texts::Texts;

/// How deeply data may be nested here.
const DEPTH_MAX: usize = 4;

/// How many entries an event may have here.
const ENTRIES_MAX: usize = 16;

/// The fields of an event, if it is plain.
pub(super) fn fields(form: &str, texts: &mut Texts) -> Option<Fields> {
    let form = form.strip_prefix("#jepsen.history.Op").unwrap_or(form);
    let mut rest = Rest(form.strip_prefix('{')?);
    let mut fields = Fields::default();
    let mut names = Vec::with_capacity(ENTRIES_MAX);
    loop {
        rest.skip();
        if rest.0 == "}" {
            return Some(fields);
        }
        let name = rest.keyword()?;
        // A name that comes twice is a mistake, and so is one too many for this way.
        if names.contains(&name) || names.len() == ENTRIES_MAX {
            return None;
        }
        names.push(name);
        rest.skip();
        let value = rest.raw(texts)?;
        if let Some(field) = fields.named(name) {
            *field = Some(value);
        }
    }
}

/// What is left of an event.
struct Rest<'form>(&'form str);

impl<'form> Rest<'form> {
    fn skip(&mut self) {
        self.0 = self.0.trim_start_matches([' ', ',', '\n', '\r', '\t']);
    }

    /// A keyword of plain letters, without its colon.
    fn keyword(&mut self) -> Option<&'form str> {
        let word = self.0.strip_prefix(':')?;
        let is_other = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'-' && byte != b'?';
        let end = word.bytes().position(is_other)?;
        let (name, rest) = word.split_at(end);
        self.0 = rest;
        self.has_ended()?;
        (!name.is_empty()).then_some(name)
    }

    fn raw(&mut self, texts: &mut Texts) -> Option<Raw> {
        if self.0.starts_with(':') {
            let name = self.keyword()?;
            return Some(Raw::Key(texts.share(name)));
        }
        self.value(texts, 0).map(Raw::Other)
    }

    fn value(&mut self, texts: &mut Texts, depth: usize) -> Option<Datum> {
        match self.0.as_bytes().first()? {
            b'"' => self.string(texts),
            b':' => {
                let name = self.keyword()?;
                Some(Datum::Text(texts.share(&format!(":{name}"))))
            }
            b'[' if depth < DEPTH_MAX => self.list(texts, depth + 1),
            b'n' => self.word("nil", Datum::Null),
            b't' => self.word("true", Datum::Bool(true)),
            b'f' => self.word("false", Datum::Bool(false)),
            _ => self.integer(),
        }
    }

    fn word(&mut self, word: &str, meaning: Datum) -> Option<Datum> {
        self.0 = self.0.strip_prefix(word)?;
        self.has_ended()?;
        Some(meaning)
    }

    fn string(&mut self, texts: &mut Texts) -> Option<Datum> {
        let text = self.0.strip_prefix('"')?;
        let end = text
            .bytes()
            .position(|byte| byte == b'"' || byte == b'\\')?;
        self.0 = text[end..].strip_prefix('"')?;
        self.has_ended()?;
        Some(Datum::Text(texts.share(&text[..end])))
    }

    /// An integer that surely fits.
    fn integer(&mut self) -> Option<Datum> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        let end = digits.bytes().position(|byte| !byte.is_ascii_digit())?;
        if !(1..=18).contains(&end) {
            return None;
        }
        let length = self.0.len() - digits.len() + end;
        let number: i64 = self.0[..length].parse().ok()?;
        self.0 = &self.0[length..];
        self.has_ended()?;
        Some(Datum::Number(number.into()))
    }

    fn list(&mut self, texts: &mut Texts, depth: usize) -> Option<Datum> {
        self.0 = self.0.strip_prefix('[')?;
        let mut values = Vec::with_capacity(2);
        loop {
            self.skip();
            if let Some(rest) = self.0.strip_prefix(']') {
                self.0 = rest;
                self.has_ended()?;
                return Some(Datum::List(values));
            }
            values.push(self.value(texts, depth)?);
        }
    }

    /// Whether what was taken ends here, and does not go on as something else.
    fn has_ended(&self) -> Option<()> {
        let next = self.0.as_bytes().first()?;
        b" ,]}\n\r\t".contains(next).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::event::any_fields;
    use super::*;

    const EVENT: &str = "{:type :invoke, :f :cas, :value [\"é\" [nil -7]], :process 0, :time 12, \
                         :key :a, :debug [true false \"}\"] :index 0}";

    /// Whether the short way was open; if so, the general one came to the same.
    fn agrees(form: &str) -> bool {
        let quick = fields(form, &mut Texts::default());
        if let Some(quick) = &quick {
            let general = any_fields(form, 1, &mut Texts::default());
            assert_eq!(general.as_ref().map_err(|_| ()), Ok(quick), "{form}");
        }
        quick.is_some()
    }

    #[test]
    fn plain_events_take_the_short_way_and_others_do_not() {
        assert!(agrees(EVENT));
        assert!(agrees(&format!("#jepsen.history.Op{EVENT}")));
        for (right, other) in [
            ("12", "12N"),
            ("12", "1.5"),
            ("12", "1234567890123456789"),
            ("12", "1/2"),
            ("nil", "nill"),
            ("\"é\"", "\"\\n\""),
            ("\"é\"", "#{1}"),
            ("\"é\"", "\\a"),
            (":time 12", ":time 12 :time 13"),
            (":index 0", ":index"),
            (":index 0", ":index 0 ; comment\n"),
            (":f", "\"f\""),
            ("[nil", "[[[[nil]]]"),
        ] {
            assert!(!agrees(&EVENT.replace(right, other)), "{other}");
        }
    }

    proptest! {
        #[test]
        fn damaged_events_that_take_the_short_way_are_read_as_in_general(
            place in 0..EVENT.len(),
            taken in 0..4_usize,
            piece in "[\"{}\\[\\]:,.0-9a-fnu\\\\#;/+-]{0,3}",
        ) {
            let end = (place + taken).min(EVENT.len());
            if let (Some(head), Some(tail)) = (EVENT.get(..place), EVENT.get(end..)) {
                agrees(&format!("{head}{piece}{tail}"));
            }
        }
    }
}
