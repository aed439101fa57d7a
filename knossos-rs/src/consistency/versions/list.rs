//! Versions of one key, sorted by time: what a constraint takes a prefix of.

use super::web::{NOBODY, Web, Why};
use crate::report::Reason;
use crate::watch::Watch;

/// How many members of a set get an edge each rather than a tree of sets.
const FEW: usize = 16;

/// One version of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) time: u64,
    pub(super) version: u32,
    /// The operation that puts it here.
    pub(super) op: u32,
}

/// Distinct versions by time, woven into a web. Member `j` has the node `first + 2 * j`, and
/// the set of the members up to `j` the node after it.
pub(super) struct List {
    entries: Vec<Entry>,
    /// The places of the versions, by version.
    places: Vec<(u32, u32)>,
    first: u32,
    /// The first node of a tree of sets, once there is one.
    tree: Option<u32>,
}

impl List {
    /// A list; of entries with the same version, the earliest counts.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new(
        mut entries: Vec<Entry>,
        web: &mut Web,
        watch: &mut Watch,
    ) -> Result<List, Reason> {
        watch.sort_by_key(&mut entries, |entry| (entry.version, entry.time, entry.op))?;
        entries.dedup_by_key(|entry| entry.version);
        watch.sort_by_key(&mut entries, |entry| (entry.time, entry.version))?;
        let first = web.sets(entries.len() * 2);
        for (place, entry) in (0_u32..).zip(&entries) {
            let member = first + place * 2;
            web.order(entry.version, member, Why::Member, [entry.op, NOBODY]);
            web.order(member, member + 1, Why::Member, [NOBODY; 2]);
            if place > 0 {
                web.order(member - 1, member + 1, Why::Member, [NOBODY; 2]);
            }
            watch.turn()?;
        }
        let places = (0..)
            .zip(&entries)
            .map(|(place, entry)| (entry.version, place));
        let mut places: Vec<(u32, u32)> = places.collect();
        watch.sort_by_key(&mut places, |place| *place)?;
        Ok(List {
            entries,
            places,
            first,
            tree: None,
        })
    }

    /// The entry of this version, if its time lies before the given one.
    pub(super) fn find(&self, version: u32, before: u64) -> Option<&Entry> {
        let place = self
            .places
            .binary_search_by_key(&version, |(version, _)| *version);
        let entry = &self.entries[self.places[place.ok()?].1 as usize];
        (entry.time < before).then_some(entry)
    }

    /// Demands that all versions of times before the given one come before the target, but for
    /// the target itself.
    pub(super) fn precede(
        &mut self,
        before: u64,
        target: u32,
        why: Why,
        ops: [u32; 2],
        web: &mut Web,
    ) {
        let length = self.entries.partition_point(|entry| entry.time < before);
        let itself = self
            .places
            .binary_search_by_key(&target, |(version, _)| *version);
        let itself = itself
            .map_or(length, |place| self.places[place].1 as usize)
            .min(length);
        if itself > 0 {
            web.order(self.first + itself as u32 * 2 - 1, target, why, ops);
        }
        if itself + 1 >= length {
            return;
        }
        if length - itself <= FEW {
            for place in itself + 1..length {
                web.order(self.first + place as u32 * 2, target, why, ops);
            }
        } else {
            for set in self.sets_of(itself + 1, length, web) {
                web.order(set, target, why, ops);
            }
        }
    }

    /// Sets that together have the members from `start` to `end`, without that one: the nodes
    /// of a tree, of which node `t` has the members of `2 * t` and `2 * t + 1`, and the leaves
    /// come last.
    fn sets_of(&mut self, start: usize, end: usize, web: &mut Web) -> Vec<u32> {
        let count = self.entries.len();
        let tree = *self.tree.get_or_insert_with(|| {
            let tree = web.sets(count * 2);
            for place in 0..count as u32 {
                let leaf = tree + count as u32 + place;
                web.order(self.first + place * 2, leaf, Why::Member, [NOBODY; 2]);
            }
            for node in 2..count as u32 * 2 {
                web.order(tree + node, tree + node / 2, Why::Member, [NOBODY; 2]);
            }
            tree
        });
        let (mut left, mut right) = (start + count, end + count);
        let mut sets = Vec::new();
        while left < right {
            if left % 2 == 1 {
                sets.push(tree + left as u32);
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                sets.push(tree + right as u32);
            }
            left /= 2;
            right /= 2;
        }
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_prefix_without_the_target_comes_before_it() {
        const COUNT: u32 = 40;
        let entry = |place| Entry {
            time: place,
            version: place as u32,
            op: 0,
        };
        for before in (0..=COUNT).step_by(3) {
            // The last target is no member.
            for target in 0..=COUNT {
                for member in (0..COUNT).filter(|member| *member != target) {
                    let mut web = Web::new(COUNT as usize + 1);
                    let entries = (0..u64::from(COUNT)).map(entry).collect();
                    let mut watch = Watch::unlimited();
                    let mut list = List::new(entries, &mut web, &mut watch).expect("no limits");
                    list.precede(before.into(), target, Why::RealTime, [NOBODY; 2], &mut web);
                    let is_before = web.reaches(member, target);
                    assert_eq!(is_before, member < before, "{member} {before} {target}");
                }
            }
        }
    }

    #[test]
    fn a_target_does_not_come_before_itself() {
        let mut web = Web::new(3);
        let entry = |version| Entry {
            time: 1,
            version,
            op: 0,
        };
        let mut watch = Watch::unlimited();
        let entries = [0, 1, 2, 1].map(entry).into();
        let mut list = List::new(entries, &mut web, &mut watch).expect("no limits");
        list.precede(2, 1, Why::RealTime, [NOBODY; 2], &mut web);
        assert!(list.find(1, 2).is_some() && list.find(1, 1).is_none());
        assert!(web.cycle(&mut watch).expect("no limits").is_none());
    }
}
