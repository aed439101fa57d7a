//! Keys of which the command line says what they hold at first, and that no history has.
//!
//! A history may lack a key that another has. One that none has is a mistake: the verdicts stand,
//! but on other assumptions than were meant. That is said before them.

use super::{Judged, Options};

/// The keys that no history so far has.
pub(crate) struct Absent {
    keys: Vec<String>,
    /// Whether all histories could be read.
    is_certain: bool,
}

impl Absent {
    /// All keys that are named: no history was seen.
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            keys: options
                .initial_of
                .iter()
                .map(|(key, _)| key.clone())
                .collect(),
            is_certain: true,
        }
    }

    /// A history was judged, or could not be.
    pub(crate) fn see(&mut self, judged: Option<&Judged>) {
        match judged {
            Some(judged) => {
                let absent = &judged.report.initial.absent;
                self.keys.retain(|key| absent.contains(key));
            }
            None => self.is_certain = false,
        }
    }

    /// Whether there is a problem unless a later history has the keys.
    pub(crate) fn may_be_a_problem(&self) -> bool {
        self.is_certain && !self.keys.is_empty()
    }

    /// What is wrong, if no history has one of the keys.
    pub(crate) fn problem(&self) -> Option<String> {
        let key = self.keys.first().filter(|_| self.is_certain)?;
        Some(format!(
            "--initial-of: no operation in any history is on the key {key:?}, so what it holds at \
             first is of no use; name a key as the history does, or use --initial for an object \
             without keys"
        ))
    }
}
