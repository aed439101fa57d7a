//! Every step that was taken, shared by all threads of a search; a step that was
//! not is asked of the thread on which the replicas live.

#![expect(
    clippy::disallowed_methods,
    reason = "replicas live on a thread of their own; what they do depends on their inputs alone"
)]

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use simulated_clock::Instant;

use super::answering::{self, NO_KIND, Question, Shared};
use super::answers::Answers;
use super::asked::Asked;
use super::asking::{Asker, Pulse, Unanswered};
use super::beginning::Began;
use super::broken::Broken;
use super::confirmed::Confirmed;
use super::entries::Entries;
use super::judge::Judged;
use super::limits::Limits;
use super::rest::{Rest, Settled};
use super::step::{Fate, Input, Local, LocalId, MessageId, OutputId, Step, Taken};
use super::unbegun::Unbegun;
use super::violations::Violations;
use crate::check::{LINEARIZABILITY, Violation};
use crate::replica::caught;
use crate::scenario::{ModelOptions, Scenario};
use crate::system::System;
use crate::units::KeyError;

/// All steps, and the way to the thread that makes them.
pub(super) struct Memo {
    entries: Entries,
    judged: Answers<Vec<Asked>, Judged>,
    settled: Answers<Rest, Settled>,
    /// What shows that states were wrongly taken for the same.
    flaw: Arc<RwLock<Option<String>>>,
    violations: Violations,
    asker: Asker<Question>,
    /// From what code under test does not return, if it does not.
    /// Whether histories have to be linearizable.
    judges_history: bool,
    hangs_in: OnceLock<HangsIn>,
}

/// From what code under test does not return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HangsIn {
    /// A step of a replica, or what looks at it.
    Step,
    /// The judgement of what clients saw.
    Judgement,
    /// Time that passes while nothing fails any more.
    Settling,
    /// What had been done before, when it was done again.
    Again,
    /// The words for something.
    Words,
}

/// Stands for the words that code under test never finds.
const NO_WORDS: &str = "(without words: code under test does not return)";

/// Whether histories have to be linearizable.
///
/// # Errors
/// They have to be something else, which a search does not judge.
fn judges_history(scenario: &Scenario) -> Result<bool, KeyError> {
    let check = &scenario.check;
    let mut levels = check.consistency.levels().iter();
    match levels.find(|level| level.check() != LINEARIZABILITY) {
        None => Ok(check.demands_linearizability()),
        Some(level) => Err(KeyError::new(
            "check.consistency",
            format!(
                "a search of every schedule judges linearizability alone, and not {level}: write \
                 \"linearizable\" or \"none\""
            ),
        )),
    }
}

impl Memo {
    /// Starts the thread on which the replicas live; it ends with the memo.
    ///
    /// # Errors
    /// The scenario does not suit the system, or code under test breaks at once.
    pub(super) fn start<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        limits: &Limits,
    ) -> Result<(Self, Began), Unbegun> {
        let judges_history = judges_history(scenario)?;
        let (scenario, model) = (scenario.clone(), model.clone());
        let entries = Entries::default();
        let pulse = Pulse::default();
        let (asker, asked) = Asker::new(limits.patience, pulse.clone());
        let violations = Violations::default();
        let (ready, started) = sync_channel(1);
        let flaw = Arc::default();
        let shared = Shared {
            entries: entries.clone(),
            flaw: Arc::clone(&flaw),
            announce: limits.announce.clone(),
            suspect: limits.suspect,
            violations: violations.clone(),
            pulse,
        };
        std::thread::spawn(move || {
            let begun = caught(|| answering::begin::<S>(&scenario, &model, &shared));
            match begun.map_err(Unbegun::from).flatten() {
                Ok((automaton, began)) => {
                    let _ = ready.send(Ok(began));
                    answering::answer(automaton, &asked, &shared);
                }
                Err(unbegun) => {
                    let _ = ready.send(Err(unbegun));
                }
            }
        });
        let began = asker.wait_for_beginning(&started).unwrap_or_else(|_| {
            let message = format!(
                "code under test does not return for {} s, since the search begins",
                asker.patience_s()
            );
            Err(Violation::hang(Instant::ZERO, message).into())
        })?;
        let memo = Self {
            entries,
            judged: Answers::default(),
            settled: Answers::default(),
            flaw,
            violations,
            asker,
            hangs_in: OnceLock::new(),
            judges_history,
        };
        Ok((memo, began))
    }

    /// A step, taken before or now.
    pub(super) fn step(&self, from: LocalId, input: Input, fate: Fate) -> Arc<Step> {
        if let Some(step) = self.entries.known(from, (input, fate)) {
            return step;
        }
        let asked = self.ask(HangsIn::Step, |answer| {
            Question::Step(from, input, fate, answer)
        });
        match asked {
            Ok(step) => step,
            Err(Unanswered::NotReached) => Arc::new(Step::nothing(from)),
            Err(Unanswered::Hangs) => {
                let step = Step::that_breaks(from, Broken::Hang);
                self.entries.keep(from, (input, fate), Arc::new(step))
            }
        }
    }

    /// What is known of a state.
    pub(super) fn local(&self, id: LocalId) -> Arc<Local> {
        self.entries.local(id)
    }

    /// How many states of replicas, and steps between them, were found.
    pub(super) fn size(&self) -> (usize, usize) {
        self.entries.size()
    }

    /// Whether a history is linearizable, or need not be.
    pub(super) fn judge(&self, history: &[Asked]) -> Judged {
        if !self.judges_history {
            return Judged::Linearizable;
        }
        self.judged.get(history, || {
            let asked = self.ask(HangsIn::Judgement, |answer| {
                Question::Judge(history.to_vec(), answer)
            });
            asked.or_else(|why| match why {
                Unanswered::Hangs => Ok(Judged::Broken(Broken::Hang)),
                Unanswered::NotReached => Err(Judged::Undecided),
            })
        })
    }

    /// How many histories were judged.
    pub(super) fn histories(&self) -> usize {
        self.judged.len()
    }

    /// What comes of replicas at rest if nothing fails any more.
    pub(super) fn settle(&self, rest: &Rest) -> Settled {
        self.settled.get(rest, || {
            let asked = self.ask(HangsIn::Settling, |answer| {
                Question::Settle(rest.clone(), answer)
            });
            asked.or_else(|why| match why {
                Unanswered::Hangs => Ok(Settled::broken(Broken::Hang)),
                Unanswered::NotReached => Err(Settled::default()),
            })
        })
    }

    /// How many states at rest were settled, where they differ in their replicas.
    pub(super) fn settled(&self) -> usize {
        self.settled.len()
    }

    /// A message in words.
    pub(super) fn message(&self, id: MessageId) -> String {
        self.words(|answer| Question::Message(id, answer))
    }

    /// The kind of a message.
    pub(super) fn kind(&self, id: MessageId) -> &'static str {
        let asked = self.ask(HangsIn::Words, |answer| Question::Kind(id, answer));
        asked.unwrap_or(NO_KIND)
    }

    /// A client's command in words, with its answer if it has one.
    pub(super) fn command(&self, operation: u8, output: Option<OutputId>) -> String {
        self.words(|answer| Question::Command(operation, output, answer))
    }

    /// What a client asks, of which nobody knows yet what comes of it.
    pub(super) fn asked(&self, operation: u8) -> String {
        let told = self.command(operation, None);
        // That is what models say of operations that were never answered.
        match told.strip_suffix(" (outcome unknown)") {
            Some(asked) => asked.to_owned(),
            None => told,
        }
    }

    /// What a replica in a state has come to, line by line.
    pub(super) fn show(&self, local: LocalId) -> Vec<String> {
        let asked = self.ask(HangsIn::Words, |answer| Question::Show(local, answer));
        asked.unwrap_or_else(|_| vec![NO_WORDS.to_owned()])
    }

    /// An answer in words.
    pub(super) fn output(&self, id: u32) -> String {
        self.words(|answer| Question::Output(id, answer))
    }

    /// What was broken.
    pub(super) fn violation(&self, id: u32) -> Violation {
        self.violations.get(id)
    }

    /// How often planted bugs acted, in steps of replicas that differ; 0 where the thread of the
    /// replicas never answers again, which is a violation of its own.
    pub(super) fn deviations(&self) -> u64 {
        self.ask(HangsIn::Again, Question::Deviations).unwrap_or(0)
    }

    /// Takes a whole schedule again, without taking any states for the same; where it
    /// ends in a state that does not settle, that, too.
    ///
    /// # Errors
    /// The first step that leads to something else; or code under test does not return.
    pub(super) fn confirm(
        &self,
        path: Vec<Taken>,
        unsettled: Option<Rest>,
    ) -> Result<Result<Confirmed, String>, Unanswered> {
        self.ask(HangsIn::Again, |answer| {
            Question::Confirm(path, unsettled, answer)
        })
    }

    /// From what code under test does not return, and for how many seconds; nothing if it does.
    pub(super) fn hangs(&self) -> Option<(HangsIn, f64)> {
        let what = self.hangs_in.get()?;
        Some((*what, self.asker.patience_s()))
    }

    /// What shows that states were wrongly taken for the same, if anything does.
    pub(super) fn flaw(&self) -> Option<String> {
        let flaw = self.flaw.read().unwrap_or_else(PoisonError::into_inner);
        flaw.clone()
    }

    fn words(&self, question: impl FnOnce(SyncSender<String>) -> Question) -> String {
        let asked = self.ask(HangsIn::Words, question);
        asked.unwrap_or_else(|_| NO_WORDS.to_owned())
    }

    fn ask<T>(
        &self,
        what: HangsIn,
        question: impl FnOnce(SyncSender<T>) -> Question,
    ) -> Result<T, Unanswered> {
        let asked = self.asker.ask(question);
        if matches!(asked, Err(Unanswered::Hangs)) {
            self.hangs_in.get_or_init(|| what);
        }
        asked
    }
}
