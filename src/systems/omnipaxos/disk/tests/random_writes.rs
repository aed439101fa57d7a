//! Random writes: the disk is the library's own storage, its tape tells the same,
//! and an unsynced disk holds what some prefix of the writes left.

use omnipaxos::storage::{Storage, StorageOp};
use omnipaxos_storage::memory_storage::MemoryStorage;
use proptest::prelude::*;
use proptest::sample::Index;

use super::bench::{Bench, Letter, Summary, ballot, held, letters};
use crate::observation::{Ballot, Chain};
use crate::storage::Durability;
use crate::systems::omnipaxos::PaxosDisk;

/// One write, its places relative to what the log then holds.
#[derive(Clone, Debug)]
enum Deed {
    Append(Vec<u64>),
    Overwrite(Index, Vec<u64>),
    Promise(u32),
    Round(u32),
    Decide(Index),
    Trim(Index),
    /// A snapshot of a prefix of the log.
    Fold(Index),
    /// A snapshot from elsewhere: some of our log, then so many other entries.
    Install(Index, Vec<u64>, Vec<u64>),
}

fn deed() -> impl Strategy<Value = Deed> {
    let some = || prop::collection::vec(any::<u64>(), 0..5);
    prop_oneof![
        4 => some().prop_map(Deed::Append),
        2 => (any::<Index>(), some()).prop_map(|(from, letters)| Deed::Overwrite(from, letters)),
        1 => any::<u32>().prop_map(Deed::Promise),
        1 => any::<u32>().prop_map(Deed::Round),
        1 => any::<Index>().prop_map(Deed::Decide),
        1 => any::<Index>().prop_map(Deed::Trim),
        1 => any::<Index>().prop_map(Deed::Fold),
        1 => (any::<Index>(), some(), some()).prop_map(|(from, folded, suffix)| Deed::Install(from, folded, suffix)),
    ]
}

/// The library's own storage, and every chain digest of the log that it stands for.
#[derive(Clone)]
struct Reference {
    storage: MemoryStorage<Letter>,
    chains: Vec<Chain>,
    compacted: usize,
}

impl Reference {
    fn new() -> Self {
        Self {
            storage: MemoryStorage::default(),
            chains: vec![Chain::default()],
            compacted: 0,
        }
    }

    fn len(&self) -> usize {
        self.chains.len() - 1
    }

    /// A place between what is compacted and the end.
    fn place(&self, index: Index) -> usize {
        self.compacted + index.index(self.len() - self.compacted + 1)
    }

    fn append(&mut self, entries: &[u64]) {
        for entry in entries {
            self.chains.push(self.chains[self.len()].with(*entry));
        }
    }

    fn fold(&mut self, to: usize) -> Vec<StorageOp<Letter>> {
        let snapshot = StorageOp::SetSnapshot(Some(Summary(self.chains[to])));
        let mut ops = self.trim(to);
        ops.push(snapshot);
        ops
    }

    fn trim(&mut self, to: usize) -> Vec<StorageOp<Letter>> {
        self.compacted = to;
        vec![StorageOp::Trim(to), StorageOp::SetCompactedIdx(to)]
    }

    /// The operations of a deed, as the library groups them.
    fn ops(&mut self, deed: &Deed) -> Vec<StorageOp<Letter>> {
        match deed {
            Deed::Append(entries) => {
                self.append(entries);
                vec![StorageOp::AppendEntries(letters(entries))]
            }
            Deed::Overwrite(from, entries) => {
                let from = self.place(*from);
                self.chains.truncate(from + 1);
                self.append(entries);
                vec![StorageOp::AppendOnPrefix(from, letters(entries))]
            }
            Deed::Promise(n) => vec![StorageOp::SetPromise(ballot(*n))],
            Deed::Round(n) => vec![StorageOp::SetAcceptedRound(ballot(*n))],
            Deed::Decide(to) => vec![StorageOp::SetDecidedIndex(self.place(*to))],
            Deed::Trim(to) => self.trim(self.place(*to)),
            Deed::Fold(to) => self.fold(self.place(*to)),
            Deed::Install(from, folded, suffix) => {
                self.chains.truncate(self.place(*from) + 1);
                self.append(folded);
                let mut ops = self.fold(self.len());
                ops.push(StorageOp::AppendOnPrefix(self.len(), letters(suffix)));
                self.append(suffix);
                ops
            }
        }
    }

    fn perform(&mut self, deed: &Deed, disk: &mut PaxosDisk<Letter, u64>) {
        // The library's operations cannot be cloned, but made twice alike.
        let ops = self.clone().ops(deed);
        disk.write_atomically(ops).unwrap();
        let ops = self.ops(deed);
        self.storage.write_atomically(ops).unwrap();
    }
}

/// Whether the tape tells what the reference holds.
fn told(bench: &Bench, reference: &Reference, base_is_known: bool) -> Result<(), TestCaseError> {
    let (ledger, on_disk) = (&bench.ledger, held(&bench.disk));
    let as_observed = |ballot: Option<omnipaxos::ballot_leader_election::Ballot>| {
        ballot.map_or_else(Ballot::default, |ballot| Ballot {
            number: ballot.n,
            priority: ballot.priority,
            replica: ballot.pid,
        })
    };
    prop_assert_eq!(ledger.promise, as_observed(on_disk.promise));
    prop_assert_eq!(ledger.accepted_round, as_observed(on_disk.round));
    prop_assert_eq!(ledger.decided, on_disk.decided as u64);
    prop_assert_eq!(ledger.compacted(), reference.compacted as u64);
    prop_assert_eq!(ledger.last(), reference.len() as u64);
    for chain in &reference.chains[reference.compacted..] {
        let digest = ledger.digest_at(chain.index);
        if base_is_known || digest.is_some() {
            prop_assert_eq!(digest, Some(chain.digest), "D({})", chain.index);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_tape_tells_exactly_what_the_library_would_hold(deeds in prop::collection::vec(deed(), 0..40)) {
        let (mut bench, mut reference) = (Bench::durable(), Reference::new());
        for deed in &deeds {
            bench.handler(|disk| reference.perform(deed, disk));
            prop_assert_eq!(held(&bench.disk), held(&reference.storage));
            told(&bench, &reference, true)?;
        }
    }

    #[test]
    fn what_an_unsynced_disk_keeps_is_what_a_prefix_of_the_writes_left(
        deeds in prop::collection::vec(deed(), 0..40),
        most in 0u32..20,
        lost in 0u64..25,
    ) {
        let mut bench = Bench::new(Durability::Unsynced, most);
        let mut states = vec![Reference::new()];
        for deed in &deeds {
            let mut reference = states.last().expect("the empty one").clone();
            bench.handler(|disk| reference.perform(deed, disk));
            states.push(reference);
        }
        bench.crash(lost);
        let lost = lost.min(u64::from(most)).min(deeds.len() as u64) as usize;
        let left = &states[deeds.len() - lost];
        prop_assert_eq!(held(&bench.disk), held(&left.storage));
        told(&bench, left, left.compacted == 0)?;
    }
}
