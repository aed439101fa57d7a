//! What a check found, as plain data.

use serde::{Deserialize, Serialize};

use crate::anomaly::Anomaly;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The answer.
    pub verdict: Verdict,
    /// Operations in the history.
    pub operations: usize,
    /// Independent parts of the history (keys); 0 for an empty history.
    pub partitions: usize,
    /// Distinct clients.
    pub clients: usize,
    /// Calls of [`crate::Model::step`] until the verdict stood.
    pub steps: u64,
}

/// Is the history linearizable?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Consistent,
    /// No, and here is why.
    Violation(Box<Violation>),
    /// A limit was reached before every part was decided, and no part decided was a violation.
    Unknown {
        /// The limit.
        reason: Reason,
        /// How far the check came.
        progress: Progress,
    },
}

/// The limit that ended a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// [`crate::Limits::steps`].
    Steps,
    /// [`crate::Limits::memory_bytes`].
    Memory,
    /// [`crate::Limits::time`].
    Time,
    /// No limit: the history itself. What was asked speaks of who wrote what was read, and values
    /// are written more than once ([`crate::consistency`]).
    RepeatedValues,
    /// No limit: nobody knows what the object held at first, and not everything that it may have
    /// held was tried ([`crate::check_from`]).
    Beginnings,
}

/// How far an undecided check came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Parts found consistent.
    pub partitions_decided: usize,
    /// All parts.
    pub partitions: usize,
    /// In one undecided part: the most operations ever put in order.
    pub operations_ordered: usize,
    /// In that part: operations with a known outcome.
    pub operations: usize,
}

/// Why a history is not linearizable. Every number is an index into the history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The part (key), if the model has parts.
    pub partition: Option<String>,
    /// The kind of violation, as far as [`Violation::core`] tells.
    pub anomaly: Anomaly,
    /// The operation whose return made the history impossible: with everything that had
    /// returned before it, an order existed. `None` if that was too expensive to find out.
    pub culprit: Option<usize>,
    /// An order of operations that the model allows, as long as could be found: with a culprit,
    /// everything that had returned before it (and open operations that had to take effect).
    pub explained: Vec<usize>,
    /// The operations of which one had to come next, and none could.
    pub stuck: Vec<usize>,
    /// The smallest set of operations found that contradict each other, in order of their
    /// calls: they have no order, whichever of the other operations took effect. Empty if
    /// finding one was too expensive.
    pub core: Vec<usize>,
    /// Whether each operation of the core is known to matter: if nobody knew whether that one
    /// took effect, there would be an order.
    pub core_is_minimal: bool,
    /// The operations to look at, in order of their calls: the core, the culprit, and where the
    /// core has its values from; without a core, at most eight near the culprit.
    pub excerpt: Vec<usize>,
    /// Whether the excerpt alone already is a violation, as of the culprit's return.
    pub excerpt_suffices: bool,
    /// Operations that are known to have failed, of which an effect was seen, or with which there
    /// would be an order: places in what [`Violation::blame_failed`] was given.
    #[serde(default)]
    pub failed: Vec<usize>,
    /// The reason in a sentence.
    pub message: String,
}

impl Violation {
    /// Makes indices into a whole history of those into these of its operations.
    pub(crate) fn of_these(&mut self, chosen: &[usize]) {
        let lists = [
            &mut self.explained,
            &mut self.stuck,
            &mut self.core,
            &mut self.excerpt,
        ];
        let indices = lists.into_iter().flatten().chain(&mut self.culprit);
        indices.for_each(|index| *index = chosen[*index]);
    }
}
