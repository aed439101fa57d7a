//! What a picture shows beside the history.

/// What a picture shows beside the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the history is, for the head of the page.
    pub title: String,
    /// What the history was checked for, as an adjective; `linearizable` if empty.
    pub property: String,
    /// The key to show when there is no violation; by default the one with the most
    /// operations.
    pub key: Option<String>,
    /// Spans of time to shade, such as those of faults; of too many, the first ones.
    pub bands: Vec<Band>,
}

impl Options {
    /// Whether linearizability was checked for.
    pub(super) fn is_about_linearizability(&self) -> bool {
        self.property.is_empty() || self.property == "linearizable"
    }
}

/// A span of time in which something held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// In a word or two.
    pub name: String,
    /// In full.
    pub detail: String,
    /// When it began, in nanoseconds on the clock of the history.
    pub from: u64,
    /// When it ended, likewise; `None`: not before the history did.
    pub until: Option<u64>,
}
