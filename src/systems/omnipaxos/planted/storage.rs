//! A shim between the library and the disk: writes that are left out, changed or
//! read wrongly, as a careless storage layer would have it.

use omnipaxos::ballot_leader_election::Ballot;
use omnipaxos::storage::{StopSign, Storage, StorageOp, StorageResult};

use super::bug::Bug;
use crate::observation::Observation;
use crate::systems::omnipaxos::entry::Entry;
use crate::systems::omnipaxos::service_disk::ServiceDisk;
use crate::systems::omnipaxos::snapshot::LogSnapshot;
use crate::systems::omnipaxos::state_machine::StateMachine;

/// The disk as the library sees it.
pub(in crate::systems::omnipaxos) struct Shimmed<S: StateMachine> {
    disk: ServiceDisk<S>,
    /// The bug that is planted in it, if any is.
    bug: Option<Bug>,
}

impl<S: StateMachine> Shimmed<S> {
    /// Opens the disk for a new life, which may already lose something.
    ///
    /// # Panics
    /// When the disk refuses, as the library itself would.
    pub(in crate::systems::omnipaxos) fn open(
        disk: ServiceDisk<S>,
        planted: Option<Bug>,
        incarnation: u32,
    ) -> Self {
        let bug = planted.filter(|bug| bug.is_of_storage());
        let mut shimmed = Self { disk, bug };
        if incarnation > 1 && bug.is_some() {
            shimmed.reopen().expect("the disk must be readable");
        }
        shimmed
    }

    #[cold]
    fn reopen(&mut self) -> StorageResult<()> {
        let (op, deviates) = match self.bug {
            Some(Bug::LogTailLostAtRestart) => {
                let decided = self.disk.get_decided_idx()?;
                let last = self.disk.peek(|log| {
                    let (compacted, rest) = (log.get_compacted_idx()?, log.get_log_len()?);
                    StorageResult::Ok(compacted + rest)
                })?;
                let op = StorageOp::AppendOnPrefix(decided, Vec::new());
                (op, last > decided)
            }
            Some(Bug::DecidedIndexReset) => {
                let compacted = self.disk.get_compacted_idx()?;
                let decided = self.disk.peek(Storage::get_decided_idx)?;
                (StorageOp::SetDecidedIndex(compacted), decided > compacted)
            }
            _ => return Ok(()),
        };
        self.deviates_if(deviates);
        self.disk.write_atomically(vec![op])
    }

    /// The bug did what the correct code would not have done, if it did.
    fn deviates_if(&self, deviates: bool) {
        if deviates {
            self.disk.observe(Observation::Deviated);
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// The index of the last entry in the log.
    fn last(&self) -> StorageResult<usize> {
        Ok(self.disk.get_compacted_idx()? + self.disk.get_log_len()?)
    }

    /// What becomes of a write of these operations.
    #[cold]
    fn spoil(
        &self,
        bug: Bug,
        mut ops: Vec<StorageOp<Entry<S>>>,
    ) -> StorageResult<Vec<StorageOp<Entry<S>>>> {
        if bug.is_of_machine() {
            self.deviates_if(ops.iter().any(holds_wrong_state));
            return Ok(ops);
        }
        let last = self.last()?;
        let (many, mut deviates) = (ops.len(), false);
        let is_sync = ops
            .iter()
            .any(|op| matches!(op, StorageOp::SetAcceptedRound(_)));
        let compacts = ops.iter().any(|op| matches!(op, StorageOp::Trim(_)));
        match bug {
            Bug::AcceptedRoundNotPersisted => {
                ops.retain(|op| !matches!(op, StorageOp::SetAcceptedRound(_)));
            }
            Bug::DecidedIndexNotPersisted => {
                ops.retain(|op| !matches!(op, StorageOp::SetDecidedIndex(_)));
            }
            Bug::SyncAppends if !compacts => {
                for op in &mut ops {
                    if let StorageOp::AppendOnPrefix(from, entries) = op
                        && *from < last
                    {
                        deviates = true;
                        *op = StorageOp::AppendEntries(std::mem::take(entries));
                    }
                }
            }
            Bug::TrimBeyondDecided if !is_sync => {
                for op in &mut ops {
                    if let StorageOp::Trim(index) | StorageOp::SetCompactedIdx(index) = op {
                        deviates |= *index != last;
                        *index = last;
                    }
                }
            }
            Bug::SnapshotIndexOffByOne if !is_sync => {
                for op in &mut ops {
                    if let StorageOp::Trim(index) | StorageOp::SetCompactedIdx(index) = op {
                        deviates = true;
                        *index -= 1;
                    }
                }
            }
            _ => {}
        }
        self.deviates_if(deviates || ops.len() < many);
        Ok(ops)
    }
}

/// Whether a write stores a snapshot that was folded wrongly.
fn holds_wrong_state<S: StateMachine>(op: &StorageOp<Entry<S>>) -> bool {
    match op {
        StorageOp::SetSnapshot(snapshot) => snapshot.as_ref().is_some_and(LogSnapshot::is_wrong),
        _ => false,
    }
}

impl<S: StateMachine> Storage<Entry<S>> for Shimmed<S> {
    fn write_atomically(&mut self, ops: Vec<StorageOp<Entry<S>>>) -> StorageResult<()> {
        let ops = match self.bug {
            None => ops,
            Some(bug) => self.spoil(bug, ops)?,
        };
        self.disk.write_atomically(ops)
    }

    fn append_entry(&mut self, entry: Entry<S>) -> StorageResult<()> {
        self.disk.append_entry(entry)
    }

    fn append_entries(&mut self, entries: Vec<Entry<S>>) -> StorageResult<()> {
        self.disk.append_entries(entries)
    }

    fn append_on_prefix(&mut self, from_idx: usize, entries: Vec<Entry<S>>) -> StorageResult<()> {
        self.disk.append_on_prefix(from_idx, entries)
    }

    fn set_promise(&mut self, n_prom: Ballot) -> StorageResult<()> {
        if self.has(Bug::PromiseNotPersisted) {
            self.deviates_if(true);
            return Ok(());
        }
        self.disk.set_promise(n_prom)
    }

    fn set_decided_idx(&mut self, ld: usize) -> StorageResult<()> {
        if self.has(Bug::DecidedIndexNotPersisted) {
            self.deviates_if(true);
            return Ok(());
        }
        self.disk.set_decided_idx(ld)
    }

    fn get_decided_idx(&self) -> StorageResult<usize> {
        self.disk.get_decided_idx()
    }

    fn set_accepted_round(&mut self, na: Ballot) -> StorageResult<()> {
        self.disk.set_accepted_round(na)
    }

    fn get_accepted_round(&self) -> StorageResult<Option<Ballot>> {
        self.disk.get_accepted_round()
    }

    fn get_entries(&self, from: usize, to: usize) -> StorageResult<Vec<Entry<S>>> {
        self.disk.get_entries(from, to)
    }

    fn get_log_len(&self) -> StorageResult<usize> {
        self.disk.get_log_len()
    }

    fn get_suffix(&self, from: usize) -> StorageResult<Vec<Entry<S>>> {
        self.disk.get_suffix(from)
    }

    fn get_promise(&self) -> StorageResult<Option<Ballot>> {
        if self.has(Bug::PromiseForgottenAtRestart) {
            self.deviates_if(self.disk.peek(Storage::get_promise)?.is_some());
            return Ok(None);
        }
        self.disk.get_promise()
    }

    fn set_stopsign(&mut self, s: Option<StopSign>) -> StorageResult<()> {
        self.disk.set_stopsign(s)
    }

    fn get_stopsign(&self) -> StorageResult<Option<StopSign>> {
        self.disk.get_stopsign()
    }

    fn trim(&mut self, idx: usize) -> StorageResult<()> {
        self.disk.trim(idx)
    }

    fn set_compacted_idx(&mut self, idx: usize) -> StorageResult<()> {
        self.disk.set_compacted_idx(idx)
    }

    fn get_compacted_idx(&self) -> StorageResult<usize> {
        self.disk.get_compacted_idx()
    }

    fn set_snapshot(&mut self, snapshot: Option<LogSnapshot<S>>) -> StorageResult<()> {
        self.disk.set_snapshot(snapshot)
    }

    fn get_snapshot(&self) -> StorageResult<Option<LogSnapshot<S>>> {
        self.disk.get_snapshot()
    }
}
