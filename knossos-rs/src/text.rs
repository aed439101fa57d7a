//! Text that is cheap to clone: the keys and values of the ready-made models.
//!
//! A search clones a state at every step; with [`Text`] that is a counter, not a copy. Most keys
//! and values are short, and lie within the operation that names them: whoever reads a history
//! from its beginning to its end looks nowhere else.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use ecow::EcoString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An immutable, shared string.
///
/// ```
/// use knossos::Text;
///
/// let value = Text::from("a");
/// assert_eq!(&*value.clone(), "a");
/// assert_eq!(value.followed_by("b"), Text::from("ab"));
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(EcoString);

/// What a text begins with that stands for data that are no string.
const DATA_MARK: char = '\0';

impl Text {
    /// The text that stands for a piece of data that is no string, such as `true` or `[1,2]`. It
    /// is no text of any string that a reader finds, and its `Debug` is the data as they are.
    ///
    /// ```
    /// use knossos::Text;
    ///
    /// assert_ne!(Text::of_data("true"), Text::from("true"));
    /// assert_eq!(format!("{:?} {:?}", Text::of_data("true"), Text::from("true")), "true \"true\"");
    /// ```
    #[must_use]
    pub fn of_data(data: &str) -> Text {
        Text(ecow::eco_format!("{DATA_MARK}{data}"))
    }

    /// The data that the text stands for, if it is of [`Text::of_data`].
    #[must_use]
    pub fn data(&self) -> Option<&str> {
        self.strip_prefix(DATA_MARK)
    }

    /// Whether the text begins as one of [`Text::of_data`] does.
    pub(crate) fn is_data(&self) -> bool {
        self.starts_with(DATA_MARK)
    }

    /// This text with `suffix` after it.
    #[must_use]
    pub fn followed_by(&self, suffix: &str) -> Text {
        let mut whole = EcoString::with_capacity(self.len() + suffix.len());
        whole.push_str(self);
        whole.push_str(suffix);
        Text(whole)
    }

    /// Bytes that it takes elsewhere than in itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        let counters = 2 * size_of::<usize>();
        match self.len() {
            0..=EcoString::INLINE_LIMIT => 0,
            length => counters + length,
        }
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(text.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.data() {
            Some(data) => formatter.write_str(data),
            None => fmt::Debug::fmt(&**self, formatter),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, formatter)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Text::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_a_round_trip_through_json() {
        let text = Text::from("a \"quoted\" é");
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
    }
}
