//! Colours, where a reader's terminal shows them.

/// Colours a text where the reader's terminal shows colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styled {
    /// Whether it does.
    pub colours: bool,
}

impl Styled {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Good news.
    pub fn good(self, text: &str) -> String {
        self.paint("1;32", text)
    }

    /// Bad news.
    pub fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Neither.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}
