//! What a level demands of the order of versions.

use std::collections::BTreeMap;

use super::list::{Entry, List};
use super::web::{Edge, NOBODY, Web, Why};
use super::{Read, Versions};
use crate::consistency::order::rules::nanoseconds;
use crate::consistency::{Consistency, Guarantee, WriteOrder};

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
/// # Panics
///
/// When the level is linearizable or sequential: these say more than an order of versions.
pub(super) fn conflict(versions: &Versions, level: Consistency) -> Option<Conflict> {
    let is_nowhere = |read: &&Read| {
        let version = versions.version(read.version);
        version.op.is_none() && !version.is_initial
    };
    if let Some(read) = versions.reads.iter().find(is_nowhere) {
        return Some(Conflict::FromNowhere(read.op));
    }
    let mut weaver = Weaver {
        versions,
        web: Web::new(versions.versions.len()),
    };
    for (number, version) in versions.written() {
        // The initial version of a key has the key's number.
        weaver
            .web
            .order(version.key, number, Why::Initial, [NOBODY; 2]);
    }
    let direct = match level {
        Consistency::Session(guarantee, order) => weaver
            .write_order(order)
            .or_else(|| weaver.session(guarantee)),
        Consistency::BoundedStaleness(bound) => {
            let early = weaver.write_order(WriteOrder::RealTime);
            weaver.staleness(nanoseconds(bound));
            early
        }
        Consistency::Linearizable | Consistency::Sequential => {
            panic!("{level:?} says more than an order of versions")
        }
    };
    direct.or_else(|| weaver.web.cycle().map(Conflict::Cycle))
}

struct Weaver<'a> {
    versions: &'a Versions,
    web: Web,
}

impl Weaver<'_> {
    fn write_order(&mut self, order: WriteOrder) -> Option<Conflict> {
        match order {
            WriteOrder::Program => {
                let mut lists = self.writes_by_client();
                for (number, version) in self.versions.written() {
                    let list = lists.get_mut(&(version.client, version.key));
                    let list = list.into_iter();
                    for list in list {
                        let ops = [version.op.unwrap_or(NOBODY), NOBODY];
                        list.precede(version.call, number, Why::Program, ops, &mut self.web);
                    }
                }
                None
            }
            WriteOrder::RealTime => self.real_time(),
        }
    }

    /// What had returned or been read before another write was called comes before it.
    fn real_time(&mut self) -> Option<Conflict> {
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
                return Some(Conflict::Direct(Why::RealTime, vec![write, read.op]));
            }
            entries[read.key as usize].push(Entry {
                time: read.ret,
                version: read.version,
                op: read.op,
            });
        }
        let mut lists: Vec<List> = entries
            .into_iter()
            .map(|entries| List::new(entries, &mut self.web))
            .collect();
        for (number, version) in self.versions.written() {
            let ops = [version.op.expect("it was written"), NOBODY];
            let list = &mut lists[version.key as usize];
            list.precede(version.call, number, Why::RealTime, ops, &mut self.web);
        }
        None
    }

    fn session(&mut self, guarantee: Guarantee) -> Option<Conflict> {
        let why = Why::Session(guarantee);
        match guarantee {
            Guarantee::MonotonicReads => {
                let mut lists = self.reads_by_client();
                self.reads_follow(&mut lists, why);
                None
            }
            Guarantee::ReadYourWrites => {
                let mut lists = self.writes_by_client();
                self.reads_follow(&mut lists, why);
                None
            }
            Guarantee::MonotonicWrites => {
                let mut lists = self.writes_by_client();
                self.observers(&mut lists, why)
            }
            Guarantee::WritesFollowReads => {
                let mut lists = self.reads_by_client();
                self.writes_follow(&mut lists, why)
                    .or_else(|| self.observers(&mut lists, why))
            }
        }
    }

    /// A read sees no older version than those that its client's list has before it.
    fn reads_follow(&mut self, lists: &mut Lists, why: Why) {
        for read in &self.versions.reads {
            if let Some(list) = lists.get_mut(&(read.client, read.key)) {
                let ops = [read.op, NOBODY];
                list.precede(read.call, read.version, why, ops, &mut self.web);
            }
        }
    }

    /// A write comes after what its client had read of the key.
    fn writes_follow(&mut self, lists: &mut Lists, why: Why) -> Option<Conflict> {
        for (number, write) in self.versions.written() {
            let Some(list) = lists.get_mut(&(write.client, write.key)) else {
                continue;
            };
            let op = write.op.expect("it was written");
            if let Some(early) = list.find(number, write.call) {
                return Some(Conflict::Direct(why, vec![early.op, op]));
            }
            list.precede(write.call, number, why, [op, NOBODY], &mut self.web);
        }
        None
    }

    /// A client that has read a write does not find afterwards that something is missing which
    /// the writer's list has before that write; nor, of the same key, that this is the newest.
    fn observers(&mut self, lists: &mut Lists, why: Why) -> Option<Conflict> {
        let versions = self.versions;
        let mut by_client: Vec<Vec<&Read>> = vec![Vec::new(); versions.clients];
        for read in &versions.reads {
            by_client[read.client as usize].push(read);
        }
        for reads in &mut by_client {
            reads.sort_by_key(|read| (read.call, read.op));
            let mut returned = reads.clone();
            returned.sort_by_key(|read| (read.ret, read.op));
            let mut returned = returned.into_iter().peekable();
            let mut seen = Seen::default();
            for read in reads {
                while let Some(earlier) = returned.next_if(|earlier| earlier.ret < read.call) {
                    seen.note(versions, earlier);
                }
                if let Some(conflict) = self.observe(read, &seen, lists, why) {
                    return Some(conflict);
                }
            }
        }
        None
    }

    /// What one read has to respect after what its client has seen.
    fn observe(
        &mut self,
        read: &Read,
        seen: &Seen,
        lists: &mut Lists,
        why: Why,
    ) -> Option<Conflict> {
        for (writer, sight) in &seen.writers {
            let Some(list) = lists.get_mut(&(*writer, read.key)) else {
                continue;
            };
            let of_key = seen.keys.get(&(*writer, read.key));
            if let Some(of_key) = of_key
                && !self.versions.version(read.version).is_initial
                && let Some(entry) = list.find(read.version, of_key.call)
            {
                return Some(Conflict::Direct(
                    why,
                    vec![entry.op, of_key.write, of_key.read, read.op],
                ));
            }
            let ops = [read.op, sight.read];
            list.precede(sight.call, read.version, why, ops, &mut self.web);
        }
        None
    }

    /// A read sees no older version than the writes that returned longer ago than the bound.
    fn staleness(&mut self, bound: u64) {
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
        let mut lists: Vec<List> = entries
            .into_iter()
            .map(|entries| List::new(entries, &mut self.web))
            .collect();
        for read in &self.versions.reads {
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
    }

    /// What each client wrote and when that returned.
    fn writes_by_client(&mut self) -> Lists {
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
    fn reads_by_client(&mut self) -> Lists {
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

    fn lists(&mut self, entries: BTreeMap<(u32, u32), Vec<Entry>>) -> Lists {
        let woven = entries
            .into_iter()
            .map(|(of, entries)| (of, List::new(entries, &mut self.web)));
        woven.collect()
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
