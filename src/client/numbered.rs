//! Names made of two numbers, such as `c3.17`.
//!
//! Each operation has one or two; written by hand, digit by digit and in place,
//! they take a quarter of what formatting takes.

use std::fmt;
use std::ops::Deref;

/// Room for two numbers, the point between them, and a letter.
const LENGTH_MAX: usize = 42;

/// Two numbers with a point between them, and perhaps a letter before.
#[derive(Clone, Copy)]
pub struct Numbered {
    text: [u8; LENGTH_MAX],
    start: usize,
}

impl Numbered {
    /// The text `first.second`.
    pub fn new(first: u64, second: u64) -> Self {
        let mut numbered = Self {
            text: [0; LENGTH_MAX],
            start: LENGTH_MAX,
        };
        numbered.put_digits(second);
        numbered.put(b'.');
        numbered.put_digits(first);
        numbered
    }

    /// The same with an ASCII letter before it.
    pub(super) fn after(mut self, letter: u8) -> Self {
        debug_assert!(letter.is_ascii_alphabetic(), "one letter is one byte");
        self.put(letter);
        self
    }

    /// The digits of a number, from the last to the first.
    fn put_digits(&mut self, number: u64) {
        let mut rest = number;
        loop {
            self.put(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                return;
            }
        }
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.text[self.start] = byte;
    }
}

impl Deref for Numbered {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.text[self.start..]).expect("digits are text")
    }
}

impl AsRef<str> for Numbered {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Debug for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_formatting_would_give() {
        for (first, second) in [(1, 0), (3, 17), (10, 1_000), (u64::MAX, u64::MAX)] {
            let name = Numbered::new(first, second);
            assert_eq!(&*name, format!("{first}.{second}"));
            assert_eq!(&*name.after(b'c'), format!("c{first}.{second}"));
        }
    }
}
