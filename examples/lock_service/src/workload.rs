//! What the clients of the lock service do.

use std::collections::BTreeSet;

use omnisim::client::{Chooser, KeyChooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;

use crate::command::{Answer, Ask, Command};

/// How often, in parts per million, a client asks for what it believes to be
/// pointless: a lock that it holds, or the release of one that it does not.
const POINTLESS_PPM: u32 = 100_000;

/// One client: it acquires locks, gives them back, and asks who holds them.
#[derive(Debug)]
pub struct LockWorkload {
    client: ClientId,
    locks: u64,
    keys: KeyChooser,
    /// The locks that it believes to hold.
    mine: BTreeSet<String>,
}

impl LockWorkload {
    fn command(&self, lock: u64, ask: impl FnOnce(bool) -> Ask) -> Command {
        let lock = format!("lock{lock}");
        let ask = ask(self.mine.contains(&lock));
        Command {
            lock,
            client: self.client,
            ask,
        }
    }
}

impl Workload for LockWorkload {
    type Command = Command;
    type Output = Answer;

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        Self {
            client,
            locks: options.keys.count,
            keys: KeyChooser::new(options.keys),
            mine: BTreeSet::new(),
        }
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Command {
        let lock = self.keys.choose(chooser);
        self.command(lock, |is_mine| {
            if read {
                Ask::Holder
            } else if is_mine != chooser.chance(POINTLESS_PPM) {
                Ask::Release
            } else {
                Ask::Acquire
            }
        })
    }

    const OPERATIONS: &'static [&'static str] = &["acquire", "release", "holder"];

    fn named(&mut self, name: &str, chooser: &mut Chooser<'_>) -> Command {
        let lock = self.keys.choose(chooser);
        self.command(lock, |_| match name {
            "acquire" => Ask::Acquire,
            "release" => Ask::Release,
            _ => Ask::Holder,
        })
    }

    /// Something that changes the state, if anything does.
    fn probe(&mut self, number: u64) -> Command {
        self.command(number % self.locks, |is_mine| {
            if is_mine { Ask::Release } else { Ask::Acquire }
        })
    }

    /// Learns what it holds, even when the answer to its acquire was lost.
    fn completed(&mut self, command: &Command, answer: &Answer) {
        let is_mine = match answer {
            Answer::Granted => true,
            Answer::Released | Answer::NotYours => false,
            Answer::HeldBy(holder) => *holder == Some(self.client),
        };
        if is_mine {
            self.mine.insert(command.lock.clone());
        } else {
            self.mine.remove(&command.lock);
        }
    }
}
