//! The top-level forms of an EDN file, one at a time: the maps of events, whether each has a
//! line of its own, several share one, or one takes many, alone or within one vector.
//!
//! Only brackets, strings, characters and comments are told apart here; what a form means is
//! for the EDN reader to say.

use std::io::BufRead;

use super::value::{DEPTH_MAX, too_deep};
use crate::format::ReadError;
use crate::format::lines::{LINE_BYTES_MAX, Lines, too_long};

/// Splits a file into forms. Memory holds one form and one line at a time.
pub(super) struct Forms<R> {
    lines: Lines<R>,
    /// The present line, and how much of it is taken.
    line: String,
    taken: usize,
    form: String,
    /// The line on which the vector or list around all forms was opened.
    opened: Option<usize>,
}

impl<R: BufRead> Forms<R> {
    pub(super) fn new(reader: R) -> Self {
        Forms {
            lines: Lines::new(reader),
            line: String::new(),
            taken: 0,
            form: String::new(),
            opened: None,
        }
    }

    /// The next form, and the line on which it begins.
    pub(super) fn next(&mut self) -> Result<Option<(usize, &str)>, ReadError> {
        let Some(first) = self.first_character()? else {
            return Ok(None);
        };
        let begin = self.lines.number();
        if !matches!(first, '#' | '{') {
            return Err(ReadError::at(
                begin,
                format!(
                    "{first:?} does not begin an event; one is a map such as \
                     {{:type :invoke, :process 0, :f :read, :value nil, :time 10}}"
                ),
            ));
        }
        self.form.clear();
        let mut scan = Scan::default();
        loop {
            let rest = &self.line[self.taken..];
            let end = scan.end_in(rest);
            scan.refuse_depths()
                .map_err(|problem| ReadError::at(begin, problem))?;
            self.form.push_str(&rest[..end.unwrap_or(rest.len())]);
            if self.form.len() > LINE_BYTES_MAX {
                return Err(too_long(begin));
            }
            if let Some(end) = end {
                self.taken += end;
                return Ok(Some((begin, &self.form)));
            }
            if !self.next_line()? {
                let problem = "the file ends in the middle of the event that begins here; it \
                               seems to be cut off";
                return Err(ReadError::at(begin, problem));
            }
        }
    }

    /// Goes to the first character of the next form.
    fn first_character(&mut self) -> Result<Option<char>, ReadError> {
        loop {
            let rest = &self.line[self.taken..];
            let found = rest.find(|c: char| !c.is_whitespace() && c != ',');
            let Some(place) = found.filter(|place| !rest[*place..].starts_with(';')) else {
                if self.next_line()? {
                    continue;
                }
                return match self.opened {
                    None => Ok(None),
                    Some(line) => Err(ReadError::at(
                        line,
                        "the bracket around all events is not closed; the file seems to be cut off",
                    )),
                };
            };
            self.taken += place;
            match rest[place..].chars().next() {
                Some('[' | '(') if self.opened.is_none() => {
                    self.opened = Some(self.lines.number());
                }
                Some(']' | ')') if self.opened.is_some() => self.opened = None,
                first => return Ok(first),
            }
            self.taken += 1;
        }
    }

    fn next_line(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        self.taken = 0;
        let line = self.lines.next_whole()?;
        self.line.push_str(line.unwrap_or_default());
        Ok(line.is_some())
    }
}

/// How far a form has come.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    depth: usize,
    deepest: usize,
    in_string: bool,
    /// The next character means itself.
    is_escaped: bool,
}

impl Scan {
    /// Where the form ends, if it does in `text`, the rest of a line.
    fn end_in(&mut self, text: &str) -> Option<usize> {
        for (place, byte) in text.bytes().enumerate() {
            if self.is_escaped {
                self.is_escaped = false;
                continue;
            }
            match (self.in_string, byte) {
                (_, b'\\') => self.is_escaped = true,
                (_, b'"') => self.in_string = !self.in_string,
                (true, _) => {}
                (false, b';') => return None,
                (false, b'{' | b'[' | b'(') => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                (false, b'}' | b']' | b')') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(place + 1);
                    }
                }
                (false, _) => {}
            }
        }
        None
    }

    fn refuse_depths(&self) -> Result<(), String> {
        if self.deepest > DEPTH_MAX {
            return Err(too_deep());
        }
        Ok(())
    }
}

/// Says so if what begins in `text` is nested too deeply: the EDN reader compares sets within
/// sets, for which it takes quadratic time.
pub(super) fn refuse_depths(text: &str) -> Result<(), String> {
    let mut scan = Scan::default();
    scan.end_in(text);
    scan.refuse_depths()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Result<Vec<(usize, String)>, ReadError> {
        let mut forms = Forms::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some((line, form)) = forms.next()? {
            all.push((line, form.to_owned()));
        }
        Ok(all)
    }

    #[test]
    fn forms_are_told_apart_however_they_are_laid_out() {
        let text =
            "; {a comment}\n[{:a 1}, {:b \"}\\\"\"}\n #tag.of/one {:c [\\} 1] ; }\n  :d\n2}\n]\n";
        let expected = [
            (2, "{:a 1}"),
            (2, "{:b \"}\\\"\"}"),
            (3, "#tag.of/one {:c [\\} 1] ; }\n  :d\n2}"),
        ];
        assert_eq!(
            forms(text).unwrap(),
            expected.map(|(line, form)| (line, form.to_owned()))
        );
    }

    #[test]
    fn what_is_no_event_or_does_not_end_is_named_with_its_line() {
        for (text, words) in [
            ("{:a 1}\nhello", "line 2: 'h' does not begin an event"),
            ("[{:a 1}\n", "line 1: the bracket around all events"),
            ("\n{:a \"}\n", "line 2: the file ends in the middle"),
            ("]", "line 1: ']' does not begin"),
            ("[[", "line 1: '[' does not begin"),
        ] {
            let error = forms(text).unwrap_err().to_string();
            assert!(error.starts_with(words), "{text:?}: {error}");
        }
    }
}
