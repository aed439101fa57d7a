//! What is on an OmniPaxos replica's disk: the library's own memory storage as
//! the durable image, the service's checkpoint, and, on a disk that is never
//! synced, the journal of what a crash may take away.

use omnipaxos::ballot_leader_election::Ballot as PaxosBallot;
use omnipaxos::storage::{Storage, StorageOp};
use omnipaxos_storage::memory_storage::MemoryStorage;

use super::logged::{Folded, Logged};
use crate::observation::{Ballot, Chain, LogTape, Observation};
use crate::storage::{DiskOptions, Durability, Journal};

/// What is on the disk.
pub(super) struct Image<T: Logged, C> {
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

fn ballot(ballot: PaxosBallot) -> Ballot {
    Ballot {
        number: ballot.n,
        priority: ballot.priority,
        replica: ballot.pid,
    }
}

pub(super) fn copy<T: Logged>(op: &StorageOp<T>) -> StorageOp<T> {
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
    /// An empty disk.
    pub(super) fn new(options: &DiskOptions) -> Self {
        let journal = (options.contract == Durability::Unsynced).then(|| {
            let empty = Saved {
                log: MemoryStorage::default(),
                checkpoint: None,
            };
            Box::new(Journal::new(empty, options.unsynced_writes as usize))
        });
        Self {
            log: MemoryStorage::default(),
            trimmed: 0,
            len: 0,
            checkpoint: None,
            journal,
        }
    }

    pub(super) fn log(&self) -> &MemoryStorage<T> {
        &self.log
    }

    pub(super) fn checkpoint(&self) -> Option<&C> {
        self.checkpoint.as_ref()
    }

    pub(super) fn set_checkpoint(&mut self, checkpoint: C) {
        if let Some(journal) = &mut self.journal {
            journal.push(Write::Checkpoint(checkpoint.clone()), Saved::apply);
        }
        self.checkpoint = Some(checkpoint);
    }

    /// Keeps a write that a crash may take away.
    #[inline]
    pub(super) fn remember(&mut self, ops: impl FnOnce() -> Vec<StorageOp<T>>) {
        if let Some(journal) = &mut self.journal {
            journal.push(Write::Log(ops()), Saved::apply);
        }
    }

    /// Everything is gone.
    pub(super) fn forget(&mut self) {
        self.log = MemoryStorage::default();
        self.checkpoint = None;
        self.measure();
    }

    /// How many writes a crash can take away.
    pub(super) fn unsynced(&self) -> usize {
        self.journal.as_ref().map_or(0, |journal| journal.pending())
    }

    /// The last `lost` writes are gone.
    pub(super) fn lose(&mut self, lost: usize) {
        if let Some(journal) = &mut self.journal {
            let saved = journal.crash(lost, Saved::apply);
            self.log = saved.log;
            self.checkpoint = saved.checkpoint;
        }
        self.measure();
    }

    /// Appends entries and reports them.
    #[inline]
    pub(super) fn append(&mut self, entries: Vec<T>, tape: &LogTape<T>) {
        report_entries(&entries, tape);
        self.len += entries.len();
        let done = self.log.append_entries(entries);
        done.expect("the library's memory storage never fails");
    }

    /// Sets the decided index and reports it.
    #[inline]
    pub(super) fn decide(&mut self, to: usize, tape: &LogTape<T>) {
        tape.record(|| Observation::Decided { to: to as u64 });
        let done = self.log.set_decided_idx(to);
        done.expect("the library's memory storage never fails");
    }

    /// Does one operation and reports it.
    pub(super) fn perform(&mut self, op: StorageOp<T>, tape: &LogTape<T>) {
        let done = match op {
            StorageOp::AppendEntry(entry) => {
                report_entries(std::slice::from_ref(&entry), tape);
                self.len += 1;
                self.log.append_entry(entry)
            }
            StorageOp::AppendEntries(entries) => return self.append(entries, tape),
            StorageOp::AppendOnPrefix(from, entries) => {
                tape.record(|| Observation::Truncated { to: from as u64 });
                report_entries(&entries, tape);
                self.len = from + entries.len();
                self.log.append_on_prefix(from, entries)
            }
            StorageOp::SetPromise(promise) => {
                tape.record(|| Observation::Promise(ballot(promise)));
                self.log.set_promise(promise)
            }
            StorageOp::SetDecidedIndex(to) => return self.decide(to, tape),
            StorageOp::SetAcceptedRound(round) => {
                tape.record(|| Observation::AcceptedRound(ballot(round)));
                self.log.set_accepted_round(round)
            }
            StorageOp::Trim(to) => {
                tape.record(|| Observation::Trimmed { to: to as u64 });
                self.trimmed = to;
                self.len = self.len.max(to);
                self.log.trim(to)
            }
            StorageOp::SetSnapshot(snapshot) => {
                if let Some(snapshot) = &snapshot {
                    let Folded { chain, state } = T::folded(snapshot);
                    tape.record(|| Observation::SnapshotStored {
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
    pub(super) fn report(&self, tape: &LogTape<T>) {
        let read = "the library's memory storage never fails";
        let snapshot = self.log.get_snapshot().expect(read);
        let folded = snapshot.as_ref().map(T::folded);
        let chain = folded.map_or_else(Chain::default, |folded| folded.chain);
        tape.record(|| Observation::Lost {
            compacted: self.trimmed as u64,
            chain: (chain.index == self.trimmed as u64).then_some(chain.digest),
        });
        report_entries(
            &self.log.get_entries(self.trimmed, self.len).expect(read),
            tape,
        );
        if let Some(promise) = self.log.get_promise().expect(read) {
            tape.record(|| Observation::Promise(ballot(promise)));
        }
        if let Some(round) = self.log.get_accepted_round().expect(read) {
            tape.record(|| Observation::AcceptedRound(ballot(round)));
        }
        tape.record(|| Observation::Decided {
            to: self.log.get_decided_idx().expect(read) as u64,
        });
        tape.record(|| Observation::Written);
    }
}

fn report_entries<T: Logged>(entries: &[T], tape: &LogTape<T>) {
    for entry in entries {
        tape.record(|| Observation::Appended {
            digest: entry.digest(),
        });
    }
}
