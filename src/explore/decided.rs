//! What was decided: the chain digests of every log.

use std::collections::BTreeMap;

use crate::check::{Checks, Fold, LogChecks};
use crate::observation::{LogId, ReplicaId, Replicated};

/// The chain digests of what was decided; 0 where nobody told it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Decided {
    /// Of the first log.
    first: Vec<u64>,
    /// Of further logs, which most systems do not have.
    #[expect(
        clippy::box_collection,
        reason = "a search keeps millions of these: eight bytes, not 24"
    )]
    others: Option<Box<BTreeMap<LogId, Vec<u64>>>>,
}

impl Decided {
    /// What a replica has decided, by what its disk holds.
    pub(super) fn of<E: Replicated, F: Fold<E>>(checks: &Checks<E, F>, replica: ReplicaId) -> Self {
        let mut decided = Self::default();
        for (log, checks) in checks.logs() {
            let digests = digests(checks, replica);
            if log == LogId::FIRST {
                decided.first = digests;
            } else if !digests.is_empty() {
                decided.others.get_or_insert_default().insert(log, digests);
            }
        }
        decided
    }

    /// Adopts what a replica decided to what was decided before; gives the log, and the first
    /// index in it, at which it differs.
    pub(super) fn adopt(&mut self, decided: &Self) -> Option<(LogId, usize)> {
        if let Some(index) = adopt(&mut self.first, &decided.first) {
            return Some((LogId::FIRST, index));
        }
        let others = decided.others.iter().flat_map(|others| others.iter());
        for (log, digests) in others {
            let all = self.others.get_or_insert_default();
            if let Some(index) = adopt(all.entry(*log).or_default(), digests) {
                return Some((*log, index));
            }
        }
        None
    }

    /// Whether nothing was decided.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty() && self.others.is_none()
    }

    /// The chain digests of a log, if anything was decided in it.
    pub(super) fn log(&self, log: LogId) -> Option<&[u64]> {
        let digests = match log {
            LogId::FIRST => Some(&self.first),
            other => self.others.as_ref().and_then(|others| others.get(&other)),
        };
        digests.map(Vec::as_slice)
    }

    /// The logs in which anything was decided, and the first.
    pub(super) fn logs(&self) -> impl Iterator<Item = LogId> {
        let others = self.others.iter().flat_map(|others| others.keys());
        std::iter::once(LogId::FIRST).chain(others.copied())
    }

    /// About how much memory it takes beside itself, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let others = self.others.iter().flat_map(|others| others.values());
        let all = std::iter::once(&self.first).chain(others);
        all.map(Vec::capacity).sum::<usize>() * size_of::<u64>()
    }
}

fn digests<F>(checks: &LogChecks<F>, replica: ReplicaId) -> Vec<u64> {
    let ledger = checks.ledger(replica);
    let decided = ledger.decided.min(ledger.last());
    (1..=decided)
        .map(|index| ledger.digest_at(index).unwrap_or(0))
        .collect()
}

fn adopt(all: &mut Vec<u64>, decided: &[u64]) -> Option<usize> {
    if decided.len() > all.len() {
        all.resize(decided.len(), 0);
    }
    for (place, (agreed, digest)) in all.iter_mut().zip(decided).enumerate() {
        match (*agreed, *digest) {
            (_, 0) => {}
            (0, digest) => *agreed = digest,
            (agreed, digest) if agreed == digest => {}
            _ => return Some(place + 1),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(first: &[u64], others: &[(u32, &[u64])]) -> Decided {
        let others = others
            .iter()
            .map(|(log, digests)| (LogId(*log), digests.to_vec()));
        let others: BTreeMap<_, _> = others.collect();
        Decided {
            first: first.to_vec(),
            others: (!others.is_empty()).then(|| Box::new(others)),
        }
    }

    #[test]
    fn what_nobody_told_is_learnt_and_what_was_told_stays() {
        let mut all = decided(&[1, 0], &[]);
        assert_eq!(all.adopt(&decided(&[0, 2, 3], &[])), None);
        assert_eq!(all, decided(&[1, 2, 3], &[]));
        let other = decided(&[1, 9], &[]);
        assert_eq!(all.adopt(&other), Some((LogId::FIRST, 2)));
    }

    #[test]
    fn each_log_is_compared_with_itself() {
        let mut all = decided(&[1], &[(2, &[5])]);
        assert_eq!(all.adopt(&decided(&[], &[(2, &[5, 6]), (3, &[7])])), None);
        assert_eq!(all, decided(&[1], &[(2, &[5, 6]), (3, &[7])]));
        let other = decided(&[1], &[(3, &[8])]);
        assert_eq!(all.adopt(&other), Some((LogId(3), 1)));
    }
}
