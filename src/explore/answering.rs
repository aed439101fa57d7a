//! The thread on which the replicas live: it answers what a search asks, whatever code under
//! test does.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, PoisonError, RwLock};

use super::asked::Asked;
use super::asking::{self, Pulse};
use super::automaton::{self, Automaton};
use super::beginning::Began;
use super::broken::Broken;
use super::confirmed::Confirmed;
use super::entries::Entries;
use super::judge::{self, Judged};
use super::limits::Announce;
use super::rest::{Rest, Settled};
use super::setting::Setting;
use super::step::{Fate, Input, LocalId, MessageId, OutputId, Step, Taken};
use super::unbegun::Unbegun;
use super::violations::Violations;
use crate::decision::hash::mix_bytes;
use crate::replica::Caught;
use crate::replica::{caught, in_words};
use crate::scenario::{ModelOptions, Scenario};
use crate::system::System;
use crate::units::KeyError;

/// What the thread of the replicas is asked.
pub(super) enum Question {
    Step(LocalId, Input, Fate, SyncSender<Arc<Step>>),
    Judge(Vec<Asked>, SyncSender<Judged>),
    Message(MessageId, SyncSender<String>),
    Kind(MessageId, SyncSender<&'static str>),
    Command(u8, Option<OutputId>, SyncSender<String>),
    Show(LocalId, SyncSender<Vec<String>>),
    Output(u32, SyncSender<String>),
    Deviations(SyncSender<u64>),
    Settle(Rest, SyncSender<Settled>),
    Confirm(
        Vec<Taken>,
        Option<Rest>,
        SyncSender<Result<Confirmed, String>>,
    ),
}

/// Stands for the kind of a message whose code cannot tell it.
pub(super) const NO_KIND: &str = "?";

/// What the thread of the replicas shares with the search.
pub(super) struct Shared {
    pub(super) entries: Entries,
    pub(super) flaw: Arc<RwLock<Option<String>>>,
    pub(super) announce: Option<Announce>,
    pub(super) suspect: Option<u64>,
    pub(super) violations: Violations,
    pub(super) pulse: Pulse,
}

impl Shared {
    /// Code under test is about to do what has this key; whether it may.
    fn may_do(&self, key: impl FnOnce() -> u64) -> bool {
        if self.announce.is_none() && self.suspect.is_none() {
            return true;
        }
        let key = key();
        if self.suspect == Some(key) {
            return false;
        }
        if let Some(Announce(announce)) = &self.announce {
            announce(key);
        }
        true
    }
}

/// What something that is asked is known by.
fn key_of(question: &impl std::fmt::Debug) -> u64 {
    mix_bytes(1, format!("{question:?}").as_bytes())
}

/// The replicas as they are at the beginning.
pub(super) fn begin<S: System>(
    scenario: &Scenario,
    model: &ModelOptions,
    shared: &Shared,
) -> Result<(Automaton<S>, Began), Unbegun> {
    let (mut setting, moment) = Setting::<S>::new(scenario, model)?;
    setting.pulse = shared.pulse.clone();
    let mut automaton = Automaton::new(setting, shared.violations.clone());
    if model.attempts > 0 && !automaton.has_attempts() {
        let system = &scenario.cluster.system;
        let message = format!("replicas of {system:?} cannot be asked to lead");
        return Err(KeyError::new("model.attempts", message).into());
    }
    let began = automaton.begin(moment);
    for replica in 0..automaton.setting.replicas {
        let local = automaton::local(&automaton.relive(replica as LocalId));
        shared.entries.enter(replica as LocalId, local);
    }
    Ok((automaton, began))
}

/// Answers until nobody can ask any more.
pub(super) fn answer<S: System>(
    mut automaton: Automaton<S>,
    asked: &asking::Asked<Question>,
    shared: &Shared,
) {
    // Who asked may have been stopped in the meantime.
    while let Some(question) = asked.next() {
        match question {
            Question::Step(from, input, fate, answer) => {
                let step = shared
                    .entries
                    .known(from, (input, fate))
                    .unwrap_or_else(|| take(&mut automaton, from, (input, fate), shared));
                let _ = answer.send(step);
            }
            Question::Judge(history, answer) => {
                let judge = || judge::judge(&automaton, &history);
                let judged = match shared.may_do(|| key_of(&history)) {
                    true => automaton.or_broken(judge),
                    false => Err(Broken::Suspect),
                };
                let _ = answer.send(judged.unwrap_or_else(Judged::Broken));
            }
            Question::Message(id, answer) => {
                let _ = answer.send(in_words(|| automaton.tell(id)));
            }
            Question::Kind(id, answer) => {
                let kind = caught(|| automaton.kind(id));
                let _ = answer.send(kind.unwrap_or(NO_KIND));
            }
            Question::Command(operation, output, answer) => {
                let words = || judge::describe(&automaton, operation, output);
                let _ = answer.send(in_words(words));
            }
            Question::Show(local, answer) => {
                let shown = caught(|| automaton.show(local));
                let _ = answer.send(shown.unwrap_or_else(|caught| vec![untold(caught)]));
            }
            Question::Output(id, answer) => {
                let words = || format!("{:?}", automaton.outputs[id as usize]);
                let _ = answer.send(in_words(words));
            }
            Question::Deviations(answer) => {
                let _ = answer.send(automaton.deviations.get());
            }
            Question::Settle(rest, answer) => {
                let settle = || automaton.settle(&rest);
                let settled = match shared.may_do(|| key_of(&rest)) {
                    true => automaton.or_broken(settle),
                    false => Err(Broken::Suspect),
                };
                let _ = answer.send(settled.unwrap_or_else(Settled::broken));
            }
            Question::Confirm(path, unsettled, answer) => {
                let confirmed = caught(|| automaton.confirm(&path, unsettled.as_ref()));
                let _ = answer.send(confirmed.map_err(untold).flatten());
            }
        }
    }
}

/// What takes the place of something over which code under test panicked.
fn untold(caught: Caught) -> String {
    let Caught { message, place, .. } = caught;
    format!("code under test panicked at {place}: {message}")
}

fn take<S: System>(
    automaton: &mut Automaton<S>,
    from: LocalId,
    (input, fate): (Input, Fate),
    shared: &Shared,
) -> Arc<Step> {
    let key = || automaton.key(from, (input, fate));
    let (step, local) = match shared.may_do(key) {
        true => automaton.step(from, input, fate),
        false => (Step::that_breaks(from, Broken::Suspect), None),
    };
    let step = Arc::new(step);
    if let Some(flaw) = automaton.audit.flaw() {
        let mut shown = shared.flaw.write().unwrap_or_else(PoisonError::into_inner);
        shown.get_or_insert_with(|| flaw.to_owned());
    }
    if let Some(local) = local {
        shared.entries.enter(step.next, local);
    }
    shared.entries.keep(from, (input, fate), step)
}
