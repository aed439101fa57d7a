//! Every step that was taken, shared by all threads of a search; a step that was
//! not is asked of the thread on which the replicas live.

#![expect(
    clippy::disallowed_methods,
    reason = "replicas live on a thread of their own; what they do depends on their inputs alone"
)]

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};

use super::answers::Answers;
use super::automaton::{self, Automaton};
use super::beginning::Began;
use super::judge::{self, Asked, Judged};
use super::retold::Confirmed;
use super::setting::Setting;
use super::settle::{Rest, Settled};
use super::step::{Fate, Input, Local, LocalId, MessageId, OutputId, Step, Taken};
use crate::check::Violation;
use crate::scenario::{ModelOptions, Scenario};
use crate::systems::System;

/// What the search knows of one state of a replica.
struct Entry {
    local: Arc<Local>,
    steps: Vec<((Input, Fate), Arc<Step>)>,
}

/// What the thread of the replicas is asked.
enum Question {
    Step(LocalId, Input, Fate, SyncSender<Arc<Step>>),
    Judge(Vec<Asked>, SyncSender<Judged>),
    Message(MessageId, SyncSender<String>),
    Kind(MessageId, SyncSender<&'static str>),
    Command(u8, Option<OutputId>, SyncSender<String>),
    Show(LocalId, SyncSender<Vec<String>>),
    Output(u32, SyncSender<String>),
    Violation(u32, SyncSender<Violation>),
    Deviations(SyncSender<u64>),
    Settle(Rest, SyncSender<Settled>),
    Confirm(
        Vec<Taken>,
        Option<Rest>,
        SyncSender<Result<Confirmed, String>>,
    ),
}

/// All steps, and the way to the thread that makes them.
pub(super) struct Memo {
    entries: Arc<RwLock<Vec<Entry>>>,
    judged: Answers<Vec<Asked>, Judged>,
    settled: Answers<Rest, Settled>,
    /// What shows that states were wrongly taken for the same.
    flaw: Arc<RwLock<Option<String>>>,
    questions: Sender<Question>,
}

impl Memo {
    /// Starts the thread on which the replicas live; it ends with the memo.
    ///
    /// # Errors
    /// The scenario does not suit the system: the key, and what would be right.
    pub(super) fn start<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
    ) -> Result<(Self, Began), (String, String)> {
        let (scenario, model) = (scenario.clone(), model.clone());
        let entries: Arc<RwLock<Vec<Entry>>> = Arc::default();
        let (questions, asked) = channel();
        let (ready, started) = sync_channel(1);
        let flaw = Arc::default();
        let shared = Shared {
            entries: Arc::clone(&entries),
            flaw: Arc::clone(&flaw),
        };
        std::thread::spawn(move || {
            let setting = Setting::<S>::new(&scenario, &model);
            match setting.map(|(setting, moment)| (Automaton::new(setting), moment)) {
                Ok((automaton, _)) if model.attempts > 0 && !automaton.has_attempts() => {
                    let message = format!(
                        "replicas of {:?} cannot be asked to lead",
                        scenario.cluster.system
                    );
                    let _ = ready.send(Err(("model.attempts".to_owned(), message)));
                }
                Ok((mut automaton, moment)) => {
                    let began = automaton.begin(moment);
                    begin(&automaton, &shared.entries);
                    let _ = ready.send(Ok(began));
                    answer(automaton, &asked, &shared);
                }
                Err(wrong) => {
                    let _ = ready.send(Err(wrong));
                }
            }
        });
        let began = started.recv().expect("the thread of the replicas starts")?;
        let memo = Self {
            entries,
            judged: Answers::default(),
            settled: Answers::default(),
            flaw,
            questions,
        };
        Ok((memo, began))
    }

    /// A step, taken before or now.
    pub(super) fn step(&self, from: LocalId, input: Input, fate: Fate) -> Arc<Step> {
        if let Some(step) = known(&self.entries, from, (input, fate)) {
            return step;
        }
        self.ask(|answer| Question::Step(from, input, fate, answer))
    }

    /// What is known of a state.
    pub(super) fn local(&self, id: LocalId) -> Arc<Local> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&entries[id as usize].local)
    }

    /// How many states of replicas, and steps between them, were found.
    pub(super) fn size(&self) -> (usize, usize) {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        (
            entries.len(),
            entries.iter().map(|entry| entry.steps.len()).sum(),
        )
    }

    /// Whether a history is linearizable.
    pub(super) fn judge(&self, history: &[Asked]) -> Judged {
        self.judged.get(history, || {
            self.ask(|answer| Question::Judge(history.to_vec(), answer))
        })
    }

    /// How many histories were judged.
    pub(super) fn histories(&self) -> usize {
        self.judged.len()
    }

    /// What comes of replicas at rest if nothing fails any more.
    pub(super) fn settle(&self, rest: &Rest) -> Settled {
        self.settled.get(rest, || {
            self.ask(|answer| Question::Settle(rest.clone(), answer))
        })
    }

    /// How many states at rest were settled, where they differ in their replicas.
    pub(super) fn settled(&self) -> usize {
        self.settled.len()
    }

    /// A message in words.
    pub(super) fn message(&self, id: MessageId) -> String {
        self.ask(|answer| Question::Message(id, answer))
    }

    /// The kind of a message.
    pub(super) fn kind(&self, id: MessageId) -> &'static str {
        self.ask(|answer| Question::Kind(id, answer))
    }

    /// A client's command in words, with its answer if it has one.
    pub(super) fn command(&self, operation: u8, output: Option<OutputId>) -> String {
        self.ask(|answer| Question::Command(operation, output, answer))
    }

    /// What a replica in a state has come to, line by line.
    pub(super) fn show(&self, local: LocalId) -> Vec<String> {
        self.ask(|answer| Question::Show(local, answer))
    }

    /// An answer in words.
    pub(super) fn output(&self, id: u32) -> String {
        self.ask(|answer| Question::Output(id, answer))
    }

    /// What was broken.
    pub(super) fn violation(&self, id: u32) -> Violation {
        self.ask(|answer| Question::Violation(id, answer))
    }

    /// How often planted bugs acted, in steps of replicas that differ.
    pub(super) fn deviations(&self) -> u64 {
        self.ask(Question::Deviations)
    }

    /// Takes a whole schedule again, without taking any states for the same; where it
    /// ends in a state that does not settle, that, too.
    ///
    /// # Errors
    /// The first step that leads to something else.
    pub(super) fn confirm(
        &self,
        path: Vec<Taken>,
        unsettled: Option<Rest>,
    ) -> Result<Confirmed, String> {
        self.ask(|answer| Question::Confirm(path, unsettled, answer))
    }

    /// What shows that states were wrongly taken for the same, if anything does.
    pub(super) fn flaw(&self) -> Option<String> {
        let flaw = self.flaw.read().unwrap_or_else(PoisonError::into_inner);
        flaw.clone()
    }

    fn ask<T>(&self, question: impl FnOnce(SyncSender<T>) -> Question) -> T {
        let (answer, answered) = sync_channel(1);
        let gone = "the thread of the replicas answers as long as the search lives";
        self.questions.send(question(answer)).expect(gone);
        answered.recv().expect(gone)
    }
}

/// What the thread of the replicas shares with the search.
struct Shared {
    entries: Arc<RwLock<Vec<Entry>>>,
    flaw: Arc<RwLock<Option<String>>>,
}

/// The replicas as they are at the beginning.
fn begin<S: System>(automaton: &Automaton<S>, entries: &RwLock<Vec<Entry>>) {
    let mut entries = entries.write().unwrap_or_else(PoisonError::into_inner);
    for replica in 0..automaton.setting.replicas {
        let life = automaton.relive(replica as LocalId);
        entries.push(Entry {
            local: Arc::new(automaton::local(&life)),
            steps: Vec::new(),
        });
    }
}

fn known(entries: &RwLock<Vec<Entry>>, from: LocalId, what: (Input, Fate)) -> Option<Arc<Step>> {
    let entries = entries.read().unwrap_or_else(PoisonError::into_inner);
    let steps = &entries[from as usize].steps;
    let step = steps.iter().find(|(known, _)| *known == what)?;
    Some(Arc::clone(&step.1))
}

/// Answers until nobody can ask any more.
fn answer<S: System>(mut automaton: Automaton<S>, asked: &Receiver<Question>, shared: &Shared) {
    // Who asked may have been stopped in the meantime.
    while let Ok(question) = asked.recv() {
        match question {
            Question::Step(from, input, fate, answer) => {
                let step = known(&shared.entries, from, (input, fate))
                    .unwrap_or_else(|| take(&mut automaton, from, (input, fate), shared));
                let _ = answer.send(step);
            }
            Question::Judge(history, answer) => {
                let _ = answer.send(judge::judge(&automaton, &history));
            }
            Question::Message(id, answer) => {
                let _ = answer.send(automaton.tell(id));
            }
            Question::Kind(id, answer) => {
                let _ = answer.send(automaton.kind(id));
            }
            Question::Command(operation, output, answer) => {
                let _ = answer.send(judge::describe(&automaton, operation, output));
            }
            Question::Show(local, answer) => {
                let _ = answer.send(automaton.show(local));
            }
            Question::Output(id, answer) => {
                let _ = answer.send(format!("{:?}", automaton.outputs[id as usize]));
            }
            Question::Settle(rest, answer) => {
                let _ = answer.send(automaton.settle(&rest));
            }
            Question::Confirm(path, unsettled, answer) => {
                let _ = answer.send(automaton.confirm(&path, unsettled.as_ref()));
            }
            Question::Violation(id, answer) => {
                let _ = answer.send(automaton.violations[id as usize].clone());
            }
            Question::Deviations(answer) => {
                let _ = answer.send(automaton.deviations);
            }
        }
    }
}

fn take<S: System>(
    automaton: &mut Automaton<S>,
    from: LocalId,
    (input, fate): (Input, Fate),
    shared: &Shared,
) -> Arc<Step> {
    let (step, local) = automaton.step(from, input, fate);
    let step = Arc::new(step);
    if let Some(flaw) = automaton.audit.flaw() {
        let mut shown = shared.flaw.write().unwrap_or_else(PoisonError::into_inner);
        shown.get_or_insert_with(|| flaw.to_owned());
    }
    let mut entries = shared
        .entries
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(local) = local {
        debug_assert_eq!(
            entries.len(),
            step.next as usize,
            "states are numbered as found"
        );
        entries.push(Entry {
            local: Arc::new(local),
            steps: Vec::new(),
        });
    }
    let steps = &mut entries[from as usize].steps;
    steps.push(((input, fate), Arc::clone(&step)));
    step
}
