//! OmniPaxos' storage on the simulated disk.
//!
//! The durable image is the library's own [`MemoryStorage`]; this handle stands
//! before it, sends every write through the [`Io`] gate, and reports it on the
//! tape. Beside the library's image it keeps the service's checkpoint, without
//! which a log must not be trimmed.

use std::cell::RefCell;
use std::rc::Rc;

use omnipaxos::ballot_leader_election::Ballot as PaxosBallot;
use omnipaxos::storage::{StopSign, Storage, StorageOp, StorageResult};
use omnipaxos_storage::memory_storage::MemoryStorage;

use super::image::{Image, copy};
use super::logged::Logged;
use crate::observation::{LogId, LogTape, Observation, Tape};
use crate::storage::{Disk, DiskError, DiskOptions, Durability, Io};

/// The handle that a replica gets; clones share one disk.
pub struct PaxosDisk<T: Logged, C> {
    io: Rc<Io>,
    tape: LogTape<T>,
    contract: Durability,
    image: Rc<RefCell<Image<T, C>>>,
}

impl<T: Logged, C> Clone for PaxosDisk<T, C> {
    fn clone(&self) -> Self {
        Self {
            io: Rc::clone(&self.io),
            tape: self.tape.clone(),
            contract: self.contract,
            image: Rc::clone(&self.image),
        }
    }
}

impl<T: Logged, C: Clone> Disk for PaxosDisk<T, C> {
    type Entry = T;

    fn create(options: &DiskOptions, io: Rc<Io>, tape: Rc<Tape<T>>) -> Self {
        Self::of_log(options, io, tape, LogId::FIRST)
    }

    fn crash(&self, choose: &mut dyn FnMut(u64) -> u64) {
        let mut image = self.image.borrow_mut();
        match self.contract {
            Durability::Durable => return,
            Durability::Amnesia => image.forget(),
            Durability::Unsynced => {
                let lost = choose(image.unsynced() as u64 + 1);
                image.lose(lost as usize);
            }
        }
        image.report(&self.tape);
    }

    fn unsynced(&self) -> u64 {
        self.image.borrow().unsynced() as u64
    }
}

impl<T: Logged, C: Clone> PaxosDisk<T, C> {
    /// An empty disk for one of several logs of a replica, which has a disk for each.
    pub fn of_log(options: &DiskOptions, io: Rc<Io>, tape: Rc<Tape<T>>, log: LogId) -> Self {
        Self {
            io,
            tape: LogTape::new(tape, log),
            contract: options.contract,
            image: Rc::new(RefCell::new(Image::new(options))),
        }
    }

    /// The service's checkpoint, if one was written.
    ///
    /// # Errors
    /// When an injected error strikes the read.
    pub fn checkpoint(&self) -> Result<Option<C>, DiskError> {
        self.io.read()?;
        Ok(self.image.borrow().checkpoint().cloned())
    }

    /// Replaces the checkpoint, all or nothing.
    ///
    /// # Errors
    /// When an injected error strikes the write.
    pub fn set_checkpoint(&self, checkpoint: C) -> Result<(), DiskError> {
        self.io.write(1, |_| {
            self.image.borrow_mut().set_checkpoint(checkpoint);
        })
    }

    /// Tells the checks of something that is done with the disk and that it cannot see itself.
    pub(crate) fn observe(&self, observation: Observation<T>) {
        self.tape.record(|| observation);
    }

    /// Looks at the log that is on the disk, past the gate: for what does not count as a read
    /// of the code under test.
    pub(crate) fn peek<R>(&self, look: impl FnOnce(&MemoryStorage<T>) -> R) -> R {
        look(self.image.borrow().log())
    }

    /// One whole write of `parts` parts: `perform` does as many as become durable.
    /// Where that is none, nothing changes, and there is nothing to report.
    #[inline]
    fn write(
        &self,
        parts: usize,
        perform: impl FnOnce(&mut Image<T, C>, usize, &LogTape<T>),
    ) -> StorageResult<()> {
        self.io.write(parts, |performed| {
            perform(&mut self.image.borrow_mut(), performed, &self.tape);
            if performed > 0 {
                self.tape.record(|| Observation::Written);
            }
        })?;
        Ok(())
    }

    /// One whole write of these operations, all or nothing.
    fn write_all(&self, ops: Vec<StorageOp<T>>) -> StorageResult<()> {
        self.write(1, |image, _, tape| {
            image.remember(|| ops.iter().map(copy).collect());
            for op in ops {
                image.perform(op, tape);
            }
        })
    }
}

impl<T: Logged, C: Clone> Storage<T> for PaxosDisk<T, C> {
    fn write_atomically(&mut self, ops: Vec<StorageOp<T>>) -> StorageResult<()> {
        self.write_all(ops)
    }

    fn append_entry(&mut self, entry: T) -> StorageResult<()> {
        self.write_all(vec![StorageOp::AppendEntry(entry)])
    }

    fn append_entries(&mut self, mut entries: Vec<T>) -> StorageResult<()> {
        self.write(entries.len(), |image, parts, tape| {
            entries.truncate(parts);
            image.remember(|| vec![StorageOp::AppendEntries(entries.clone())]);
            image.append(entries, tape);
        })
    }

    fn append_on_prefix(&mut self, from_idx: usize, mut entries: Vec<T>) -> StorageResult<()> {
        self.write(entries.len(), |image, parts, tape| {
            entries.truncate(parts);
            image.remember(|| vec![StorageOp::AppendOnPrefix(from_idx, entries.clone())]);
            image.perform(StorageOp::AppendOnPrefix(from_idx, entries), tape);
        })
    }

    fn set_promise(&mut self, n_prom: PaxosBallot) -> StorageResult<()> {
        self.write_all(vec![StorageOp::SetPromise(n_prom)])
    }

    fn set_decided_idx(&mut self, ld: usize) -> StorageResult<()> {
        self.write(1, |image, _, tape| {
            image.remember(|| vec![StorageOp::SetDecidedIndex(ld)]);
            image.decide(ld, tape);
        })
    }

    fn get_decided_idx(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log().get_decided_idx()
    }

    fn set_accepted_round(&mut self, na: PaxosBallot) -> StorageResult<()> {
        self.write_all(vec![StorageOp::SetAcceptedRound(na)])
    }

    fn get_accepted_round(&self) -> StorageResult<Option<PaxosBallot>> {
        self.io.read()?;
        self.image.borrow().log().get_accepted_round()
    }

    fn get_entries(&self, from: usize, to: usize) -> StorageResult<Vec<T>> {
        self.io.read()?;
        self.image.borrow().log().get_entries(from, to)
    }

    fn get_log_len(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log().get_log_len()
    }

    fn get_suffix(&self, from: usize) -> StorageResult<Vec<T>> {
        self.io.read()?;
        self.image.borrow().log().get_suffix(from)
    }

    fn get_promise(&self) -> StorageResult<Option<PaxosBallot>> {
        self.io.read()?;
        self.image.borrow().log().get_promise()
    }

    fn set_stopsign(&mut self, s: Option<StopSign>) -> StorageResult<()> {
        self.write_all(vec![StorageOp::SetStopsign(s)])
    }

    fn get_stopsign(&self) -> StorageResult<Option<StopSign>> {
        self.io.read()?;
        self.image.borrow().log().get_stopsign()
    }

    fn trim(&mut self, idx: usize) -> StorageResult<()> {
        self.write_all(vec![StorageOp::Trim(idx)])
    }

    fn set_compacted_idx(&mut self, idx: usize) -> StorageResult<()> {
        self.write_all(vec![StorageOp::SetCompactedIdx(idx)])
    }

    fn get_compacted_idx(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log().get_compacted_idx()
    }

    fn set_snapshot(&mut self, snapshot: Option<T::Snapshot>) -> StorageResult<()> {
        self.write_all(vec![StorageOp::SetSnapshot(snapshot)])
    }

    fn get_snapshot(&self) -> StorageResult<Option<T::Snapshot>> {
        self.io.read()?;
        self.image.borrow().log().get_snapshot()
    }
}
