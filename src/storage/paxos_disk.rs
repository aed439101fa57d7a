//! OmniPaxos' storage on the simulated disk.
//!
//! The durable image is the library's own [`MemoryStorage`]; this handle stands
//! before it, sends every write through the [`Io`] gate, and reports it on the
//! tape. Beside the library's image it keeps the service's checkpoint, without
//! which a log must not be trimmed.

use std::cell::RefCell;
use std::rc::Rc;

use omnipaxos::ballot_leader_election::Ballot as PaxosBallot;
use omnipaxos::storage::{Entry, StopSign, Storage, StorageOp, StorageResult};

use super::image::Image;
use super::{Disk, DiskError, DiskOptions, Durability, Io};
use crate::observation::{Chain, Observation, Tape};

/// A log entry that knows the digest of its content.
pub trait Logged: Entry {
    /// The digest of its content.
    fn digest(&self) -> u64;

    /// What the snapshot of this entry type folds, if the type has snapshots.
    fn folded(snapshot: &Self::Snapshot) -> Folded;
}

/// What a snapshot or checkpoint says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// How many entries it folds, and their chain digest.
    pub chain: Chain,
    /// The digest of its state, where it is a state.
    pub state: Option<u64>,
}

/// The handle that a replica gets; clones share one disk.
pub struct PaxosDisk<T: Logged, C> {
    io: Rc<Io>,
    tape: Rc<Tape<T>>,
    contract: Durability,
    image: Rc<RefCell<Image<T, C>>>,
}

impl<T: Logged, C> Clone for PaxosDisk<T, C> {
    fn clone(&self) -> Self {
        Self {
            io: Rc::clone(&self.io),
            tape: Rc::clone(&self.tape),
            contract: self.contract,
            image: Rc::clone(&self.image),
        }
    }
}

impl<T: Logged, C: Clone> Disk for PaxosDisk<T, C> {
    type Entry = T;

    fn create(options: &DiskOptions, io: Rc<Io>, tape: Rc<Tape<T>>) -> Self {
        Self {
            io,
            tape,
            contract: options.contract,
            image: Rc::new(RefCell::new(Image::new(options))),
        }
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
}

impl<T: Logged, C: Clone> PaxosDisk<T, C> {
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

    /// One plain write of a single storage operation with `parts` parts.
    #[inline]
    fn plain(&self, parts: usize, op: StorageOp<T>) -> StorageResult<()> {
        self.io.write(parts, |performed| {
            let op = if performed == parts {
                op
            } else {
                first_parts(op, performed)
            };
            let image = &mut *self.image.borrow_mut();
            image.remember(std::slice::from_ref(&op));
            image.perform(op, &self.tape);
            self.tape.record(Observation::Written);
        })?;
        Ok(())
    }
}

/// The operation as far as it became durable.
fn first_parts<T: Logged>(op: StorageOp<T>, parts: usize) -> StorageOp<T> {
    match op {
        StorageOp::AppendEntries(mut entries) => {
            entries.truncate(parts);
            StorageOp::AppendEntries(entries)
        }
        StorageOp::AppendOnPrefix(from, mut entries) => {
            entries.truncate(parts);
            StorageOp::AppendOnPrefix(from, entries)
        }
        whole => whole,
    }
}

impl<T: Logged, C: Clone> Storage<T> for PaxosDisk<T, C> {
    fn write_atomically(&mut self, ops: Vec<StorageOp<T>>) -> StorageResult<()> {
        self.io.write(1, |_| {
            let image = &mut *self.image.borrow_mut();
            image.remember(&ops);
            for op in ops {
                image.perform(op, &self.tape);
            }
            self.tape.record(Observation::Written);
        })?;
        Ok(())
    }

    fn append_entry(&mut self, entry: T) -> StorageResult<()> {
        self.plain(1, StorageOp::AppendEntry(entry))
    }

    fn append_entries(&mut self, entries: Vec<T>) -> StorageResult<()> {
        self.plain(entries.len(), StorageOp::AppendEntries(entries))
    }

    fn append_on_prefix(&mut self, from_idx: usize, entries: Vec<T>) -> StorageResult<()> {
        self.plain(entries.len(), StorageOp::AppendOnPrefix(from_idx, entries))
    }

    fn set_promise(&mut self, n_prom: PaxosBallot) -> StorageResult<()> {
        self.plain(1, StorageOp::SetPromise(n_prom))
    }

    fn set_decided_idx(&mut self, ld: usize) -> StorageResult<()> {
        self.plain(1, StorageOp::SetDecidedIndex(ld))
    }

    fn get_decided_idx(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log().get_decided_idx()
    }

    fn set_accepted_round(&mut self, na: PaxosBallot) -> StorageResult<()> {
        self.plain(1, StorageOp::SetAcceptedRound(na))
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
        self.plain(1, StorageOp::SetStopsign(s))
    }

    fn get_stopsign(&self) -> StorageResult<Option<StopSign>> {
        self.io.read()?;
        self.image.borrow().log().get_stopsign()
    }

    fn trim(&mut self, idx: usize) -> StorageResult<()> {
        self.plain(1, StorageOp::Trim(idx))
    }

    fn set_compacted_idx(&mut self, idx: usize) -> StorageResult<()> {
        self.plain(1, StorageOp::SetCompactedIdx(idx))
    }

    fn get_compacted_idx(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log().get_compacted_idx()
    }

    fn set_snapshot(&mut self, snapshot: Option<T::Snapshot>) -> StorageResult<()> {
        self.plain(1, StorageOp::SetSnapshot(snapshot))
    }

    fn get_snapshot(&self) -> StorageResult<Option<T::Snapshot>> {
        self.io.read()?;
        self.image.borrow().log().get_snapshot()
    }
}
