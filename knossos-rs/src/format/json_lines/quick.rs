//! The short way through a line that looks exactly as we write it.
//!
//! Fields in their order, no blanks, no escapes, no fractions: such a line is taken apart several
//! times faster than JSON in general. Whatever looks different is left to the general reader,
//! which decides what is right; both agree wherever this one answers.

use super::line::Fields;
use crate::format::bytes::natural;
use crate::format::datum::Datum;
use crate::format::texts::Texts;

/// How deeply data may be nested here.
const DEPTH_MAX: usize = 4;

/// The fields of a line, if it looks as expected.
pub(super) fn fields(line: &str, texts: &mut Texts) -> Option<Fields> {
    let mut rest = Rest(line);
    rest.literal("{\"client\":")?;
    let client = rest.natural()?;
    let key = match rest.literal(",\"key\":") {
        Some(()) => Some(Datum::Text(texts.share(rest.string()?))),
        None => None,
    };
    rest.literal(",\"op\":")?;
    let op = Datum::Text(texts.share(rest.string()?));
    rest.literal(",\"in\":")?;
    let input = rest.value(texts, 0)?;
    rest.literal(",\"out\":")?;
    let out = rest.value(texts, 0)?;
    rest.literal(",\"call\":")?;
    let call = rest.natural()?;
    rest.literal(",\"ret\":")?;
    let ret = match rest.literal("null") {
        Some(()) => Datum::Null,
        None => rest.natural()?,
    };
    (rest.0 == "}").then_some([
        Some(client),
        key,
        Some(op),
        Some(input),
        Some(out),
        Some(call),
        Some(ret),
    ])
}

/// What is left of a line.
struct Rest<'line>(&'line str);

impl<'line> Rest<'line> {
    /// Takes exactly this, or nothing.
    fn literal(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'line str> {
        let text = self.0.strip_prefix('"')?;
        let is_special = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
        let end = text.bytes().position(is_special)?;
        self.0 = text[end..].strip_prefix('"')?;
        Some(&text[..end])
    }

    /// An integer from 0 on that surely fits.
    fn natural(&mut self) -> Option<Datum> {
        let (number, digits) = natural(self.0.as_bytes())?;
        // At the end of the text, and in a fraction, it may go on.
        if matches!(self.0.as_bytes().get(digits)?, b'.' | b'e' | b'E') {
            return None;
        }
        self.0 = &self.0[digits..];
        Some(Datum::Number(number.into()))
    }

    fn value(&mut self, texts: &mut Texts, depth: usize) -> Option<Datum> {
        match self.0.as_bytes().first()? {
            b'"' => Some(Datum::Text(texts.share(self.string()?))),
            b'n' => self.literal("null").map(|()| Datum::Null),
            b't' => self.literal("true").map(|()| Datum::Bool(true)),
            b'f' => self.literal("false").map(|()| Datum::Bool(false)),
            b'[' if depth < DEPTH_MAX => self.list(texts, depth + 1),
            b'{' if depth < DEPTH_MAX => self.map(texts, depth + 1),
            _ => self.natural(),
        }
    }

    fn list(&mut self, texts: &mut Texts, depth: usize) -> Option<Datum> {
        self.literal("[")?;
        let mut values = vec![self.value(texts, depth)?];
        while self.literal(",").is_some() {
            values.push(self.value(texts, depth)?);
        }
        self.literal("]")?;
        Some(Datum::List(values))
    }

    fn map(&mut self, texts: &mut Texts, depth: usize) -> Option<Datum> {
        self.literal("{")?;
        let mut entries = Vec::with_capacity(1);
        loop {
            let name = texts.share(self.string()?);
            self.literal(":")?;
            entries.push((name, self.value(texts, depth)?));
            if self.literal(",").is_none() {
                break;
            }
        }
        self.literal("}")?;
        Some(Datum::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::json_lines::line::any_fields;

    const LINE: &str = r#"{"client":3,"key":"a","op":"cas","in":["7",0],"out":{"ok":true,"é":{"b":[null]}},"call":120,"ret":940}"#;

    /// Whether the short way was open; if so, the general one came to the same.
    fn agrees(line: &str) -> bool {
        let quick = fields(line, &mut Texts::default());
        if let Some(quick) = &quick {
            let general = any_fields(line, &mut Texts::default());
            assert_eq!(general.as_ref(), Ok(quick), "{line}");
        }
        quick.is_some()
    }

    #[test]
    fn lines_as_we_write_them_take_the_short_way_and_others_do_not() {
        assert!(agrees(LINE));
        assert!(agrees(
            &LINE.replace("\"key\":\"a\",", "").replace("940", "null")
        ));
        for (right, other) in [
            ("3,", "03,"),
            ("3,", "-3,"),
            ("120", "120.0"),
            ("120", "1e3"),
            ("120", "1234567890123456789"),
            ("940}", "940} "),
            ("940}", "940,\"more\":1}"),
            ("\"a\"", "\"\\u0061\""),
            ("\"a\"", "\"\u{1}\""),
            ("\"a\"", "null"),
            (",\"in\"", ", \"in\""),
            ("[null]", "[[[null]]]"),
            ("[null]", "[]"),
        ] {
            assert!(!agrees(&LINE.replace(right, other)), "{other}");
        }
    }

    proptest! {
        #[test]
        fn damaged_lines_that_take_the_short_way_are_read_as_in_general(
            place in 0..LINE.len(),
            taken in 0..4_usize,
            piece in "[\"{}\\[\\]:,.0-9etnu\\\\ ]{0,3}",
        ) {
            let end = (place + taken).min(LINE.len());
            if let (Some(head), Some(tail)) = (LINE.get(..place), LINE.get(end..)) {
                agrees(&format!("{head}{piece}{tail}"));
            }
        }
    }
}
