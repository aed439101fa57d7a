//! Steps of replicas, taken again.

/// The result of taking steps of replicas again.
#[derive(Clone, Debug, Default)]
pub(super) struct Confirmed {
    pub(super) digest: u64,
    /// What was shown, step by step.
    pub(super) shows: Vec<Vec<String>>,
}
