//! Constraints as a graph: an order keeps them all if and only if there is no cycle.
//!
//! The first nodes are versions; the others stand for sets of versions, so that "all of these
//! come before that one" takes few edges.

use std::collections::VecDeque;

use crate::consistency::level::Guarantee;
use crate::report::Reason;
use crate::watch::Watch;

/// No operation.
pub(super) const NOBODY: u32 = u32::MAX;

/// How many versions of a cycle are tried as the start of a shorter one.
const STARTS_MAX: usize = 8;

/// Why one version comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Nothing was written before the initial value.
    Initial,
    /// What is in a set; says nothing by itself.
    Member,
    /// It had returned, or been read, before the other was called.
    RealTime,
    /// One client wrote both, one after the other.
    Program,
    /// A guarantee of a session.
    Session(Guarantee),
    /// It had returned longer ago than a read may be stale.
    Staleness,
}

/// One constraint: `from` comes before `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) why: Why,
    /// Operations that make it so.
    pub(super) ops: [u32; 2],
}

/// All constraints.
pub(super) struct Web {
    versions: u32,
    nodes: u32,
    edges: Vec<Edge>,
}

impl Web {
    /// No constraints on this many versions.
    pub(super) fn new(versions: usize) -> Web {
        let versions = u32::try_from(versions).expect("fewer than 2^32 versions");
        Web {
            versions,
            nodes: versions,
            edges: Vec::new(),
        }
    }

    /// Nodes for sets; the number of the first.
    pub(super) fn sets(&mut self, count: usize) -> u32 {
        let first = self.nodes;
        let count = u32::try_from(count).expect("fewer than 2^32 sets");
        self.nodes = first.checked_add(count).expect("fewer than 2^32 nodes");
        first
    }

    /// Adds a constraint.
    pub(super) fn order(&mut self, from: u32, to: u32, why: Why, ops: [u32; 2]) {
        debug_assert!(from != to, "nothing comes before itself");
        self.edges.push(Edge { from, to, why, ops });
    }

    /// Whether the node is a version.
    pub(super) fn is_version(&self, node: u32) -> bool {
        node < self.versions
    }

    /// Bytes in use, and as many again while the edges are sorted.
    pub(super) fn memory_bytes(&self) -> usize {
        self.edges.len() * 2 * size_of::<Edge>() + self.nodes as usize * 16
    }

    /// The edges of a short cycle, from a version on, if there is any cycle.
    ///
    /// # Errors
    ///
    /// When a limit is reached before it is known whether there is one.
    pub(super) fn cycle(mut self, watch: &mut Watch) -> Result<Option<Vec<Edge>>, Reason> {
        let starts = self.sort(watch)?;
        let Some(long) = self.any_cycle(&starts, watch)? else {
            return Ok(None);
        };
        let versions = long
            .iter()
            .map(|edge| edge.from)
            .filter(|node| self.is_version(*node));
        let shorter = versions
            .take(STARTS_MAX)
            // If time runs out now, there is a cycle all the same.
            .map_while(|start| self.cycle_through(&starts, start, watch).ok())
            .flatten()
            .min_by_key(Vec::len);
        Ok(Some(shorter.unwrap_or(long)))
    }

    /// Sorts the edges by where they start; tells where the edges of each node begin.
    fn sort(&mut self, watch: &mut Watch) -> Result<Vec<u32>, Reason> {
        let mut starts = vec![0_u32; self.nodes as usize + 1];
        for edge in &self.edges {
            starts[edge.from as usize + 1] += 1;
            watch.turn()?;
        }
        for node in 0..self.nodes as usize {
            starts[node + 1] += starts[node];
        }
        // In order of what is there, so that the same history gives the same explanation.
        let mut next = starts.clone();
        let mut sorted = self.edges.clone();
        for edge in &self.edges {
            let place = &mut next[edge.from as usize];
            sorted[*place as usize] = *edge;
            *place += 1;
            watch.turn()?;
        }
        self.edges = sorted;
        Ok(starts)
    }

    /// A cycle by depth-first search.
    fn any_cycle(&self, starts: &[u32], watch: &mut Watch) -> Result<Option<Vec<Edge>>, Reason> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Closed,
        }
        let mut marks = vec![Mark::New; self.nodes as usize];
        // The nodes that are open, each with the next edge to follow.
        let mut path: Vec<(u32, u32)> = Vec::new();
        for root in 0..self.nodes {
            if marks[root as usize] != Mark::New {
                continue;
            }
            marks[root as usize] = Mark::Open;
            path.push((root, starts[root as usize]));
            while let Some((node, next)) = path.last_mut() {
                watch.turn()?;
                if *next == starts[*node as usize + 1] {
                    marks[*node as usize] = Mark::Closed;
                    path.pop();
                    continue;
                }
                let edge = self.edges[*next as usize];
                *next += 1;
                match marks[edge.to as usize] {
                    Mark::Closed => {}
                    Mark::New => {
                        marks[edge.to as usize] = Mark::Open;
                        path.push((edge.to, starts[edge.to as usize]));
                    }
                    Mark::Open => {
                        let first = path.iter().position(|(node, _)| *node == edge.to);
                        let first = first.expect("an open node is on the path");
                        let taken = path[first..].iter();
                        let edges = taken.map(|(_, next)| self.edges[*next as usize - 1]);
                        return Ok(Some(edges.collect()));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The shortest cycle through a node.
    fn cycle_through(
        &self,
        starts: &[u32],
        start: u32,
        watch: &mut Watch,
    ) -> Result<Option<Vec<Edge>>, Reason> {
        let mut reached_by: Vec<Option<u32>> = vec![None; self.nodes as usize];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            watch.turn()?;
            for edge in starts[node as usize]..starts[node as usize + 1] {
                let to = self.edges[edge as usize].to;
                if reached_by[to as usize].is_none() {
                    reached_by[to as usize] = Some(edge);
                    queue.push_back(to);
                }
            }
            if reached_by[start as usize].is_some() {
                break;
            }
        }
        let mut cycle = Vec::new();
        let mut node = start;
        loop {
            let Some(edge) = reached_by[node as usize] else {
                return Ok(None);
            };
            let edge = self.edges[edge as usize];
            cycle.push(edge);
            node = edge.from;
            if node == start {
                cycle.reverse();
                return Ok(Some(cycle));
            }
        }
    }
}

#[cfg(test)]
impl Web {
    /// Whether the constraints put one node before another.
    pub(super) fn reaches(mut self, from: u32, to: u32) -> bool {
        let starts = self.sort(&mut Watch::unlimited()).expect("no limits");
        let mut is_reached = vec![false; self.nodes as usize];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for edge in starts[node as usize]..starts[node as usize + 1] {
                let next = self.edges[edge as usize].to;
                if !std::mem::replace(&mut is_reached[next as usize], true) {
                    open.push(next);
                }
            }
        }
        is_reached[to as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(nodes: usize, edges: &[(u32, u32)]) -> Web {
        let mut web = Web::new(nodes);
        for (from, to) in edges {
            web.order(*from, *to, Why::RealTime, [NOBODY; 2]);
        }
        web
    }

    #[test]
    fn a_cycle_is_found_and_the_shortest_of_its_kind_is_told() {
        let cycle = web(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (2, 1), (3, 4)])
            .cycle(&mut Watch::unlimited())
            .expect("no limits")
            .unwrap();
        let nodes: Vec<u32> = cycle.iter().map(|edge| edge.from).collect();
        assert_eq!(nodes, [1, 2]);
        assert_eq!(cycle[1].to, 1);
    }

    #[test]
    fn an_order_that_exists_has_no_cycle() {
        let edges: Vec<(u32, u32)> = (0..50)
            .flat_map(|from| (from + 1..50).map(move |to| (from, to)))
            .collect();
        let cycle = |web: Web| web.cycle(&mut Watch::unlimited()).expect("no limits");
        assert!(cycle(web(50, &edges)).is_none());
        assert!(cycle(web(0, &[])).is_none());
    }
}
