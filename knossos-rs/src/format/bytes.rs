//! Bytes by what they mean, looked up in tables; and the digits of most numbers.

/// A set of bytes.
#[derive(Debug)]
pub(super) struct Bytes([bool; 256]);

impl Bytes {
    /// Exactly these.
    pub(super) const fn of(bytes: &[u8]) -> Bytes {
        Bytes([false; 256]).with(bytes)
    }

    /// These as well.
    pub(super) const fn with(mut self, bytes: &[u8]) -> Bytes {
        let mut place = 0;
        while place < bytes.len() {
            self.0[bytes[place] as usize] = true;
            place += 1;
        }
        self
    }

    /// All from `first` to `last` as well.
    pub(super) const fn with_all(mut self, first: u8, last: u8) -> Bytes {
        let mut place = first as usize;
        while place <= last as usize {
            self.0[place] = true;
            place += 1;
        }
        self
    }

    /// These not.
    pub(super) const fn without(mut self, bytes: &[u8]) -> Bytes {
        let mut place = 0;
        while place < bytes.len() {
            self.0[bytes[place] as usize] = false;
            place += 1;
        }
        self
    }

    /// Whether this is one of them.
    #[inline]
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// How many digits surely fit into 64 bits, with or without a sign.
const DIGITS_MAX: usize = 18;

/// The number with whose digits a text begins, and how many they are. `None` if there are none,
/// more than surely fit, or more after a 0.
#[inline]
pub(super) fn natural(text: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    let mut digits = 0;
    while let Some(digit @ b'0'..=b'9') = text.get(digits) {
        if digits == DIGITS_MAX || (digits > 0 && number == 0) {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
        digits += 1;
    }
    (digits > 0).then_some((number, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_bytes_it_was_made_of_and_no_others() {
        let set = Bytes::of(b"a")
            .with(b"\xff")
            .with_all(b'x', b'z')
            .without(b"y");
        let found: Vec<u8> = (0..=255).filter(|byte| set.has(*byte)).collect();
        assert_eq!(found, b"axz\xff");
    }

    #[test]
    fn the_digits_at_the_beginning_are_a_number_if_they_surely_fit() {
        for (text, found) in [
            ("0", Some((0, 1))),
            ("0,", Some((0, 1))),
            ("72 ", Some((72, 2))),
            ("999999999999999999x", Some((999_999_999_999_999_999, 18))),
            ("1000000000000000000", None),
            ("07", None),
            ("00", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(natural(text.as_bytes()), found, "{text}");
        }
    }
}
