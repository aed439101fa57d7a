//! The top-level forms of a file, one at a time: each on a line of its own, several on one line,
//! or one over many lines; alone, or within one vector.

use std::io::BufRead;

use super::scan::{DEPTH_MAX, Notation, Scan, too_deep};
use super::window::{PIECE_BYTES_MAX, Window, too_long};
use crate::format::ReadError;

/// The longest line of which it is told that it is no text, in bytes.
const SHOWN_BYTES_MAX: usize = 1 << 16;

/// Splits a file into forms. Memory holds one form at a time.
pub(in crate::format) struct Forms<R> {
    pub(in crate::format) window: Window<R>,
    notation: Notation,
    /// What a form looks like.
    example: &'static str,
    /// The line on which the vector or list around all forms was opened.
    opened: Option<usize>,
}

impl<R: BufRead> Forms<R> {
    /// The forms of a file in which each looks like `example`.
    pub(in crate::format) fn new(reader: R, notation: Notation, example: &'static str) -> Self {
        Forms {
            window: Window::new(reader),
            notation,
            example,
            opened: None,
        }
    }

    /// The next form, and the line on which it begins.
    pub(in crate::format) fn next(&mut self) -> Result<Option<(usize, &str)>, ReadError> {
        let Some(first) = self.first()? else {
            return Ok(None);
        };
        let begin = self.window.line();
        let begins_form = match self.notation {
            Notation::Edn => b"{#[(".contains(&first),
            Notation::Json => b"{[".contains(&first),
        };
        if !begins_form {
            return Err(self.no_form(begin)?);
        }
        let mut scan = Scan::new(self.notation);
        let mut searched = 0;
        let bytes = loop {
            let ahead = self.window.ahead();
            let end = scan.end_in(ahead, searched);
            if scan.deepest > DEPTH_MAX {
                return Err(ReadError::at(begin, too_deep()));
            }
            if let Some(end) = end {
                break end;
            }
            searched = ahead.len();
            if searched > PIECE_BYTES_MAX {
                return Err(too_long(begin));
            }
            if !self.window.more()? {
                // That it is no text says more than that it does not end.
                self.window.take_text(searched)?;
                return Err(self.cut_off(begin));
            }
        };
        self.window.take_text(bytes).map(Some)
    }

    /// Goes to the first byte of the next form.
    fn first(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let Some(blank) = self.skip_blank(0)? else {
                return match self.opened {
                    None => Ok(None),
                    Some(line) => Err(ReadError::at(
                        line,
                        "the bracket around all events is not closed; the file seems to be cut off",
                    )),
                };
            };
            self.window.take(blank);
            let first = self.window.ahead()[0];
            match first {
                b'[' | b'(' if self.opened.is_none() && self.is_around_all()? => {
                    self.opened = Some(self.window.line());
                }
                b']' | b')' if self.opened.is_some() => self.opened = None,
                _ => return Ok(Some(first)),
            }
            self.window.take(1);
        }
    }

    /// Whether the bracket with which the window begins is around all forms, and not a form.
    fn is_around_all(&mut self) -> Result<bool, ReadError> {
        let inner = self.skip_blank(1)?;
        let inner = inner.map(|place| self.window.ahead()[place]);
        Ok(inner.is_none_or(|byte| b"{[(#])}".contains(&byte)))
    }

    /// The first place in the window from `from` on that is no white space, comma or comment.
    fn skip_blank(&mut self, from: usize) -> Result<Option<usize>, ReadError> {
        let mut place = from;
        let mut in_comment = false;
        loop {
            let ahead = self.window.ahead();
            while place < ahead.len() {
                let byte = ahead[place];
                if in_comment {
                    in_comment = byte != b'\n';
                } else if byte == b';' && self.notation == Notation::Edn {
                    in_comment = true;
                } else if !byte.is_ascii_whitespace() && byte != b',' {
                    return Ok(Some(place));
                }
                place += 1;
            }
            // Blanks are taken, so that any number of them fits.
            if from == 0 {
                self.window.take(place);
                place = 0;
            }
            if place > PIECE_BYTES_MAX {
                return Err(too_long(self.window.line()));
            }
            if !self.window.more()? {
                return Ok(None);
            }
        }
    }

    fn no_form(&mut self, line: usize) -> Result<ReadError, ReadError> {
        let found = beginning(self.window.ahead());
        if let Some(bytes) = self.window.line_bytes(SHOWN_BYTES_MAX)? {
            self.window.take_text(bytes)?;
        }
        let what = match self.notation {
            Notation::Edn => "an event; one is a map such as",
            Notation::Json => "an operation; one is an object such as",
        };
        Ok(ReadError::at(
            line,
            format!("{found:?} does not begin {what} {}", self.example),
        ))
    }

    fn cut_off(&self, begin: usize) -> ReadError {
        let what = match self.notation {
            Notation::Edn => "event",
            Notation::Json => "operation",
        };
        let problem = format!(
            "the file ends in the middle of the {what} that begins here; it seems to be cut off"
        );
        ReadError::at(begin, problem)
    }
}

/// The first words of a text, to be shown.
pub(in crate::format) fn beginning(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let text = String::from_utf8_lossy(&line[..line.len().min(200)]);
    let mut short: String = text.trim().chars().take(40).collect();
    if short.len() < text.trim().len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn forms(text: &str, notation: Notation) -> Result<Vec<(usize, String)>, ReadError> {
        let read = |capacity| {
            let reader = BufReader::with_capacity(capacity, text.as_bytes());
            let mut forms = Forms::new(reader, notation, "{}");
            let mut all = Vec::new();
            while let Some((line, form)) = forms.next()? {
                all.push((line, form.to_owned()));
            }
            Ok::<_, ReadError>(all)
        };
        let whole = read(1 << 16);
        if let Ok(whole) = &whole {
            for capacity in 1..10 {
                assert_eq!(
                    &read(capacity).unwrap(),
                    whole,
                    "{capacity} bytes at a time"
                );
            }
        }
        whole
    }

    fn owned<const N: usize>(expected: [(usize, &str); N]) -> [(usize, String); N] {
        expected.map(|(line, form)| (line, form.to_owned()))
    }

    #[test]
    fn forms_of_edn_are_told_apart_however_they_are_laid_out() {
        let text =
            "; {a comment}\n[{:a 1}, {:b \"}\\\"\"}\n #tag.of/one {:c [\\} 1] ; }\n  :d\n2}\n]\n";
        let expected = owned([
            (2, "{:a 1}"),
            (2, "{:b \"}\\\"\"}"),
            (3, "#tag.of/one {:c [\\} 1] ; }\n  :d\n2}"),
        ]);
        assert_eq!(forms(text, Notation::Edn).unwrap(), expected);
    }

    #[test]
    fn vectors_are_forms_alone_and_within_a_vector() {
        let expected = owned([(1, "[0 :invoke :read nil]"), (2, "[0 :ok :read 3]")]);
        for text in [
            "[0 :invoke :read nil]\n[0 :ok :read 3]",
            "[[0 :invoke :read nil]\n[0 :ok :read 3]]",
            "( [0 :invoke :read nil]\n, [0 :ok :read 3] ) ; over",
        ] {
            assert_eq!(forms(text, Notation::Edn).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn objects_of_json_are_told_apart_however_they_are_laid_out() {
        let expected = owned([(1, "{\"a\":\"}]\\\"\"}"), (2, "{\"b\":\n[{}]}")]);
        for (before, between, after) in [("", "\n", ""), ("[", ",\n", "\n]"), (" [", "\n", "]")] {
            let [first, second] = &expected;
            let text = format!("{before}{}{between}{}{after}", first.1, second.1);
            assert_eq!(forms(&text, Notation::Json).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn an_object_that_is_cut_off_ends_where_the_next_line_begins() {
        for cut in ["{\"a\":1", "{\"a\":[1", "{\"a\":\"1"] {
            let text = format!("{cut}\n{{\"b\":2}}");
            let expected = owned([(1, cut), (2, "{\"b\":2}")]);
            assert_eq!(forms(&text, Notation::Json).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_event_or_does_not_end_is_named_with_its_line() {
        for (text, words) in [
            ("{:a 1}\nhello", "line 2: \"hello\" does not begin an event"),
            ("[{:a 1}\n", "line 1: the bracket around all events"),
            ("\n{:a \"}\n", "line 2: the file ends in the middle"),
            ("]", "line 1: \"]\" does not begin"),
        ] {
            let error = forms(text, Notation::Edn).unwrap_err().to_string();
            assert!(error.starts_with(words), "{text:?}: {error}");
        }
    }
}
