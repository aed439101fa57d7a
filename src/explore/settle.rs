//! Whether the system comes to decide everything once nothing fails any more.
//!
//! Asked of every state *at rest*: every replica is up, every link whole, and nothing under way.
//! That is enough for all other states, too: from each of them, starting what is down, healing
//! what is cut and delivering what is under way, in order, are actions of the search that nothing
//! bounds, and lead to a state at rest.
//!
//! From there, copies of the replicas are taken through one more schedule, in which nothing fails:
//! time passes at all of them alike, messages arrive in the order in which they were sent, every
//! replica is asked something new again and again, and clients that retry do. Nobody is restarted
//! or told to lead: as in a random run that settles, heartbeats have to bring that about. Demanded
//! is that a leader stands in time, and that from then on everything that is asked is answered,
//! and decided by all replicas, in time ([`Patience`](crate::system::Patience) says
//! how long that may take). What comes of it depends on the replicas and what was decided, so it
//! is played once for all states that have both in common.

use std::collections::{BTreeSet, VecDeque};

use simulated_clock::{Duration, Instant};

use super::automaton::Automaton;
use super::broken::Broken;
use super::decided::Decided;
use super::life::{Happening, Life};
use super::rest::{Rest, Settled};
use super::setting::{Setting, asks};
use super::step::{Fate, Reached};
use crate::check::{Cause, Violation};
use crate::observation::{LogId, ReplicaId, RequestId, content_digest};
use crate::replica::{Effect, Event, Replica, Request, TimerId};
use crate::system::Patience;
use crate::system::System;

/// How many questions are asked, at most, until a leader has to stand.
const QUESTIONS: u64 = 20;
/// How many questions have to settle, each before the next is asked: a single one may be
/// lucky, as when somebody comes to lead just then.
const IN_A_ROW: u64 = 3;
/// How many messages may follow from one thing that happens.
const FOLLOWS_MAX: usize = 10_000;

type MessageOf<S> = <<S as System>::Replica as Replica>::Message;

impl<S: System> Automaton<S> {
    /// What comes of replicas at rest if nothing fails from now on.
    pub(super) fn settle(&self, rest: &Rest) -> Settled {
        let (settled, (reached, deviations)) = {
            let lives = rest.locals.iter().map(|local| self.relive(*local));
            let mut settling = Settling::new(&self.setting, lives.collect(), rest);
            (settling.settle(), settling.reached())
        };
        self.deviations.set(self.deviations.get() + deviations);
        let broken = settled.err();
        let broken = broken.map(|violation| Broken::Unsettled(self.broke(violation)));
        Settled { broken, reached }
    }
}

/// The system while nothing fails.
pub(super) struct Settling<'a, S: System> {
    setting: &'a Setting<S>,
    lives: Vec<Life<'a, S>>,
    rest: &'a Rest,
    under_way: VecDeque<(ReplicaId, ReplicaId, MessageOf<S>)>,
    answered: BTreeSet<RequestId>,
    /// What answers show.
    reached: Reached,
    /// What replicas that are narrated showed.
    pub(super) shows: Vec<String>,
}

impl<'a, S: System> Settling<'a, S> {
    pub(super) fn new(setting: &'a Setting<S>, lives: Vec<Life<'a, S>>, rest: &'a Rest) -> Self {
        Self {
            setting,
            lives,
            rest,
            under_way: VecDeque::new(),
            answered: BTreeSet::new(),
            reached: Reached::default(),
            shows: Vec::new(),
        }
    }

    /// Lets time pass until everything has settled.
    ///
    /// # Errors
    /// It does not, or something breaks on the way.
    pub(super) fn settle(&mut self) -> Result<(), Violation> {
        let Patience { answer, leader } = self.setting.patience;
        let (answer, period) = (answer.max(1), answer.max(leader.div_ceil(QUESTIONS)).max(1));
        for replica in 0..self.lives.len() {
            self.send_out(replica)?;
            self.deliver()?;
        }
        let (mut ticks, mut question, mut in_a_row) = (0, 0, 0);
        while in_a_row < IN_A_ROW {
            question += 1;
            self.ask_all(question)?;
            match self.wait(question, answer)? {
                Some(needed) => {
                    ticks += needed;
                    in_a_row += 1;
                }
                // What was asked when a leader stood would have been answered.
                None if ticks >= leader => return Err(self.unsettled(question, ticks + answer)),
                None => {
                    (answer..period).try_for_each(|_| self.tick())?;
                    ticks += period;
                    in_a_row = 0;
                }
            }
        }
        Ok(())
    }

    /// Ticks until everything has settled; none if that takes longer than an answer may.
    fn wait(&mut self, question: u64, answer: u64) -> Result<Option<u64>, Violation> {
        for ticks in 1..=answer {
            self.tick()?;
            if self.is_settled(question)? {
                return Ok(Some(ticks));
            }
        }
        Ok(None)
    }

    /// Something new is asked of every replica, and what is open is asked again.
    fn ask_all(&mut self, question: u64) -> Result<(), Violation> {
        let digest = content_digest(&self.setting.nobodys);
        for replica in 0..self.lives.len() {
            let id = self.probe(replica, question);
            for life in &mut self.lives {
                life.checks.invoked(id, digest);
            }
            let request = Request {
                id,
                attempt: 1,
                low_water: question,
                command: self.setting.nobodys.clone(),
            };
            self.take(replica, Event::Request(request))?;
            self.deliver()?;
        }
        for (operation, before) in &self.rest.open {
            let before = u64::from(*before) + question - 1;
            let planned = &self.setting.planned[usize::from(*operation)];
            let replica = asks(planned, self.setting.retry, before, self.lives.len());
            let attempt = u32::try_from(before + 1).unwrap_or(u32::MAX);
            let request = self.setting.request(*operation, attempt);
            self.take(replica, Event::Request(request))?;
            self.deliver()?;
        }
        Ok(())
    }

    /// The command of a client that the scenario does not know, one for each replica.
    fn probe(&self, replica: usize, question: u64) -> RequestId {
        RequestId {
            client: self.setting.nobody + replica as u64,
            sequence: question,
        }
    }

    /// Every timer fires that is set, but for those that fire all the time.
    fn tick(&mut self) -> Result<(), Violation> {
        for replica in 0..self.lives.len() {
            let timers = self.lives[replica].timers.set_ones();
            for timer in (0..u32::BITS as u8).filter(|timer| timers & (1 << timer) != 0) {
                if self.setting.free_timer != Some(timer) {
                    self.fire(replica, timer)?;
                    self.deliver()?;
                }
            }
        }
        Ok(())
    }

    /// A timer fires, no sooner than it is due.
    fn fire(&mut self, replica: usize, timer: u8) -> Result<(), Violation> {
        if let Some(due) = self.lives[replica].timers.due(timer) {
            let now = due.max(self.lives[replica].now);
            self.lives.iter_mut().for_each(|life| life.now = now);
        }
        let event = Event::Timer {
            timer: TimerId(timer),
            late: Duration::ZERO,
        };
        self.take(replica, event)
    }

    /// Delivers what is under way, and what follows from it, in the order in which it
    /// was sent.
    fn deliver(&mut self) -> Result<(), Violation> {
        for _ in 0..FOLLOWS_MAX {
            let Some((from, to, message)) = self.under_way.pop_front() else {
                return Ok(());
            };
            self.take(to as usize - 1, Event::Message { from, message })?;
        }
        Err(Violation::liveness(
            COMPLETION,
            Cause::TrafficWithoutEnd,
            Instant::ZERO,
            Vec::new(),
            format!(
                "nothing fails any more, and {FOLLOWS_MAX} messages later replicas still answer \
                 each other without a tick"
            ),
        ))
    }

    /// A replica takes something, and sends what it has to send.
    fn take(&mut self, replica: usize, event: Event<S::Replica>) -> Result<(), Violation> {
        self.live(replica, event)?;
        self.send_out(replica)
    }

    fn send_out(&mut self, replica: usize) -> Result<(), Violation> {
        let timers = self.lives[replica].timers.set_ones();
        match self.setting.free_timer {
            Some(timer) if timers & (1 << timer) != 0 => {
                let timer = TimerId(timer);
                let late = Duration::ZERO;
                self.live(replica, Event::Timer { timer, late })
            }
            _ => Ok(()),
        }
    }

    fn live(&mut self, replica: usize, event: Event<S::Replica>) -> Result<(), Violation> {
        let life = &mut self.lives[replica];
        let (me, lived) = (life.me(), life.live(Happening::Event(event), Fate::Whole));
        let shows = life.narration().into_iter();
        self.shows
            .extend(shows.map(|shown| format!("r{me} {shown}")));
        if let Some(violation) = life.violation.take() {
            return Err(violation);
        }
        for effect in lived.effects {
            match effect {
                Effect::Send { to, message } => self.under_way.push_back((me, to, message)),
                Effect::Reply(reply) => {
                    self.reached = self.reached.with(Reached::ANSWER);
                    if self.setting.changes(&reply) {
                        self.reached = self.reached.with(Reached::CHANGE);
                    }
                    self.answered.insert(reply.id);
                }
                Effect::SetTimer { .. } | Effect::CancelTimer(_) => {}
            }
        }
        Ok(())
    }

    /// What was reached, and how often the planted bug acted.
    fn reached(&self) -> (Reached, u64) {
        let reached = self.lives.iter().map(|life| life.reached);
        let acts = self.lives.iter().map(|life| life.deviations);
        (reached.fold(self.reached, Reached::with), acts.sum())
    }

    /// Whether all that was asked is answered, and all replicas decided the same.
    fn is_settled(&self, question: u64) -> Result<bool, Violation> {
        Ok(self.silent(question).is_empty() && self.differing()?.is_empty())
    }

    /// The replicas that have not answered the newest question, or a client that asked on.
    fn silent(&self, question: u64) -> Vec<ReplicaId> {
        let silent = self.unanswered(question).into_iter().map(|(at, _)| at);
        Vec::from_iter(silent.collect::<BTreeSet<_>>())
    }

    /// What has not been answered, and by whom.
    fn unanswered(&self, question: u64) -> Vec<(ReplicaId, RequestId)> {
        let probe = |replica| (replica as u64 + 1, self.probe(replica, question));
        let probes = (0..self.lives.len()).map(probe);
        let waiting = self.rest.open.iter().map(|(operation, _)| {
            let (asked, planned) = (&self.setting.operations, &self.setting.planned);
            let operation = usize::from(*operation);
            (planned[operation].at, asked[operation].id)
        });
        let all = probes.chain(waiting);
        all.filter(|(_, id)| !self.answered.contains(id)).collect()
    }

    /// The replicas that have not decided as much as others, or as was decided before.
    fn differing(&self) -> Result<Vec<ReplicaId>, Violation> {
        let before = std::iter::once(self.rest.agreed.clone());
        let decided: Vec<_> = before.chain(self.lives.iter().map(Life::decided)).collect();
        let logs: BTreeSet<_> = decided.iter().flat_map(Decided::logs).collect();
        let mut behind = BTreeSet::new();
        for log in logs {
            // Replica 0 is what was decided before.
            let of_log = (0..).zip(&decided);
            let of_log: Vec<_> = of_log
                .filter_map(|(replica, decided)| Some((replica, decided.log(log)?)))
                .collect();
            behind.extend(behind_in(log, &of_log)?);
        }
        behind.remove(&0);
        Ok(behind.into_iter().collect())
    }

    fn unsettled(&self, question: u64, ticks: u64) -> Violation {
        let silent = self.silent(question);
        let behind = match self.differing() {
            Ok(behind) => behind,
            Err(violation) => return violation,
        };
        let requests = self.unanswered(question).into_iter().map(|(_, id)| id);
        let (check, cause, replicas, what) = if silent.is_empty() {
            (
                CONVERGENCE,
                Cause::LagsBehind,
                behind,
                "replicas differ".to_owned(),
            )
        } else {
            let names = silent.iter().map(|replica| format!("r{replica}"));
            let names = names.collect::<Vec<_>>().join(", ");
            (
                COMPLETION,
                Cause::Unanswered,
                silent,
                format!("what was asked at {names} is not answered"),
            )
        };
        let stands = self.lives.iter().map(|life| {
            let ledger = life.checks.ledger(life.me());
            let (me, decided, promise) = (life.me(), ledger.decided, ledger.promise);
            format!("r{me} has decided up to {decided} and promised {promise}")
        });
        let stands = stands.collect::<Vec<_>>().join(", ");
        let message =
            format!("nothing fails any more, and after {ticks} ticks of all {what}: {stands}");
        Violation::liveness(check, cause, Instant::ZERO, replicas, message).shown_by(requests)
    }
}

/// Checks that random runs are put to at their end.
const COMPLETION: &str = "completion";
const CONVERGENCE: &str = "convergence";
const AGREEMENT: &str = "agreement";

#[cfg(test)]
mod tests;

/// Those who have decided less of a log than others.
fn behind_in(log: LogId, decided: &[(ReplicaId, &[u64])]) -> Result<Vec<ReplicaId>, Violation> {
    let longest = decided.iter().map(|(_, digests)| digests.len()).max();
    let longest = longest.unwrap_or(0);
    for index in 0..longest {
        let at_index = decided.iter().filter_map(|(_, digests)| digests.get(index));
        let mut told = at_index.filter(|digest| **digest != 0);
        if let Some(first) = told.next()
            && told.any(|other| other != first)
        {
            let message = format!("replicas decided different logs up to index {}", index + 1);
            let cause = Cause::DecidedDifferently;
            let violation = Violation::safety(AGREEMENT, cause, Instant::ZERO, Vec::new(), message);
            return Err(violation.in_log(log));
        }
    }
    let behind = decided
        .iter()
        .filter(|(_, digests)| digests.len() < longest);
    Ok(behind.map(|(replica, _)| *replica).collect())
}
