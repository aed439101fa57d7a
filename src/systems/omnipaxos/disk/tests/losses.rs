//! What each durability leaves after a crash between handlers.

use omnipaxos::storage::Storage;
use omnipaxos_storage::memory_storage::MemoryStorage;

use super::bench::{Bench, Letter, ballot, held, letters};
use crate::observation::Ballot;
use crate::storage::Durability;

#[test]
fn a_durable_disk_keeps_every_write_that_returned() {
    let mut bench = Bench::durable();
    bench.handler(|disk| {
        disk.set_promise(ballot(2)).unwrap();
        disk.append_entries(letters(&[1, 2, 3])).unwrap();
        disk.set_checkpoint(7).unwrap();
    });
    let before = held(&bench.disk);
    bench.crash(u64::MAX);
    assert_eq!(held(&bench.disk), before);
    assert_eq!(bench.disk.checkpoint().unwrap(), Some(7));
    assert!(bench.tape.is_empty(), "nothing was lost, nothing is said");
}

#[test]
fn amnesia_leaves_an_empty_disk_and_says_so() {
    let mut bench = Bench::new(Durability::Amnesia, 0);
    bench.handler(|disk| {
        disk.set_promise(ballot(2)).unwrap();
        disk.append_entries(letters(&[1, 2, 3])).unwrap();
        disk.set_checkpoint(7).unwrap();
    });
    assert_eq!(bench.ledger.last(), 3);
    bench.crash(0);
    assert_eq!(held(&bench.disk), held(&MemoryStorage::default()));
    assert_eq!(bench.disk.checkpoint().unwrap(), None);
    assert_eq!(
        (bench.ledger.last(), bench.ledger.promise),
        (0, Ballot::default())
    );
}

#[test]
fn an_unsynced_disk_loses_no_more_than_its_last_writes() {
    let mut bench = Bench::new(Durability::Unsynced, 2);
    bench.handler(|disk| {
        for letter in 1..=5 {
            disk.append_entry(Letter(letter)).unwrap();
        }
    });
    bench.crash(u64::MAX);
    assert_eq!(
        bench.letters(),
        letters(&[1, 2, 3]),
        "only two writes were pending"
    );
}

#[test]
fn an_unsynced_checkpoint_is_lost_in_its_turn() {
    for (lost, checkpoint, length) in [(0, Some(7), 2), (1, Some(7), 1), (2, None, 1), (3, None, 0)]
    {
        let mut bench = Bench::new(Durability::Unsynced, 10);
        bench.handler(|disk| {
            disk.append_entry(Letter(1)).unwrap();
            disk.set_checkpoint(7).unwrap();
            disk.append_entry(Letter(2)).unwrap();
        });
        bench.crash(lost);
        assert_eq!(
            (bench.disk.checkpoint().unwrap(), bench.letters().len()),
            (checkpoint, length)
        );
    }
}
