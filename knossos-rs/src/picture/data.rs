//! What the page is given: plain data, small whatever the history.

use serde::Serialize;

/// How long texts may be, in characters.
const LABEL_MAX: usize = 140;
const MESSAGE_MAX: usize = 4_000;

/// Everything that the page shows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data {
    pub(super) title: String,
    pub(super) verdict: &'static str,
    pub(super) headline: String,
    pub(super) anomaly: Option<String>,
    pub(super) message: String,
    pub(super) facts: Vec<String>,
    pub(super) conflict_title: String,
    /// The moment from which the page counts. Moments are texts: they can be larger than what
    /// a script holds exactly.
    pub(super) base: String,
    /// The moment by which no order exists, and what is said there.
    pub(super) stop: Option<String>,
    pub(super) stop_word: &'static str,
    pub(super) lanes: Vec<Lane>,
    /// In order of their calls.
    pub(super) operations: Vec<Shown>,
    pub(super) gaps: Vec<Gap>,
    pub(super) faults: Vec<Fault>,
}

/// The operations of one client.
#[derive(Serialize)]
pub(super) struct Lane {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) core: bool,
}

/// An operation.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) lane: usize,
    pub(super) client: String,
    pub(super) text: String,
    pub(super) call: String,
    pub(super) ret: Option<String>,
    /// Its place in the order, from 0 on, and the earliest moment for its effect there.
    pub(super) rank: Option<usize>,
    pub(super) point: Option<String>,
    /// What it is to the conflict: `core`, `source`, or nothing.
    pub(super) role: &'static str,
    pub(super) read: bool,
    pub(super) culprit: bool,
    pub(super) stuck: bool,
    pub(super) later: bool,
}

/// Operations that are left out between two shown.
#[derive(Serialize)]
pub(super) struct Gap {
    /// The number of the one before, among those shown.
    pub(super) after: usize,
    pub(super) count: usize,
}

/// A fault band.
#[derive(Serialize)]
pub(super) struct Fault {
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) call: String,
    pub(super) ret: Option<String>,
}

/// A text short enough for a label.
pub(super) fn label(text: &str) -> String {
    cut(text, LABEL_MAX)
}

/// A text short enough for a paragraph.
pub(super) fn paragraph(text: &str) -> String {
    cut(text, MESSAGE_MAX)
}

fn cut(text: &str, letters_max: usize) -> String {
    match text.char_indices().nth(letters_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_letters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 2), "äö…");
    }
}
