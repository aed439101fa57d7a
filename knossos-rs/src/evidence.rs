//! What is known of where a violation is.

use crate::history::Operation;
use crate::model::Model;
use crate::search::Search;

/// What whoever found a violation knows of where it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// An order of operations, as long as could be found; indices into the history.
    pub(crate) ordered: Vec<usize>,
    /// The operations of which one had to come next there, and none could.
    pub(crate) stuck: Vec<usize>,
    /// Operations that are a violation by themselves, ascending; empty if none are known.
    pub(crate) conflict: Vec<usize>,
}

impl Evidence {
    /// Operations that are a violation by themselves, ascending.
    pub(crate) fn conflict(conflict: Vec<usize>) -> Evidence {
        Evidence {
            conflict,
            ..Evidence::default()
        }
    }

    /// When the operations of which one had to come next returned, ascending.
    pub(crate) fn guesses<I, O>(&self, history: &[Operation<I, O>]) -> Vec<u64> {
        let stuck = self.stuck.iter();
        let mut guesses: Vec<u64> = stuck.filter_map(|index| history[*index].ret).collect();
        guesses.sort_unstable();
        guesses
    }

    /// What a search that found no order knows.
    pub(crate) fn of<M: Model>(search: &Search<M>) -> Evidence {
        let (ordered, stuck) = search.deepest();
        let stuck = search.culprit().map_or(stuck, |culprit| vec![culprit]);
        Evidence {
            ordered,
            stuck,
            conflict: Vec::new(),
        }
    }
}
