//! A schedule, action by action, as it is written and told.

use serde::Serialize;

/// One action of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scheduled {
    /// As it is written in a file, and read from it.
    pub line: String,
    /// For people.
    pub words: String,
    /// What replicas showed while it happened.
    pub shows: Vec<String>,
}
