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
use omnipaxos_storage::memory_storage::MemoryStorage;

use super::unsynced::Journal;
use super::{Disk, DiskError, DiskOptions, Durability, Io};
use crate::observation::{Ballot, Chain, Observation, Tape};

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

/// What is on the disk.
struct Image<T: Logged, C> {
    log: MemoryStorage<T>,
    /// How far the log was decided, trimmed and filled, which the library's
    /// image does not tell cheaply.
    trimmed: usize,
    len: usize,
    checkpoint: Option<C>,
    journal: Option<Box<LogJournal<T, C>>>,
}

type LogJournal<T, C> = Journal<Saved<T, C>, Write<T, C>>;

#[derive(Clone)]
struct Saved<T: Logged, C> {
    log: MemoryStorage<T>,
    checkpoint: Option<C>,
}

/// One whole write.
enum Write<T: Logged, C> {
    Log(Vec<StorageOp<T>>),
    Checkpoint(C),
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

fn ballot(ballot: PaxosBallot) -> Ballot {
    Ballot {
        number: ballot.n,
        priority: ballot.priority,
        replica: ballot.pid,
    }
}

impl<T: Logged, C: Clone> Disk for PaxosDisk<T, C> {
    type Entry = T;

    fn create(options: &DiskOptions, io: Rc<Io>, tape: Rc<Tape<T>>) -> Self {
        let journal = (options.contract == Durability::Unsynced).then(|| {
            let empty = Saved {
                log: MemoryStorage::default(),
                checkpoint: None,
            };
            Box::new(Journal::new(empty, options.unsynced_writes as usize))
        });
        Self {
            io,
            tape,
            contract: options.contract,
            image: Rc::new(RefCell::new(Image {
                log: MemoryStorage::default(),
                trimmed: 0,
                len: 0,
                checkpoint: None,
                journal,
            })),
        }
    }

    fn crash(&self, choose: &mut dyn FnMut(u64) -> u64) {
        let mut image = self.image.borrow_mut();
        match self.contract {
            Durability::Durable => return,
            Durability::Amnesia => {
                image.log = MemoryStorage::default();
                image.checkpoint = None;
            }
            Durability::Unsynced => {
                let journal = image
                    .journal
                    .as_mut()
                    .expect("an unsynced disk keeps a journal");
                let lost = choose(journal.pending() as u64 + 1) as usize;
                let saved = journal.crash(lost, Saved::apply);
                image.log = saved.log;
                image.checkpoint = saved.checkpoint;
            }
        }
        image.measure();
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
        Ok(self.image.borrow().checkpoint.clone())
    }

    /// Replaces the checkpoint, all or nothing.
    ///
    /// # Errors
    /// When an injected error strikes the write.
    pub fn set_checkpoint(&self, checkpoint: C) -> Result<(), DiskError> {
        self.io.write(1, |_| {
            let image = &mut *self.image.borrow_mut();
            image.checkpoint = Some(checkpoint.clone());
            image.remember(|| Write::Checkpoint(checkpoint));
        })
    }

    /// One plain write of a single storage operation with `parts` parts.
    #[inline]
    fn plain(&self, parts: usize, op: StorageOp<T>) -> StorageResult<()> {
        self.io.write(parts, |parts| {
            let op = first_parts(op, parts);
            let image = &mut *self.image.borrow_mut();
            image.remember(|| Write::Log(vec![copy(&op)]));
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

fn copy<T: Logged>(op: &StorageOp<T>) -> StorageOp<T> {
    match op {
        StorageOp::AppendEntry(entry) => StorageOp::AppendEntry(entry.clone()),
        StorageOp::AppendEntries(entries) => StorageOp::AppendEntries(entries.clone()),
        StorageOp::AppendOnPrefix(from, entries) => {
            StorageOp::AppendOnPrefix(*from, entries.clone())
        }
        StorageOp::SetPromise(ballot) => StorageOp::SetPromise(*ballot),
        StorageOp::SetDecidedIndex(index) => StorageOp::SetDecidedIndex(*index),
        StorageOp::SetAcceptedRound(ballot) => StorageOp::SetAcceptedRound(*ballot),
        StorageOp::SetCompactedIdx(index) => StorageOp::SetCompactedIdx(*index),
        StorageOp::Trim(index) => StorageOp::Trim(*index),
        StorageOp::SetStopsign(stopsign) => StorageOp::SetStopsign(stopsign.clone()),
        StorageOp::SetSnapshot(snapshot) => StorageOp::SetSnapshot(snapshot.clone()),
    }
}

impl<T: Logged, C> Saved<T, C> {
    fn apply(&mut self, write: Write<T, C>) {
        match write {
            Write::Log(ops) => self
                .log
                .write_atomically(ops)
                .expect("the library's memory storage never fails"),
            Write::Checkpoint(checkpoint) => self.checkpoint = Some(checkpoint),
        }
    }
}

impl<T: Logged, C: Clone> Image<T, C> {
    #[inline]
    fn remember(&mut self, write: impl FnOnce() -> Write<T, C>) {
        if let Some(journal) = &mut self.journal {
            journal.push(write(), Saved::apply);
        }
    }

    /// Does one operation and reports it.
    #[inline]
    fn perform(&mut self, op: StorageOp<T>, tape: &Tape<T>) {
        let done = match op {
            StorageOp::AppendEntry(entry) => {
                report_entries(std::slice::from_ref(&entry), tape);
                self.len += 1;
                self.log.append_entry(entry)
            }
            StorageOp::AppendEntries(entries) => {
                report_entries(&entries, tape);
                self.len += entries.len();
                self.log.append_entries(entries)
            }
            StorageOp::AppendOnPrefix(from, entries) => {
                tape.record(Observation::Truncated { to: from as u64 });
                report_entries(&entries, tape);
                self.len = from + entries.len();
                self.log.append_on_prefix(from, entries)
            }
            StorageOp::SetPromise(promise) => {
                tape.record(Observation::Promise(ballot(promise)));
                self.log.set_promise(promise)
            }
            StorageOp::SetDecidedIndex(to) => {
                tape.record(Observation::Decided { to: to as u64 });
                self.log.set_decided_idx(to)
            }
            StorageOp::SetAcceptedRound(round) => {
                tape.record(Observation::AcceptedRound(ballot(round)));
                self.log.set_accepted_round(round)
            }
            StorageOp::Trim(to) => {
                tape.record(Observation::Trimmed { to: to as u64 });
                self.trimmed = to;
                self.len = self.len.max(to);
                self.log.trim(to)
            }
            StorageOp::SetSnapshot(snapshot) => {
                if let Some(snapshot) = &snapshot {
                    let Folded { chain, state } = T::folded(snapshot);
                    tape.record(Observation::SnapshotStored {
                        count: chain.index,
                        chain: chain.digest,
                        state,
                    });
                }
                self.log.set_snapshot(snapshot)
            }
            StorageOp::SetCompactedIdx(index) => self.log.set_compacted_idx(index),
            StorageOp::SetStopsign(stopsign) => self.log.set_stopsign(stopsign),
        };
        done.expect("the library's memory storage never fails");
    }

    /// Finds the ends of the log again after it was replaced.
    fn measure(&mut self) {
        let read = "the library's memory storage never fails";
        self.trimmed = self.log.get_compacted_idx().expect(read);
        self.len = self.trimmed + self.log.get_log_len().expect(read);
    }

    /// Reports everything that the disk holds, after a crash that lost some.
    fn report(&self, tape: &Tape<T>) {
        let read = "the library's memory storage never fails";
        let snapshot = self.log.get_snapshot().expect(read);
        let folded = snapshot.as_ref().map(T::folded);
        let chain = folded.map_or_else(Chain::default, |folded| folded.chain);
        tape.record(Observation::Lost {
            compacted: self.trimmed as u64,
            chain: (chain.index == self.trimmed as u64).then_some(chain.digest),
        });
        report_entries(
            &self.log.get_entries(self.trimmed, self.len).expect(read),
            tape,
        );
        if let Some(promise) = self.log.get_promise().expect(read) {
            tape.record(Observation::Promise(ballot(promise)));
        }
        if let Some(round) = self.log.get_accepted_round().expect(read) {
            tape.record(Observation::AcceptedRound(ballot(round)));
        }
        tape.record(Observation::Decided {
            to: self.log.get_decided_idx().expect(read) as u64,
        });
        tape.record(Observation::Written);
    }
}

fn report_entries<T: Logged>(entries: &[T], tape: &Tape<T>) {
    for entry in entries {
        tape.record(Observation::Appended {
            digest: entry.digest(),
        });
    }
}

impl<T: Logged, C: Clone> Storage<T> for PaxosDisk<T, C> {
    fn write_atomically(&mut self, ops: Vec<StorageOp<T>>) -> StorageResult<()> {
        self.io.write(1, |_| {
            let image = &mut *self.image.borrow_mut();
            image.remember(|| Write::Log(ops.iter().map(copy).collect()));
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
        self.image.borrow().log.get_decided_idx()
    }

    fn set_accepted_round(&mut self, na: PaxosBallot) -> StorageResult<()> {
        self.plain(1, StorageOp::SetAcceptedRound(na))
    }

    fn get_accepted_round(&self) -> StorageResult<Option<PaxosBallot>> {
        self.io.read()?;
        self.image.borrow().log.get_accepted_round()
    }

    fn get_entries(&self, from: usize, to: usize) -> StorageResult<Vec<T>> {
        self.io.read()?;
        self.image.borrow().log.get_entries(from, to)
    }

    fn get_log_len(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log.get_log_len()
    }

    fn get_suffix(&self, from: usize) -> StorageResult<Vec<T>> {
        self.io.read()?;
        self.image.borrow().log.get_suffix(from)
    }

    fn get_promise(&self) -> StorageResult<Option<PaxosBallot>> {
        self.io.read()?;
        self.image.borrow().log.get_promise()
    }

    fn set_stopsign(&mut self, s: Option<StopSign>) -> StorageResult<()> {
        self.plain(1, StorageOp::SetStopsign(s))
    }

    fn get_stopsign(&self) -> StorageResult<Option<StopSign>> {
        self.io.read()?;
        self.image.borrow().log.get_stopsign()
    }

    fn trim(&mut self, idx: usize) -> StorageResult<()> {
        self.plain(1, StorageOp::Trim(idx))
    }

    fn set_compacted_idx(&mut self, idx: usize) -> StorageResult<()> {
        self.plain(1, StorageOp::SetCompactedIdx(idx))
    }

    fn get_compacted_idx(&self) -> StorageResult<usize> {
        self.io.read()?;
        self.image.borrow().log.get_compacted_idx()
    }

    fn set_snapshot(&mut self, snapshot: Option<T::Snapshot>) -> StorageResult<()> {
        self.plain(1, StorageOp::SetSnapshot(snapshot))
    }

    fn get_snapshot(&self) -> StorageResult<Option<T::Snapshot>> {
        self.io.read()?;
        self.image.borrow().log.get_snapshot()
    }
}
