//! The kinds of violation that people have names for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of violation it is, as far as the operations that contradict each other tell.
///
/// ```
/// assert_eq!(knossos::Anomaly::StaleRead.to_string(), "stale read");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Anomaly {
    /// Something was seen that nothing ever wrote.
    NeverWritten,
    /// Something was seen that only operations known to have failed would have written.
    AbortedRead,
    /// Something was seen before whatever wrote it was called.
    FromTheFuture,
    /// Something was read that had been overwritten before the read began.
    StaleRead,
    /// Something was read that had been deleted before the read began.
    Resurrected,
    /// An update took place upon what another update had replaced before.
    LostUpdate,
    /// Two updates both found what only one of them can have found.
    DoubleSuccess,
    /// Operations disagree on the order of things: something old came back.
    Disagreement,
    /// An operation completed, and what was seen later does not contain it.
    LostEffect,
    /// Something was seen as if an operation had taken effect twice.
    DoubleEffect,
    /// An answer that nothing explains, whatever else took effect.
    ImpossibleAnswer,
    /// None of these, or nobody found out.
    #[default]
    Other,
}

impl fmt::Display for Anomaly {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Anomaly::NeverWritten => "value never written",
            Anomaly::AbortedRead => "aborted read",
            Anomaly::FromTheFuture => "value from the future",
            Anomaly::StaleRead => "stale read",
            Anomaly::Resurrected => "deleted value came back",
            Anomaly::LostUpdate => "lost update",
            Anomaly::DoubleSuccess => "double success",
            Anomaly::Disagreement => "disagreement on the order",
            Anomaly::LostEffect => "lost effect",
            Anomaly::DoubleEffect => "double effect",
            Anomaly::ImpossibleAnswer => "impossible answer",
            Anomaly::Other => "contradiction",
        })
    }
}
