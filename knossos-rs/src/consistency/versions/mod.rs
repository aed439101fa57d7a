//! The levels below sequential consistency, where every written value is written once.
//!
//! Then a read tells which write it saw, its *version*, and a level comes down to constraints on
//! the order of the versions of each key: "this one comes before that one" ([`constraints`]).
//! All of them hold in some order if and only if they form no cycle ([`web`]). There are
//! `O(n)` constraints on sets of versions that are prefixes of lists sorted by time, so the
//! whole takes `O(n log n)` for monotonic reads, read your writes and bounded staleness, and
//! `O(n c log n)` with `c` clients for monotonic writes and writes follow reads.

mod constraints;
mod explain;
mod list;
mod web;

use crate::interner::Interner;
use crate::model::{Leaves, Model, OperationOf};
use crate::report::Reason;
use crate::watch::Watch;

pub(super) use explain::violation;

/// What a value was written by, or the value that every key starts with.
pub(super) struct Version {
    key: u32,
    /// `None`: the initial value, or one that nobody wrote.
    op: Option<u32>,
    client: u32,
    call: u64,
    /// `u64::MAX` if the outcome of the write is unknown, or nothing was written.
    ret: u64,
    is_initial: bool,
}

/// A read of known outcome.
pub(super) struct Read {
    op: u32,
    key: u32,
    client: u32,
    call: u64,
    ret: u64,
    version: u32,
}

/// The versions and reads of a history, as far as they can be told.
pub(super) struct Versions {
    versions: Vec<Version>,
    reads: Vec<Read>,
    clients: usize,
    keys: usize,
    /// Of each key, by number: whether its operations are blind writes of distinct values, and
    /// reads of one value each. Other keys have no versions and no reads here.
    pub(super) is_distinct: Vec<bool>,
}

/// The number of an operation's key.
pub(super) type Key = u32;

impl Versions {
    /// The versions among these operations, each given with the number of its key.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new<M: Model>(
        model: &M,
        history: &[OperationOf<M>],
        operations: &[(usize, Key)],
        watch: &mut Watch,
    ) -> Result<Versions, Reason> {
        let keys = operations
            .iter()
            .map(|(_, key)| *key as usize + 1)
            .max()
            .unwrap_or(0);
        let mut found = Finder {
            values: Interner::new(),
            clients: Interner::new(),
            versions: Vec::new(),
            reads: Vec::new(),
            is_distinct: vec![true; keys],
        };
        let mut firsts = vec![None; keys];
        for (index, key) in operations {
            firsts[*key as usize].get_or_insert(*index);
        }
        for (key, first) in (0..).zip(firsts) {
            // A key of none of them is never asked for.
            let initial = first.map_or_else(
                || model.initial(),
                |first: usize| model.initial_of(&history[first].input),
            );
            found.value(key, initial);
            found.versions[key as usize].is_initial = true;
        }
        for (index, key) in operations {
            found.operation(model, &history[*index], *index, *key);
            watch.turn()?;
        }
        watch.memory_bytes += found.values.memory_bytes()
            + found.versions.len() * size_of::<Version>()
            + found.reads.len() * size_of::<Read>();
        watch.look()?;
        let is_distinct = found.is_distinct;
        found.reads.retain(|read| is_distinct[read.key as usize]);
        Ok(Versions {
            versions: found.versions,
            reads: found.reads,
            clients: found.clients.len(),
            keys,
            is_distinct,
        })
    }

    /// Whether all keys are distinct.
    pub(super) fn are_complete(&self) -> bool {
        self.is_distinct.iter().all(|is_distinct| *is_distinct)
    }

    /// The versions that were written, of distinct keys, with their numbers.
    fn written(&self) -> impl Iterator<Item = (u32, &Version)> {
        let numbered = (0..).zip(&self.versions);
        numbered
            .filter(|(_, version)| version.op.is_some() && self.is_distinct[version.key as usize])
    }

    fn version(&self, number: u32) -> &Version {
        &self.versions[number as usize]
    }
}

/// Versions in the making.
struct Finder<S> {
    values: Interner<(Key, S)>,
    clients: Interner<u64>,
    versions: Vec<Version>,
    reads: Vec<Read>,
    is_distinct: Vec<bool>,
}

impl<S: Eq + std::hash::Hash> Finder<S> {
    fn value(&mut self, key: Key, value: S) -> u32 {
        let (number, is_new) = self.values.intern((key, value));
        if is_new {
            self.versions.push(Version {
                key,
                op: None,
                client: u32::MAX,
                call: 0,
                ret: u64::MAX,
                is_initial: false,
            });
        }
        number
    }

    fn operation<M>(&mut self, model: &M, operation: &OperationOf<M>, index: usize, key: Key)
    where
        M: Model<State = S>,
    {
        let op = u32::try_from(index).expect("fewer than 2^32 operations");
        let client = self.clients.intern(operation.client).0;
        let footprint = model.footprint(&operation.input, operation.output.as_ref());
        match (footprint.needs, footprint.leaves, operation.ret) {
            (None, Leaves::Always(value), ret) => {
                let number = self.value(key, value);
                let version = &mut self.versions[number as usize];
                if version.op.is_some() || version.is_initial {
                    self.is_distinct[key as usize] = false;
                }
                version.op = Some(op);
                version.client = client;
                version.call = operation.call;
                version.ret = ret.unwrap_or(u64::MAX);
            }
            (_, Leaves::Same, None) => {}
            (Some(value), Leaves::Same, Some(ret)) => {
                let version = self.value(key, value);
                self.reads.push(Read {
                    op,
                    key,
                    client,
                    call: operation.call,
                    ret,
                    version,
                });
            }
            _ => self.is_distinct[key as usize] = false,
        }
    }
}
