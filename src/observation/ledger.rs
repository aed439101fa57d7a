//! What one replica's disk holds, rebuilt from its reported writes alone.

use super::{Ballot, Chain, Observation};

/// The promise, rounds, indices and chain digests on one disk. Eight bytes per
/// log entry that is not compacted.
#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    /// The promised ballot; the default ballot before any promise.
    pub promise: Ballot,
    /// The ballot in which entries were last accepted.
    pub accepted_round: Ballot,
    /// The decided index.
    pub decided: u64,
    /// What is compacted: its last index and chain digest. The digest is `None`
    /// when the log was cut beyond its end and no snapshot said what it folds.
    base: Base,
    /// D(base + 1), D(base + 2), ...
    digests: Vec<u64>,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Base {
    index: u64,
    digest: Option<u64>,
}

impl Default for Base {
    fn default() -> Self {
        let Chain { index, digest } = Chain::default();
        Self {
            index,
            digest: Some(digest),
        }
    }
}

impl Ledger {
    /// The index of the last entry in the log.
    #[inline]
    pub fn last(&self) -> u64 {
        self.base.index + self.digests.len() as u64
    }

    /// The index of the last compacted entry.
    pub fn compacted(&self) -> u64 {
        self.base.index
    }

    /// D(index), unless it is beyond the end, compacted away, or unknown.
    #[inline]
    pub fn digest_at(&self, index: u64) -> Option<u64> {
        if index > self.base.index {
            // Without the digest before them, those of later entries mean nothing.
            self.base.digest?;
            let offset = (index - self.base.index - 1) as usize;
            self.digests.get(offset).copied()
        } else if index == self.base.index {
            self.base.digest
        } else {
            None
        }
    }

    /// Takes one observation into account; those that are no writes change nothing.
    #[inline(always)]
    pub fn observe<E>(&mut self, observation: &Observation<E>) {
        match observation {
            Observation::Promise(ballot) => self.promise = *ballot,
            Observation::AcceptedRound(ballot) => self.accepted_round = *ballot,
            Observation::Truncated { to } => self.truncate(*to),
            Observation::Appended { digest } => self.append(*digest),
            Observation::Decided { to } => self.decided = *to,
            Observation::Trimmed { to } => self.trim(*to),
            // The log that the snapshot replaces may have held entries that were
            // never decided: only the snapshot says what was folded.
            Observation::SnapshotStored { count, chain, .. } if *count == self.base.index => {
                self.base.digest = Some(*chain);
            }
            Observation::Lost { compacted, chain } => {
                *self = Self {
                    base: Base {
                        index: *compacted,
                        digest: *chain,
                    },
                    ..Self::default()
                };
            }
            _ => {}
        }
    }

    fn append(&mut self, entry: u64) {
        let last = Chain {
            index: self.last(),
            digest: self.digest_at(self.last()).unwrap_or_default(),
        };
        self.digests.push(last.with(entry).digest);
    }

    fn truncate(&mut self, to: u64) {
        let kept = to.saturating_sub(self.base.index) as usize;
        self.digests.truncate(kept);
    }

    fn trim(&mut self, to: u64) {
        if to <= self.base.index {
            return;
        }
        let digest = self.digest_at(to);
        let removed = ((to - self.base.index) as usize).min(self.digests.len());
        self.digests.drain(..removed);
        self.base = Base { index: to, digest };
        debug_assert!(self.last() >= to, "a trimmed log still counts what it lost");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(writes: &[Observation<()>]) -> Ledger {
        let mut ledger = Ledger::default();
        writes.iter().for_each(|write| ledger.observe(write));
        ledger
    }

    fn append(digest: u64) -> Observation<()> {
        Observation::Appended { digest }
    }

    #[test]
    fn digests_survive_a_trim_and_follow_a_truncation() {
        let whole = ledger(&[append(1), append(2), append(3)]);
        let trimmed = ledger(&[
            append(1),
            append(2),
            append(3),
            Observation::Trimmed { to: 2 },
        ]);
        assert_eq!(trimmed.digest_at(3), whole.digest_at(3));
        assert_eq!(trimmed.digest_at(2), whole.digest_at(2));
        assert_eq!(trimmed.digest_at(1), None, "compacted away");
        assert_eq!(trimmed.last(), 3);

        let rewritten = ledger(&[
            append(1),
            append(9),
            Observation::Truncated { to: 1 },
            append(2),
            append(3),
        ]);
        assert_eq!(rewritten.digest_at(3), whole.digest_at(3));
        assert_eq!(rewritten.digest_at(4), None, "beyond the end");
    }

    #[test]
    fn an_installed_snapshot_says_what_the_log_before_it_was() {
        let whole = ledger(&[append(1), append(2), append(3)]);
        let installed = ledger(&[
            Observation::Trimmed { to: 2 },
            Observation::SnapshotStored {
                count: 2,
                chain: whole.digest_at(2).unwrap(),
                state: None,
            },
            append(3),
        ]);
        assert_eq!(installed.digest_at(3), whole.digest_at(3));
    }

    #[test]
    fn stale_entries_under_a_snapshot_do_not_say_what_the_log_was() {
        let installed = ledger(&[
            append(8),
            append(8),
            Observation::Trimmed { to: 1 },
            Observation::SnapshotStored {
                count: 1,
                chain: 77,
                state: None,
            },
        ]);
        assert_eq!(installed.digest_at(1), Some(77));
    }

    #[test]
    fn a_disk_that_lost_writes_is_described_anew() {
        let mut lost = ledger(&[append(1), append(2), Observation::Decided { to: 2 }]);
        lost.observe::<()>(&Observation::Lost {
            compacted: 0,
            chain: Some(Chain::default().digest),
        });
        lost.observe(&append(1));
        assert_eq!((lost.last(), lost.decided), (1, 0));
        assert_eq!(lost.digest_at(1), ledger(&[append(1)]).digest_at(1));
    }
}
