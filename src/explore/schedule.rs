//! The model: from a state and what happens to the next state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use super::action::{Action, What};
use super::beginning::Began;
use super::broken::Broken;
use super::judge::Judged;
use super::limits::{Kept, Limits};
use super::memo::Memo;
use super::planned::Planned;
use super::reduction::Reduced;
use super::required::required;
use super::setting::{all_operations, asks};
use super::state::{Left, SESSION_UP, State, adopt, is_news};
use super::step::{Fate, Input, LocalId, Reached, Step, Taken};
use super::unbegun::Unbegun;
use crate::client::Retry;
use crate::network::LinkContract;
use crate::replica::TimerId;
use crate::replica::caught;
use crate::replica::{Message, Replica};
use crate::scenario::{Milestone, ModelOptions, Scenario};
use crate::system::{System, SystemInfo};

/// Every schedule of a scenario, up to its bounds.
pub(super) struct Schedules {
    pub(super) memo: Memo,
    /// Where every schedule begins.
    began: Began,
    pub(super) planned: Vec<Planned>,
    pub(super) attempts_at: Vec<usize>,
    pub(super) free_timer: Option<u8>,
    pub(super) crashes_in_handlers: bool,
    pub(super) contract: LinkContract,
    pub(super) retry: Retry,
    /// Whether clients ask until they are answered, once nothing fails any more.
    pub(super) asks_on: bool,
    /// What clients can ask for by name.
    pub(super) operations: Vec<&'static str>,
    /// What must happen in some schedule.
    pub(super) required: Vec<Milestone>,
    /// Whether states at rest have to settle.
    pub(super) settles: bool,
    /// What is known of the system.
    pub(super) info: &'static SystemInfo,
    /// The kinds of message that replicas send each other.
    pub(super) kinds: &'static [&'static str],
    pub(super) bounds: Left,
    pub(super) replicas: usize,
    pub(super) reduced: Reduced,
    /// Whether a message may arrive after others before it were lost on the way.
    pub(super) skips: bool,
    /// Where a search walks at random: how often at most.
    pub(super) walks_max: Option<u64>,
    pub(super) walks: AtomicU64,
    pub(super) kept: Kept,
    /// Set from outside: nothing more is to be searched.
    pub(super) stop: Arc<AtomicBool>,
    /// Whether the search goes on: afterwards, what is asked is answered in full.
    pub(super) searching: AtomicBool,
    /// Something was left out because it was stopped.
    pub(super) cut: AtomicBool,
    /// Whether some history took too long to judge.
    pub(super) undecided: AtomicBool,
    /// Whether something broken was found.
    pub(super) found: AtomicBool,
    pub(super) reached: AtomicU32,
}

impl Schedules {
    /// The schedules of a scenario, for a search within limits.
    ///
    /// # Errors
    /// The scenario does not suit the system, or code under test breaks at once.
    pub(super) fn new<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        limits: &Limits,
    ) -> Result<Self, Unbegun> {
        caught(|| Self::begin::<S>(scenario, model, limits))?
    }

    fn begin<S: System>(
        scenario: &Scenario,
        model: &ModelOptions,
        limits: &Limits,
    ) -> Result<Self, Unbegun> {
        let replicas = scenario.cluster.replicas as usize;
        let profile = S::setup(scenario)?.profile;
        let attempts_at = model
            .attempts_at
            .iter()
            .map(|replica| *replica as usize - 1);
        let (memo, began) = Memo::start::<S>(scenario, model, limits)?;
        let planned = began.planned.clone();
        let reduced = Reduced::of::<S>(scenario, model, &planned, &limits.without);
        Ok(Self {
            memo,
            began,
            planned,
            attempts_at: if model.attempts_at.is_empty() {
                (0..replicas).collect()
            } else {
                attempts_at.collect()
            },
            free_timer: profile.free_timer.map(|TimerId(timer)| timer),
            crashes_in_handlers: !model.crash_between_handlers,
            contract: scenario.network.contract,
            retry: scenario.workload.retry,
            asks_on: scenario.workload.retry != Retry::None && profile.retries_are_safe,
            operations: all_operations::<S>().collect(),
            required: required::<S>(model),
            settles: model.settles,
            info: const { &S::INFO },
            kinds: <<S::Replica as Replica>::Message as Message>::KINDS,
            bounds: Left::of(model),
            replicas,
            skips: reduced.losses,
            reduced,
            walks_max: limits.search.walks_max(),
            walks: AtomicU64::new(0),
            kept: Kept::default(),
            stop: Arc::clone(&limits.stop),
            searching: AtomicBool::new(true),
            cut: AtomicBool::new(false),
            undecided: AtomicBool::new(false),
            found: AtomicBool::new(false),
            reached: AtomicU32::new(0),
        })
    }

    /// All replicas have started, and nothing has arrived; or a run has come as far.
    pub(super) fn initial(&self) -> State {
        let mut state = State {
            locals: (0..self.replicas as u32).collect(),
            links: self.began.links.clone(),
            commands: self.began.commands.clone(),
            agreed: self.began.agreed.clone(),
            cut: self.began.cut,
            left: self.bounds,
            broken: None,
        };
        let starts = self.starts();
        for start in &starts {
            state.locals[start.replica] = start.step.next;
        }
        for start in &starts {
            if state.broken.is_none() {
                self.follow(&mut state, start.replica, &start.step);
            }
        }
        state
    }

    /// The first start of every replica, where a schedule begins with that.
    pub(super) fn starts(&self) -> Vec<Taken> {
        let replicas = if self.began.runs { 0 } else { self.replicas };
        (0..replicas)
            .map(|replica| Taken {
                replica,
                input: Input::START,
                fate: Fate::Whole,
                step: self
                    .memo
                    .step(replica as LocalId, Input::START, Fate::Whole),
            })
            .collect()
    }

    /// The replica that a command asks when it was asked this often before.
    pub(super) fn asks(&self, operation: usize, before: u8) -> usize {
        let planned = &self.planned[operation];
        asks(planned, self.retry, before.into(), self.replicas)
    }

    /// Who takes what, where a handler runs.
    pub(super) fn input(&self, state: &State, what: What) -> Option<(usize, Input)> {
        let (replica, input) = match what {
            What::Deliver {
                from, to, place, ..
            } => {
                let link = &state.links[state.link(from.into(), to.into())];
                match link[usize::from(place)] {
                    message if is_news(message) => (to, Input::SessionUp(from + 1)),
                    message => (to, Input::Message(message)),
                }
            }
            What::Ask { operation, replica } => {
                let attempt = state.commands[usize::from(operation)].asked + 1;
                (replica, Input::Request { operation, attempt })
            }
            What::Attempt { replica } => (replica, Input::Attempt),
            What::Timer { replica, timer } => (replica, Input::Timer(timer)),
            What::Crash { replica } => (replica, Input::Crash),
            What::Restart { replica, lost } => (replica, Input::Start { lost }),
            What::Lose { .. }
            | What::Break { .. }
            | What::Cut { .. }
            | What::Heal { .. }
            | What::Time
            | What::Settle => return None,
        };
        Some((usize::from(replica), input))
    }

    /// The next state of a search; `None` where nothing changed.
    pub(super) fn next(&self, state: &State, action: Action) -> Option<State> {
        let next = self.next_alone(state, action)?;
        match self.follows_at_once(&next) {
            Some(restart) => self.next_alone(&next, restart),
            None => Some(next),
        }
    }

    /// What a reduced search takes together with the action before.
    pub(super) fn follows_at_once(&self, state: &State) -> Option<Action> {
        if !self.reduced.restarts || state.broken.is_some() {
            return None;
        }
        let replica = self.down(state)?;
        (state.left.crashes == 0).then_some(Action {
            what: What::Restart { replica, lost: 0 },
            fate: Fate::Whole,
        })
    }

    /// The first replica that is down.
    pub(super) fn down(&self, state: &State) -> Option<u8> {
        let mut replicas = 0..self.replicas;
        let down = replicas.find(|replica| !self.memo.local(state.locals[*replica]).up);
        down.map(|replica| replica as u8)
    }

    /// The state after one action; `None` where nothing changed.
    pub(super) fn next_alone(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        self.happen(&mut next, action);
        (next != *state).then_some(next)
    }

    fn happen(&self, state: &mut State, action: Action) {
        let Some((replica, input)) = self.input(state, action.what) else {
            self.happen_between(state, action.what);
            return;
        };
        self.spend(state, action);
        let step = self.memo.step(state.locals[replica], input, action.fate);
        state.locals[replica] = step.next;
        if let What::Restart { .. } = action.what {
            self.connect(state, replica);
        }
        self.follow(state, replica, &step);
        let crashes = matches!(action.what, What::Crash { .. }) || action.fate != Fate::Whole;
        if crashes {
            state.left.crashes -= 1;
            // What is on its way to it is lost; what it sent may still arrive.
            for peer in 0..self.replicas {
                let link = state.link(peer, replica);
                state.links[link].clear();
            }
        }
    }

    /// What happens to no replica.
    fn happen_between(&self, state: &mut State, what: What) {
        match what {
            What::Lose { from, to } => {
                let (from, to) = (usize::from(from), usize::from(to));
                let link = state.link(from, to);
                state.links[link].remove(0);
                state.left.losses -= u8::from(!state.is_cut(from, to));
            }
            What::Break { one, other } => {
                let (one, other) = (usize::from(one), usize::from(other));
                state.left.breaks -= 1;
                self.make_session(state, (one, other), SESSION_UP);
            }
            What::Cut { one, other } => self.cut(state, one.into(), other.into()),
            What::Heal { one, other } => self.heal(state, one.into(), other.into()),
            What::Settle => state.broken = self.settled(state),
            What::Time => {
                state.left.time -= 1;
                for taken in self.time_passes(state) {
                    state.locals[taken.replica] = taken.step.next;
                }
            }
            What::Deliver { .. }
            | What::Ask { .. }
            | What::Attempt { .. }
            | What::Timer { .. }
            | What::Crash { .. }
            | What::Restart { .. } => unreachable!("these happen to a replica"),
        }
    }

    /// What a step of a replica means for everyone.
    fn follow(&self, state: &mut State, replica: usize, step: &Step) {
        self.note(step.reached);
        for (to, message) in &step.sends {
            self.send(state, replica, usize::from(*to) - 1, *message);
        }
        let mut is_answered = false;
        for (client, sequence, output) in &step.replies {
            let asked = self
                .planned
                .iter()
                .position(|planned| (planned.client, planned.sequence) == (*client, *sequence));
            let Some(operation) = asked else { continue };
            let command = &mut state.commands[operation];
            if command.output.is_none() {
                command.output = Some(*output);
                is_answered = true;
            }
        }
        let decided = &self.memo.local(step.next).decided;
        let differs = adopt(&mut state.agreed, decided);
        state.broken = step.broken.or_else(|| {
            let (replica, index) = (replica as u8 + 1, differs? as u32);
            Some(Broken::Agreement { replica, index })
        });
        if is_answered {
            self.note(Reached::ANSWER);
        }
        if is_answered && state.broken.is_none() {
            self.judge(state);
        }
    }

    fn judge(&self, state: &mut State) {
        state.broken = match self.memo.judge(&state.history()) {
            Judged::Linearizable => None,
            Judged::NotLinearizable => Some(Broken::Linearizability),
            Judged::Disputed => Some(Broken::Judges),
            Judged::Broken(broken) => Some(broken),
            Judged::Undecided => {
                self.undecided.store(true, Ordering::Relaxed);
                None
            }
        };
        if state
            .commands
            .iter()
            .all(|command| command.output.is_some())
        {
            self.note(Reached::COMPLETION);
        }
    }

    pub(super) fn note(&self, reached: Reached) {
        let before = self.reached.load(Ordering::Relaxed);
        if before & reached.0 != reached.0 {
            self.reached.fetch_or(reached.0, Ordering::Relaxed);
        }
    }
}
