//! Where a form ends: only brackets, strings, characters and comments are told apart; what a
//! form means is for its reader to say.

use crate::format::bytes::Bytes;

/// How deeply data may be nested.
pub(in crate::format) const DEPTH_MAX: usize = 128;

/// What is said of data that are nested too deeply.
pub(in crate::format) fn too_deep() -> String {
    format!("data are nested more than {DEPTH_MAX} deep")
}

/// How forms are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) enum Notation {
    Edn,
    Json,
}

/// The bytes that mean something outside of strings and comments.
const SPECIAL: Bytes = Bytes::of(b"\"\\;{[(}])");

/// How far a form has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan {
    notation: Notation,
    depth: usize,
    pub(super) deepest: usize,
    within: Within,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Form,
    String,
    Comment,
    /// The next character means itself; then a string goes on, or the form.
    Escape {
        in_string: bool,
    },
}

impl Scan {
    pub(super) fn new(notation: Notation) -> Self {
        Scan {
            notation,
            depth: 0,
            deepest: 0,
            within: Within::Form,
        }
    }

    /// Where the form that begins with `text` ends, if it does; what is before `from` was
    /// looked at already.
    pub(super) fn end_in(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let mut place = from;
        while place < text.len() {
            match self.within {
                Within::Escape { in_string } => {
                    self.within = if in_string {
                        Within::String
                    } else {
                        Within::Form
                    };
                    place += 1;
                }
                Within::Comment => {
                    place += memchr::memchr(b'\n', &text[place..])?;
                    self.within = Within::Form;
                }
                Within::String => {
                    let found = self.in_string(&text[place..])?;
                    if let Ends::Here = found.1 {
                        return Some(place + found.0);
                    }
                    place += found.0;
                }
                Within::Form => {
                    let is_special = |byte: &u8| SPECIAL.has(*byte);
                    place += text[place..].iter().position(is_special)?;
                    if let Ends::Here = self.special(text, place) {
                        return Some(self.end_at(text, place));
                    }
                    place += 1;
                }
            }
        }
        None
    }

    /// How far to go on within a string.
    fn in_string(&mut self, text: &[u8]) -> Option<(usize, Ends)> {
        let end = match self.notation {
            Notation::Edn => memchr::memchr2(b'"', b'\\', text),
            Notation::Json => memchr::memchr3(b'"', b'\\', b'\n', text),
        }?;
        match text[end] {
            b'"' => self.within = Within::Form,
            b'\\' => self.within = Within::Escape { in_string: true },
            // No string of JSON goes over the end of a line: something is cut off.
            _ => return Some((end, Ends::Here)),
        }
        Some((end + 1, Ends::Later))
    }

    /// Takes a byte that means something.
    fn special(&mut self, text: &[u8], place: usize) -> Ends {
        match (text[place], self.notation) {
            (b'"', _) => self.within = Within::String,
            (b'\\', Notation::Edn) => self.within = Within::Escape { in_string: false },
            (b';', Notation::Edn) => self.within = Within::Comment,
            (b'{' | b'[' | b'(', _) => {
                if self.is_out_of_place(text, place) {
                    return Ends::Here;
                }
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
            }
            (b'}' | b']' | b')', _) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Ends::Here;
                }
            }
            _ => {}
        }
        Ends::Later
    }

    /// Whether an object of JSON begins where none can be within another: that one was cut off.
    fn is_out_of_place(&self, text: &[u8], place: usize) -> bool {
        let before = text[..place].trim_ascii_end().last();
        self.notation == Notation::Json
            && self.depth > 0
            && text[place] == b'{'
            && !matches!(before, Some(b':' | b',' | b'[' | b'('))
    }

    fn end_at(&self, text: &[u8], place: usize) -> usize {
        if self.depth == 0 {
            place + 1
        } else {
            text[..place].trim_ascii_end().len()
        }
    }
}

/// Whether a form ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Here,
    Later,
}
