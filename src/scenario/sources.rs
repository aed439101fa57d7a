//! The parts of a scenario that bring faults, and the bug that is planted: where each
//! stands, what it does, and whether it may do nothing.

use super::Place::{Index, Key};
use super::{Place, Scenario};
use crate::nemesis::FaultSource;

impl Scenario {
    /// Every part that brings faults or operator actions: by script, at a cue, at random; and
    /// the bug that is planted.
    pub fn fault_sources(&self) -> Vec<FaultSource> {
        let numbered = |count: usize, of: fn(u16) -> FaultSource| (0..count as u16).map(of);
        let nemesis = &self.nemesis;
        let random = nemesis.rates().into_iter();
        numbered(self.faults.len(), FaultSource::Fault)
            .chain(numbered(nemesis.targeted.len(), FaultSource::Targeted))
            .chain(numbered(self.actions.len(), FaultSource::Action))
            .chain(random.map(|(kind, _)| FaultSource::Random(kind)))
            .chain(numbered(nemesis.actions.len(), FaultSource::RandomAction))
            .chain(self.selftest.planted.iter().map(|_| FaultSource::Planted))
            .collect()
    }

    /// Whether its author may rely on this part: it is no random one, and nothing says
    /// that it may strike nothing.
    pub fn has_to_strike(&self, source: FaultSource) -> bool {
        match source {
            FaultSource::Fault(index) => !self.faults[usize::from(index)].may_miss,
            FaultSource::Targeted(index) => !self.nemesis.targeted[usize::from(index)].may_miss,
            FaultSource::Action(index) => !self.actions[usize::from(index)].may_miss,
            FaultSource::Random(_) | FaultSource::RandomAction(_) => false,
            FaultSource::Planted => true,
        }
    }

    /// What a part does, in words: `isolate the leader`.
    pub fn source_told(&self, source: FaultSource) -> String {
        match source {
            FaultSource::Fault(index) => {
                let fault = &self.faults[usize::from(index)];
                let lowered = fault.lower(self.cluster.replicas);
                lowered.map_or_else(|_| fault.kind.to_string(), |fault| fault.to_string())
            }
            FaultSource::Targeted(index) => {
                let aim = &self.nemesis.targeted[usize::from(index)];
                format!("{} on {}", aim.kind, aim.on)
            }
            FaultSource::Action(index) => {
                let action = &self.actions[usize::from(index)];
                format!("{} at {}", action.action, action.replica)
            }
            FaultSource::Random(kind) => kind.to_string(),
            FaultSource::RandomAction(index) => {
                self.nemesis.actions[usize::from(index)].action.clone()
            }
            FaultSource::Planted => match &self.selftest.planted {
                Some(bug) => bug.clone(),
                None => "a bug of the system's own".to_owned(),
            },
        }
    }
}

/// The way to a part of a scenario in its file.
pub fn place_of(source: FaultSource) -> Vec<Place<'static>> {
    match source {
        FaultSource::Fault(index) => vec![Key("fault"), Index(index.into())],
        FaultSource::Targeted(index) => {
            vec![Key("nemesis"), Key("targeted"), Index(index.into())]
        }
        FaultSource::Action(index) => vec![Key("action"), Index(index.into())],
        FaultSource::Random(kind) => vec![Key("nemesis"), Key(kind.key())],
        FaultSource::RandomAction(index) => {
            vec![Key("nemesis"), Key("actions"), Index(index.into())]
        }
        FaultSource::Planted => vec![Key("selftest"), Key("planted")],
    }
}
