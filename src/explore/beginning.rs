//! Where every schedule begins: before the first start of all replicas, or with the state of
//! a random run at some moment.

use super::automaton::Automaton;
use super::decided::Decided;
use super::planned::Planned;
use super::rewound::Moment;
use super::setting::Setting;
use super::state::{Command, Left, SESSION_UP, State, pair};
use super::step::{LocalId, MessageId};
use crate::system::System;
use crate::world::Heard;

/// Where every schedule begins, as the search sees it.
#[derive(Clone, Debug)]
pub(super) struct Began {
    planned: Vec<Planned>,
    commands: Vec<Command>,
    links: Vec<Vec<MessageId>>,
    agreed: Decided,
    cut: u32,
    /// Whether replicas have started already.
    runs: bool,
}

impl Began {
    /// What clients ask, or asked before and wait for.
    pub(super) fn planned(&self) -> &[Planned] {
        &self.planned
    }

    /// Whether replicas have started already.
    pub(super) fn runs(&self) -> bool {
        self.runs
    }

    /// The state before anything happens, of so many replicas, with all that may.
    pub(super) fn state(&self, replicas: usize, bounds: Left) -> State {
        State {
            locals: (0..replicas as LocalId).collect(),
            links: self.links.clone(),
            commands: self.commands.clone(),
            agreed: self.agreed.clone(),
            cut: self.cut,
            left: bounds,
            broken: None,
        }
    }
}

impl<S: System> Automaton<S> {
    /// Where every schedule begins.
    pub(super) fn begin(&mut self, moment: Moment<S>) -> Began {
        let replicas = self.setting.replicas as usize;
        let links = moment.links.into_iter().enumerate();
        let links = links
            .map(|(link, waiting)| {
                let ends = (link / replicas, link % replicas);
                let (from, to) = (ends.0 as u64 + 1, ends.1 as u64 + 1);
                let waiting = waiting.into_iter();
                let known = waiting.filter_map(|heard| match heard {
                    Heard::SessionUp => Some(SESSION_UP),
                    Heard::Message(message) => self.carried(from, to, message),
                });
                known.collect()
            })
            .collect();
        let mut agreed = Decided::default();
        for replica in 0..replicas {
            let decided = self.relive(replica as LocalId).decided();
            let differs = agreed.adopt(&decided);
            assert_eq!(differs, None, "a run that violates nothing agrees");
        }
        let Setting { planned, begun, .. } = &self.setting;
        Began {
            planned: planned.clone(),
            commands: begun.clone(),
            links,
            agreed,
            cut: moment.cut.iter().fold(0, |cut, (one, other)| {
                cut | pair(replicas, *one as usize - 1, *other as usize - 1)
            }),
            runs: self.setting.from.is_some(),
        }
    }
}
