//! Where every schedule begins: before the first start of all replicas, or with the state of
//! a random run at some moment.

use super::automaton::Automaton;
use super::planned::Planned;
use super::rewound::Moment;
use super::setting::Setting;
use super::state::{Command, SESSION_UP, adopt, pair};
use super::step::{LocalId, MessageId};
use crate::system::System;
use crate::world::Heard;

/// Where every schedule begins, as the search sees it.
#[derive(Clone, Debug)]
pub(super) struct Began {
    pub(super) planned: Vec<Planned>,
    pub(super) commands: Vec<Command>,
    pub(super) links: Vec<Vec<MessageId>>,
    pub(super) agreed: Vec<u64>,
    pub(super) cut: u32,
    /// Whether replicas have started already.
    pub(super) runs: bool,
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
        let mut agreed = Vec::new();
        for replica in 0..replicas {
            let decided = self.relive(replica as LocalId).decided();
            let differs = adopt(&mut agreed, &decided);
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
