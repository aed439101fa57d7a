//! Asks the thread on which the replicas live, and gives up on it if it never answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// How often is looked for whether the thread still works on the same.
const LOOK: Duration = Duration::from_millis(100);

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Code under test does not return from this question.
    Hangs,
    /// It does not return from another one.
    NotReached,
}

/// Counts the returns of code under test: work that takes long but advances is no hang.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulse(Arc<AtomicU64>);

impl Pulse {
    pub(super) fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn beats(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asks; used by many threads.
pub(super) struct Asker<Q> {
    questions: Sender<(u64, Q)>,
    /// How many were asked.
    asked: AtomicU64,
    /// Which one is being answered; 0 before the first.
    current: Arc<AtomicU64>,
    /// Whether nothing is answered any more.
    is_gone: AtomicBool,
    patience: Option<Duration>,
    pulse: Pulse,
}

/// Hears the questions of an [`Asker`].
pub(super) struct Asked<Q> {
    questions: Receiver<(u64, Q)>,
    current: Arc<AtomicU64>,
}

impl<Q> Asked<Q> {
    /// The next question; nothing when nobody can ask any more.
    pub(super) fn next(&self) -> Option<Q> {
        let (number, question) = self.questions.recv().ok()?;
        self.current.store(number, Ordering::Relaxed);
        Some(question)
    }
}

impl<Q> Asker<Q> {
    /// Both ends of a way to ask; patience without end if none is given.
    pub(super) fn new(patience: Option<Duration>, pulse: Pulse) -> (Self, Asked<Q>) {
        let (sender, questions) = channel();
        let current = Arc::new(AtomicU64::new(0));
        let asker = Self {
            questions: sender,
            asked: AtomicU64::new(0),
            current: Arc::clone(&current),
            is_gone: AtomicBool::new(false),
            patience,
            pulse,
        };
        (asker, Asked { questions, current })
    }

    /// For how long nothing may come back, in seconds.
    pub(super) fn patience_s(&self) -> f64 {
        self.patience.unwrap_or_default().as_secs_f64()
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(SyncSender<T>) -> Q,
    ) -> Result<T, Unanswered> {
        let (answer, answered) = sync_channel(1);
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if self.questions.send((number, question(answer))).is_err() {
            unreachable!("{GONE}");
        }
        self.wait(&answered, number)
    }

    /// Waits for what comes before the first question is answered.
    pub(super) fn wait_for_beginning<T>(&self, begun: &Receiver<T>) -> Result<T, Unanswered> {
        self.wait(begun, 0)
    }

    /// Which question is being answered, and how far that has come.
    fn position(&self) -> (u64, u64) {
        (self.current.load(Ordering::Relaxed), self.pulse.beats())
    }

    fn wait<T>(&self, answered: &Receiver<T>, number: u64) -> Result<T, Unanswered> {
        let Some(patience) = self.patience else {
            return Ok(answered.recv().expect(GONE));
        };
        let mut still = Duration::ZERO;
        let mut before = self.position();
        while !self.is_gone.load(Ordering::Relaxed) {
            match answered.recv_timeout(LOOK) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => unreachable!("{GONE}"),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = self.position();
            still = if now == before {
                still + LOOK
            } else {
                Duration::ZERO
            };
            before = now;
            if still >= patience && now.0 == number {
                self.is_gone.store(true, Ordering::Relaxed);
                return Err(Unanswered::Hangs);
            }
        }
        Err(Unanswered::NotReached)
    }
}

const GONE: &str = "the thread of the replicas answers as long as the search lives";

#[cfg(test)]
mod tests {
    use super::*;

    type Question = SyncSender<u64>;

    fn impatient() -> (Asker<Question>, Asked<Question>) {
        Asker::new(Some(2 * LOOK), Pulse::default())
    }

    #[test]
    fn a_question_without_an_answer_is_given_up_and_those_after_it_are_not_waited_for() {
        let (asker, asked) = impatient();
        let at_once = |answer: Question| {
            answer.send(7).expect("somebody waits");
            answer
        };
        assert_eq!(asker.ask(at_once), Ok(7));
        // As if it had been taken, and never answered.
        let taken = |answer| {
            asked.current.store(2, Ordering::Relaxed);
            answer
        };
        assert_eq!(asker.ask(taken), Err(Unanswered::Hangs));
        assert_eq!(asker.ask(|answer| answer), Err(Unanswered::NotReached));
        assert_eq!(asker.patience_s(), 0.2);
    }

    #[test]
    fn questions_are_taken_in_order_until_nobody_can_ask() {
        let (asker, asked) = impatient();
        let at_once = |answer: Question| {
            answer.send(7).expect("somebody waits");
            answer
        };
        for number in 1..4 {
            assert_eq!(asker.ask(at_once), Ok(7));
            assert!(asked.next().is_some());
            assert_eq!(asked.current.load(Ordering::Relaxed), number);
        }
        drop(asker);
        assert!(asked.next().is_none());
    }
}
