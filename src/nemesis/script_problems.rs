//! What can be wrong with a `[[fault]]`: a key is missing, names nobody, or does nothing.

use super::fault::{FaultKind, Target};
use super::script::ScriptedFault;
use crate::observation::ReplicaId;
use crate::storage::CrashPoint;
use crate::units::KeyError;

impl ScriptedFault {
    pub(super) fn needed_groups(&self, replicas: u64) -> Result<&[Vec<ReplicaId>], KeyError> {
        if self.groups.is_empty() {
            return Err(KeyError::new(
                "groups",
                "a partition needs groups, as [[1, 2], [3]]".to_owned(),
            ));
        }
        if self.groups.iter().any(Vec::is_empty) {
            return Err(KeyError::new(
                "groups",
                "a group without replicas says nothing; remove it".to_owned(),
            ));
        }
        let all: Vec<_> = self.groups.iter().flatten().collect();
        let twice = |place: &usize| all[..*place].contains(&all[*place]);
        if let Some(place) = (0..all.len()).find(twice) {
            return Err(KeyError::new(
                "groups",
                format!("replica {} can be in one group only", all[place]),
            ));
        }
        if self.groups.len() == 1 && all.len() as u64 == replicas {
            return Err(KeyError::new(
                "groups",
                "one group of all replicas splits nobody: write at least two, as [[1, 2], [3]]"
                    .to_owned(),
            ));
        }
        Ok(&self.groups)
    }

    /// A link that is struck by two of the `links`.
    fn link_named_twice(&self) -> Option<[ReplicaId; 2]> {
        let is_same = |[a, b]: [ReplicaId; 2], other: [ReplicaId; 2]| {
            other == [a, b] || !self.one_way && other == [b, a]
        };
        let links = (0..).zip(&self.links);
        let mut twice = links.filter(|(place, link)| {
            let mut before = self.links[..*place].iter();
            before.any(|other| is_same(**link, *other))
        });
        twice.next().map(|(_, link)| *link)
    }

    pub(super) fn check_beginning(&self) -> Result<(), KeyError> {
        match (self.at, &self.on, self.nth) {
            (None, None, _) => Err(KeyError::new(
                "at",
                "a fault needs at = \"2s\", or on = \"promise\" to begin after a message"
                    .to_owned(),
            )),
            (_, None, Some(_)) => Err(KeyError::new(
                "nth",
                "nth counts what on names; add on".to_owned(),
            )),
            (_, _, Some(0)) => Err(KeyError::new("nth", "cues are counted from 1".to_owned())),
            _ => Ok(()),
        }
    }

    pub(super) fn check_replicas(&self, replicas: u64) -> Result<(), KeyError> {
        let missing = |replica: &ReplicaId| *replica == 0 || *replica > replicas;
        let sentence = |replica| format!("there is no replica {replica}: they are 1 to {replicas}");
        if let Some(replica) = self
            .groups
            .iter()
            .flatten()
            .find(|replica| missing(replica))
        {
            return Err(KeyError::new("groups", sentence(*replica)));
        }
        if let Some(replica) = self.links.iter().flatten().find(|replica| missing(replica)) {
            return Err(KeyError::new("links", sentence(*replica)));
        }
        if let Some([a, _]) = self.links.iter().find(|[a, b]| a == b) {
            return Err(KeyError::new(
                "links",
                format!("[{a}, {a}] is no link: it needs two different replicas"),
            ));
        }
        if let Some([a, b]) = self.link_named_twice() {
            return Err(KeyError::new(
                "links",
                format!("[{a}, {b}] is named twice; remove one"),
            ));
        }
        match &self.replica {
            Some(Target::Replica(replica)) if missing(replica) => {
                Err(KeyError::new("replica", sentence(*replica)))
            }
            _ => Ok(()),
        }
    }

    /// A key that does nothing for this kind is a mistake of the author's.
    pub(super) fn refuse_foreign_keys(&self) -> Result<(), KeyError> {
        use FaultKind::{
            ClockLie, ClockStep, Clog, CrashAtWrite, Cut, DiskError, Hold, OneWay, Partition,
            Repeat, SessionBreak, Slow, SlowDisk,
        };
        let kind = self.kind;
        let on_links = matches!(kind, Cut | Clog | Hold | Repeat | SessionBreak);
        let given = [
            (
                "replica",
                self.replica.is_some(),
                !on_links && kind != Partition,
            ),
            ("groups", !self.groups.is_empty(), kind == Partition),
            ("links", !self.links.is_empty(), on_links),
            ("message", self.message.is_some(), kind == Hold),
            ("one_way", self.one_way, matches!(kind, Cut | Clog)),
            ("open", self.open.is_some(), kind == OneWay),
            (
                "write",
                self.write.is_some(),
                matches!(kind, CrashAtWrite | DiskError),
            ),
            ("point", self.point.is_some(), kind == CrashAtWrite),
            ("tear", self.tear.is_some(), kind == CrashAtWrite),
            ("for", self.lasts.is_some(), !kind.is_momentary()),
            ("reads", self.reads, kind == DiskError),
            (
                "by",
                self.by.is_some(),
                matches!(kind, Slow | SlowDisk | ClockStep | ClockLie),
            ),
            ("back", self.back, matches!(kind, ClockStep | ClockLie)),
        ];
        let foreign = given
            .into_iter()
            .find(|(_, is_given, belongs)| *is_given && !belongs);
        if let Some((key, ..)) = foreign {
            return Err(KeyError::new(
                key,
                format!("the kind {:?} has no {key}; remove it", kind.name()),
            ));
        }
        if self.tear.is_some() && self.point != Some(CrashPoint::Torn) {
            let message = "only point = \"torn\" tears an append; remove it".to_owned();
            return Err(KeyError::new("tear", message));
        }
        Ok(())
    }
}
