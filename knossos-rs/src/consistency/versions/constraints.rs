//! What a level demands of the order of versions.

use std::collections::BTreeMap;

use super::list::{Entry, List};
use super::web::{Edge, NOBODY, Web, Why};
use super::{Read, Versions};
use crate::consistency::level::{Consistency, Guarantee, WriteOrder};
use crate::consistency::order::rules::nanoseconds;
use crate::report::Reason;
use crate::watch::Watch;

/// Why the constraints of a level cannot be kept.
pub(super) enum Conflict {
    /// This read saw what nobody wrote.
    FromNowhere(u32),
    /// These operations, of which the last is a read or write, show it by themselves.
    Direct(Why, Vec<u32>),
    /// Constraints that go in a circle.
    Cycle(Vec<Edge>),
}

/// Lists of versions, each of a client and a key.
type Lists = BTreeMap<(u32, u32), List>;

/// Decides whether the level holds for the keys whose values are distinct.
///
/// # Errors
///
/// When a limit is reached.
///
/// # Panics
///
/// When the level is linearizable or sequential: these say more than an order of versions.
pub(super) fn conflict(versions: &Versions, level: Consistency, watch: &mut Watch) -> Found {
    let is_nowhere = |read: &&Read| {
        let version = versions.version(read.version);
        version.op.is_none() && !version.is_initial
    };
    if let Some(read) = versions.reads.iter().find(is_nowhere) {
        return Ok(Some(Conflict::FromNowhere(read.op)));
    }
    let elsewhere_bytes = watch.memory_bytes;
    let mut weaver = Weaver {
        versions,
        web: Web::new(versions.versions.len()),
        watch,
        elsewhere_bytes,
    };
    for (number, version) in versions.written() {
        // The initial version of a key has the key's number.
        weaver
            .web
            .order(version.key, number, Why::Initial, [NOBODY; 2]);
        weaver.turn()?;
    }
    let direct = match level {
        Consistency::Session(guarantee, order) => match weaver.write_order(order)? {
            None => weaver.session(guarantee)?,
            found => found,
        },
        Consistency::BoundedStaleness(bound) => match weaver.write_order(WriteOrder::RealTime)? {
            None => weaver.staleness(nanoseconds(bound))?,
            found => found,
        },
        Consistency::Linearizable | Consistency::Sequential => {
            panic!("{level:?} says more than an order of versions")
        }
    };
    if direct.is_some() {
        return Ok(direct);
    }
    Ok(weaver.web.cycle(weaver.watch)?.map(Conflict::Cycle))
}

/// A conflict if there is one, unless a limit is reached.
type Found = Result<Option<Conflict>, Reason>;

struct Weaver<'a, 'watch, 'meter> {
    versions: &'a Versions,
    web: Web,
    watch: &'watch mut Watch<'meter>,
    /// Bytes in use by others.
    elsewhere_bytes: usize,
}

impl Weaver<'_, '_, '_> {
    /// Counts a turn, with what the web takes by now.
    fn turn(&mut self) -> Result<(), Reason> {
        self.watch.memory_bytes = self.elsewhere_bytes + self.web.memory_bytes();
        self.watch.turn()
    }

    fn write_order(&mut self, order: WriteOrder) -> Found {
        match order {
            WriteOrder::Program => {
                let mut lists = self.writes_by_client()?;
                for (number, version) in self.versions.written() {
                    self.turn()?;
                    let list = lists.get_mut(&(version.client, version.key));
                    let list = list.into_iter();
                    for list in list {
                        let ops = [version.op.unwrap_or(NOBODY), NOBODY];
                        list.precede(version.call, number, Why::Program, ops, &mut self.web);
                    }
                }
                Ok(None)
            }
            WriteOrder::RealTime => self.real_time(),
        }
    }

    /// What had returned or been read before another write was called comes before it.
    fn real_time(&mut self) -> Found {
        let mut entries: Vec<Vec<Entry>> = vec![Vec::new(); self.versions.keys];
        for (version, write) in self.versions.written() {
            if write.ret != u64::MAX {
                entries[write.key as usize].push(Entry {
                    time: write.ret,
                    version,
                    op: write.op.expect("it was written"),
                });
            }
        }
        for read in &self.versions.reads {
            let version = self.versions.version(read.version);
            if let Some(write) = version.op
                && read.ret < version.call
            {
                return Ok(Some(Conflict::Direct(Why::RealTime, vec![write, read.op])));
            }
            self.turn()?;
            entries[read.key as usize].push(Entry {
                time: read.ret,
                version: read.version,
                op: read.op,
            });
        }
        let mut lists = self.lists_of(entries)?;
        for (number, version) in self.versions.written() {
            self.turn()?;
            let ops = [version.op.expect("it was written"), NOBODY];
            let list = &mut lists[version.key as usize];
            list.precede(version.call, number, Why::RealTime, ops, &mut self.web);
        }
        Ok(None)
    }

    fn session(&mut self, guarantee: Guarantee) -> Found {
        let why = Why::Session(guarantee);
        match guarantee {
            Guarantee::MonotonicReads => {
                let mut lists = self.reads_by_client()?;
                self.reads_follow(&mut lists, why)
            }
            Guarantee::ReadYourWrites => {
                let mut lists = self.writes_by_client()?;
                self.reads_follow(&mut lists, why)
            }
            Guarantee::MonotonicWrites => {
                let mut lists = self.writes_by_client()?;
                self.observers(&mut lists, why)
            }
            Guarantee::WritesFollowReads => {
                let mut lists = self.reads_by_client()?;
                match self.writes_follow(&mut lists, why)? {
                    None => self.observers(&mut lists, why),
                    found => Ok(found),
                }
            }
        }
    }

    /// A read sees no older version than those that its client's list has before it.
    fn reads_follow(&mut self, lists: &mut Lists, why: Why) -> Found {
        for read in &self.versions.reads {
            self.turn()?;
            if let Some(list) = lists.get_mut(&(read.client, read.key)) {
                let ops = [read.op, NOBODY];
                list.precede(read.call, read.version, why, ops, &mut self.web);
            }
        }
        Ok(None)
    }

    /// A write comes after what its client had read of the key.
    fn writes_follow(&mut self, lists: &mut Lists, why: Why) -> Found {
        for (number, write) in self.versions.written() {
            self.turn()?;
            let Some(list) = lists.get_mut(&(write.client, write.key)) else {
                continue;
            };
            let op = write.op.expect("it was written");
            if let Some(early) = list.find(number, write.call) {
                return Ok(Some(Conflict::Direct(why, vec![early.op, op])));
            }
            list.precede(write.call, number, why, [op, NOBODY], &mut self.web);
        }
        Ok(None)
    }

    /// A client that has read a write does not find afterwards that something is missing which
    /// the writer's list has before that write; nor, of the same key, that this is the newest.
    fn observers(&mut self, lists: &mut Lists, why: Why) -> Found {
        let versions = self.versions;
        let mut by_client: Vec<Vec<&Read>> = vec![Vec::new(); versions.clients];
        for read in &versions.reads {
            by_client[read.client as usize].push(read);
            self.turn()?;
        }
        for reads in &mut by_client {
            self.watch.sort_by_key(reads, |read| (read.call, read.op))?;
            let mut returned = reads.clone();
            let by_return = |read: &&Read| (read.ret, read.op);
            self.watch.sort_by_key(&mut returned, by_return)?;
            let mut returned = returned.into_iter().peekable();
            let mut seen = Seen::default();
            for read in reads {
                while let Some(earlier) = returned.next_if(|earlier| earlier.ret < read.call) {
                    seen.note(versions, earlier);
                }
                let found = self.observe(read, &seen, lists, why)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    /// What one read has to respect after what its client has seen.
    fn observe(&mut self, read: &Read, seen: &Seen, lists: &mut Lists, why: Why) -> Found {
        for (writer, sight) in &seen.writers {
            self.turn()?;
            let Some(list) = lists.get_mut(&(*writer, read.key)) else {
                continue;
            };
            let of_key = seen.keys.get(&(*writer, read.key));
            if let Some(of_key) = of_key
                && !self.versions.version(read.version).is_initial
                && let Some(entry) = list.find(read.version, of_key.call)
            {
                let ops = vec![entry.op, of_key.write, of_key.read, read.op];
                return Ok(Some(Conflict::Direct(why, ops)));
            }
            let ops = [read.op, sight.read];
            list.precede(sight.call, read.version, why, ops, &mut self.web);
        }
        Ok(None)
    }

    /// A read sees no older version than the writes that returned longer ago than the bound.
    fn staleness(&mut self, bound: u64) -> Found {
        let mut entries: Vec<Vec<Entry>> = vec![Vec::new(); self.versions.keys];
        for (version, write) in self.versions.written() {
            if write.ret != u64::MAX {
                entries[write.key as usize].push(Entry {
                    time: write.ret,
                    version,
                    op: write.op.expect("it was written"),
                });
            }
        }
        let mut lists = self.lists_of(entries)?;
        for read in &self.versions.reads {
            self.turn()?;
            let before = read.call.saturating_sub(bound);
            let list = &mut lists[read.key as usize];
            list.precede(
                before,
                read.version,
                Why::Staleness,
                [read.op, NOBODY],
                &mut self.web,
            );
        }
        Ok(None)
    }

    /// What each client wrote and when that returned.
    fn writes_by_client(&mut self) -> Result<Lists, Reason> {
        let mut entries: BTreeMap<(u32, u32), Vec<Entry>> = BTreeMap::new();
        for (version, write) in self.versions.written() {
            if write.ret != u64::MAX {
                entries
                    .entry((write.client, write.key))
                    .or_default()
                    .push(Entry {
                        time: write.ret,
                        version,
                        op: write.op.expect("it was written"),
                    });
            }
        }
        self.lists(entries)
    }

    /// What each client read first when.
    fn reads_by_client(&mut self) -> Result<Lists, Reason> {
        let mut entries: BTreeMap<(u32, u32), Vec<Entry>> = BTreeMap::new();
        for read in &self.versions.reads {
            entries
                .entry((read.client, read.key))
                .or_default()
                .push(Entry {
                    time: read.ret,
                    version: read.version,
                    op: read.op,
                });
        }
        self.lists(entries)
    }

    fn lists(&mut self, entries: BTreeMap<(u32, u32), Vec<Entry>>) -> Result<Lists, Reason> {
        let (of, entries): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        Ok(of.into_iter().zip(self.lists_of(entries)?).collect())
    }

    fn lists_of(&mut self, entries: Vec<Vec<Entry>>) -> Result<Vec<List>, Reason> {
        let mut lists = Vec::with_capacity(entries.len());
        for entries in entries {
            lists.push(List::new(entries, &mut self.web, self.watch)?);
            self.turn()?;
        }
        Ok(lists)
    }
}

/// The latest write, by its call, that a client has seen of each writer.
#[derive(Default)]
struct Seen {
    writers: BTreeMap<u32, Sight>,
    /// Of each writer and key.
    keys: BTreeMap<(u32, u32), Sight>,
}

#[derive(Clone, Copy)]
struct Sight {
    call: u64,
    write: u32,
    read: u32,
}

impl Seen {
    fn note(&mut self, versions: &Versions, read: &Read) {
        let version = versions.version(read.version);
        let Some(write) = version.op else { return };
        let sight = Sight {
            call: version.call,
            write,
            read: read.op,
        };
        for latest in [
            self.writers.entry(version.client).or_insert(sight),
            self.keys
                .entry((version.client, version.key))
                .or_insert(sight),
        ] {
            if latest.call < sight.call {
                *latest = sight;
            }
        }
    }
}
