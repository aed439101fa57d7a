//! Why a level does not hold, in terms of operations.

use super::constraints::{Conflict, conflict};
use super::web::{Edge, NOBODY, Web, Why};
use super::{Key, Versions};
use crate::anomaly::Anomaly;
use crate::consistency::excerpt::{EXCERPT_MAX, sentence};
use crate::consistency::level::{Consistency, Guarantee};
use crate::model::{Model, OperationOf};
use crate::report::{Reason, Violation};
use crate::sorting::sort_by_key;
use crate::watch::Watch;

/// A step of a cycle: one version comes before another.
struct Hop {
    from: u32,
    /// The operation that makes the first version count.
    first: u32,
    why: Why,
    /// The operation that the second version has to do with, and perhaps what it rests on.
    ops: [u32; 2],
    to: u32,
}

/// The violation of the level by the keys with distinct values, if there is one.
///
/// # Errors
///
/// When a limit is reached before that is known.
pub(in crate::consistency) fn violation<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    operations: &[(usize, Key)],
    versions: &Versions,
    level: Consistency,
    watch: &mut Watch,
) -> Result<Option<Violation>, Reason> {
    let Some(conflict) = conflict(versions, level, watch)? else {
        return Ok(None);
    };
    let teller = Teller {
        model,
        history,
        versions,
    };
    let anomaly = match &conflict {
        Conflict::FromNowhere(_) => Anomaly::NeverWritten,
        Conflict::Direct(Why::RealTime, _) => Anomaly::FromTheFuture,
        Conflict::Direct(..) | Conflict::Cycle(_) => Anomaly::Other,
    };
    let (mut excerpt, message) = match conflict {
        Conflict::FromNowhere(read) => (
            vec![read],
            format!("{}: nobody wrote that", teller.of(read)),
        ),
        Conflict::Direct(why, ops) => {
            let message = teller.direct(why, &ops);
            (ops, message)
        }
        Conflict::Cycle(edges) => teller.cycle(&edges, versions),
    };
    sort_by_key(&mut excerpt, &|op| (history[*op as usize].call, *op));
    excerpt.dedup();
    let excerpt_suffices = excerpt.len() <= EXCERPT_MAX && {
        let kept = |(index, _): &&(usize, Key)| excerpt.contains(&(*index as u32));
        let kept: Vec<_> = operations.iter().filter(kept).copied().collect();
        // So few need no limit.
        let mut few = Watch::unlimited();
        let kept = Versions::new(model, history, &kept, &mut few)?;
        super::constraints::conflict(&kept, level, &mut few)?.is_some()
    };
    excerpt.truncate(EXCERPT_MAX);
    let excerpt: Vec<usize> = excerpt.into_iter().map(|op| op as usize).collect();
    let mut keys: Vec<_> = excerpt
        .iter()
        .map(|index| model.partition(&history[*index].input))
        .collect();
    keys.dedup();
    let partition = keys.first().filter(|_| keys.len() == 1).copied().flatten();
    Ok(Some(Violation {
        partition: partition.map(str::to_owned),
        anomaly,
        core: if excerpt_suffices {
            excerpt.clone()
        } else {
            Vec::new()
        },
        excerpt,
        excerpt_suffices,
        message,
        ..Violation::default()
    }))
}

struct Teller<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    versions: &'a Versions,
}

impl<M: Model> Teller<'_, M> {
    fn of(&self, op: u32) -> String {
        sentence(self.model, self.history, op as usize)
    }

    fn version(&self, version: u32) -> String {
        match self.versions.version(version).op {
            None => "the initial value".to_owned(),
            Some(op) => {
                let operation = &self.history[op as usize];
                self.model
                    .describe(&operation.input, operation.output.as_ref())
            }
        }
    }

    fn direct(&self, why: Why, ops: &[u32]) -> String {
        match (why, ops) {
            (Why::RealTime, [write, read]) => {
                format!(
                    "{} returned before {} was called",
                    self.of(*read),
                    self.of(*write)
                )
            }
            (Why::Session(_), [read, write]) => {
                format!(
                    "{} had seen what came of {} later",
                    self.of(*read),
                    self.of(*write)
                )
            }
            (_, [first, write, early, late]) => format!(
                "{} shows as newest what came before {}, although the same client had seen that \
                 one in {} (what came before it: {})",
                self.of(*late),
                self.of(*write),
                self.of(*early),
                self.of(*first),
            ),
            _ => ops
                .iter()
                .map(|op| self.of(*op))
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    /// The operations of a cycle and what to say of it.
    fn cycle(&self, edges: &[Edge], versions: &Versions) -> (Vec<u32>, String) {
        let web = Web::new(versions.versions.len());
        let mut ops = Vec::new();
        let mut parts = Vec::new();
        for hop in hops(edges, &web) {
            ops.extend(versions.version(hop.from).op);
            ops.extend(
                [hop.first, hop.ops[0], hop.ops[1]]
                    .iter()
                    .filter(|op| **op != NOBODY),
            );
            // What a client had seen before is there for the sake of who wrote it.
            for op in hop.ops {
                let read = versions.reads.iter().find(|read| read.op == op);
                ops.extend(read.and_then(|read| versions.version(read.version).op));
            }
            parts.extend(self.hop(&hop));
        }
        let message = format!("no order of the writes fits: {}", parts.join("; but "));
        (ops, message)
    }

    fn hop(&self, hop: &Hop) -> Option<String> {
        let (from, to) = (self.version(hop.from), self.version(hop.to));
        let last = || self.of(hop.ops[0]);
        let first = || self.of(hop.first);
        Some(match hop.why {
            Why::Initial | Why::Member => return None,
            Why::RealTime => {
                format!(
                    "{from} comes before {to}, since {} had returned when that was called",
                    first()
                )
            }
            Why::Program => format!("{from} comes before {to}, which the same client wrote later"),
            Why::Staleness => format!(
                "{from} comes before {to}, since {} began longer than the bound after it returned",
                last()
            ),
            Why::Session(Guarantee::MonotonicReads) => {
                format!(
                    "{from} comes before {to}, since {} was followed by {}",
                    first(),
                    last()
                )
            }
            Why::Session(Guarantee::ReadYourWrites) => {
                format!(
                    "{from} comes before {to}, since its own client then saw {}",
                    last()
                )
            }
            Why::Session(Guarantee::MonotonicWrites | Guarantee::WritesFollowReads)
                if hop.ops[1] != NOBODY =>
            {
                format!(
                    "{from} comes before {to}, since {} already showed a write that follows it, \
                     and then came {}",
                    self.of(hop.ops[1]),
                    last()
                )
            }
            Why::Session(_) => {
                format!(
                    "{from} comes before {to}, since its client had seen {}",
                    first()
                )
            }
        })
    }
}

/// The steps of a cycle from version to version; it starts at one.
fn hops(edges: &[Edge], web: &Web) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    for edge in edges {
        if web.is_version(edge.from) {
            hops.push(Hop {
                from: edge.from,
                first: NOBODY,
                why: edge.why,
                ops: [NOBODY; 2],
                to: edge.to,
            });
        }
        let hop = hops.last_mut().expect("a cycle starts at a version");
        if edge.why == Why::Member {
            if edge.ops[0] != NOBODY {
                hop.first = edge.ops[0];
            }
        } else {
            hop.why = edge.why;
            hop.ops = edge.ops;
        }
        hop.to = edge.to;
    }
    hops
}
