//! A disk with its gate and its tape, and what the tape says of it.

use std::rc::Rc;

use omnipaxos::ballot_leader_election::Ballot as PaxosBallot;
use omnipaxos::storage::{Entry, Snapshot, Storage};
use serde::{Deserialize, Serialize};

use crate::observation::{Chain, Ledger, Tape};
use crate::replica::{Outcome, guarded};
use crate::storage::*;
use crate::systems::omnipaxos::{Folded, Logged, PaxosDisk};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letter(pub(super) u64);

/// A snapshot that is nothing but the chain of what it folds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Summary(pub(super) Chain);

impl Entry for Letter {
    type Snapshot = Summary;
}

impl Snapshot<Letter> for Summary {
    fn create(_: &[Letter]) -> Self {
        unreachable!("these tests make their own snapshots")
    }

    fn merge(&mut self, _: Self) {
        unreachable!("these tests make their own snapshots")
    }

    fn use_snapshots() -> bool {
        true
    }
}

impl Logged for Letter {
    fn digest(&self) -> u64 {
        self.0
    }

    fn folded(snapshot: &Summary) -> Folded {
        Folded {
            chain: snapshot.0,
            state: None,
        }
    }
}

/// A disk with what it left on its tape, rebuilt.
pub(super) struct Bench {
    pub(super) io: Rc<Io>,
    pub(super) tape: Rc<Tape<Letter>>,
    pub(super) disk: PaxosDisk<Letter, u64>,
    pub(super) ledger: Ledger,
}

impl Bench {
    pub(super) fn new(contract: Durability, unsynced_writes: u32) -> Self {
        let (io, tape) = (Rc::new(Io::default()), Rc::new(Tape::default()));
        let options = DiskOptions {
            contract,
            unsynced_writes,
            ..DiskOptions::default()
        };
        Self {
            disk: PaxosDisk::create(&options, Rc::clone(&io), Rc::clone(&tape)),
            io,
            tape,
            ledger: Ledger::default(),
        }
    }

    pub(super) fn durable() -> Self {
        Self::new(Durability::Durable, 0)
    }

    pub(super) fn arm(&self, point: CrashPoint, tear: u64) {
        self.io.arm(Fuse {
            writes: 1,
            point,
            tear,
        });
    }

    /// One handler, as the replica's guard runs it.
    pub(super) fn handler(
        &mut self,
        handler: impl FnOnce(&mut PaxosDisk<Letter, u64>),
    ) -> Outcome<()> {
        self.io.begin_handler();
        let outcome = guarded(|| handler(&mut self.disk));
        self.read_tape();
        outcome
    }

    pub(super) fn read_tape(&mut self) {
        let ledger = &mut self.ledger;
        self.tape.show(|observations| {
            for (_, observation) in observations {
                ledger.observe(observation);
            }
        });
    }

    pub(super) fn crash(&mut self, lost: u64) {
        self.disk.crash(&mut |bound| lost.min(bound - 1));
        self.read_tape();
    }

    pub(super) fn letters(&self) -> Vec<Letter> {
        held(&self.disk).entries
    }
}

pub(super) fn letters(letters: &[u64]) -> Vec<Letter> {
    letters.iter().copied().map(Letter).collect()
}

pub(super) fn ballot(n: u32) -> PaxosBallot {
    PaxosBallot {
        n,
        pid: 1,
        ..PaxosBallot::default()
    }
}

/// Everything that can be read from a storage.
#[derive(Debug, PartialEq)]
pub(super) struct Held {
    pub(super) promise: Option<PaxosBallot>,
    pub(super) round: Option<PaxosBallot>,
    pub(super) decided: usize,
    pub(super) compacted: usize,
    pub(super) entries: Vec<Letter>,
    pub(super) snapshot: Option<Summary>,
}

pub(super) fn held(storage: &impl Storage<Letter>) -> Held {
    let compacted = storage.get_compacted_idx().unwrap();
    Held {
        promise: storage.get_promise().unwrap(),
        round: storage.get_accepted_round().unwrap(),
        decided: storage.get_decided_idx().unwrap(),
        compacted,
        entries: storage.get_suffix(compacted).unwrap(),
        snapshot: storage.get_snapshot().unwrap(),
    }
}
