//! Lives one replica through again: the real code, its disk and its invariants, from its
//! first start on, or from where a run was halted.

use std::rc::Rc;

use simulated_clock::{Duration, Instant, NodeClock};

use super::decided::Decided;
use super::rewound::Copied;
use super::setting::Setting;
use super::step::{Fate, Reached};
use super::timers::Timers;
use crate::check::{Checks, Violation};
use crate::decision::Decisions;
use crate::decision::hash::mix;
use crate::observation::{LogId, Observation, ReplicaId, Voice};
use crate::replica::{
    BrokenOff, Caught, Effect, Event, Host, Known, Outcome, Replica, Timed, Turn,
};
use crate::scenario::Identity;
use crate::storage::{CrashPoint, Durability, Fuse, Io};
use crate::system::{EntryOf, System};
use crate::world::narrated;

/// What happens to a replica.
pub(super) enum Happening<R: Replica> {
    /// A life begins, on a disk that lost its last writes.
    Start {
        lost: u8,
    },
    Event(Event<R>),
    Crash,
    /// Time has passed until now.
    Time(Instant),
}

/// A replica, with all that is its own.
pub(super) struct Life<'a, S: System> {
    setting: &'a Setting<S>,
    pub(super) host: Host<S::Replica>,
    decisions: Decisions,
    effects: Vec<Timed<S::Replica>>,
    pub(super) checks: Checks<EntryOf<S>, S::Fold>,
    /// What time it is, for all replicas alike.
    pub(super) now: Instant,
    pub(super) timers: Timers,
    pub(super) violation: Option<Violation>,
    pub(super) reached: Reached,
    /// How often its planted bug acted.
    pub(super) deviations: u64,
    /// What it showed, in words, where somebody wants to know.
    narration: Option<Vec<String>>,
    standing: Standing,
}

/// What a replica that is up has come to, as far as it showed it.
#[derive(Default)]
pub(super) struct Standing {
    leads: Option<String>,
    applied: Vec<String>,
}

impl Standing {
    pub(super) fn lines(&self) -> impl Iterator<Item = &String> {
        self.leads.iter().chain(&self.applied)
    }
}

/// What one happening led to.
pub(super) struct Lived<R: Replica> {
    pub(super) effects: Vec<Effect<R>>,
    pub(super) writes: u8,
}

impl<'a, S: System> Life<'a, S> {
    /// A replica at the beginning of every schedule.
    pub(super) fn new(setting: &'a Setting<S>, replica: ReplicaId) -> Self {
        let mut life = match &setting.from {
            None => Self::unborn(setting, replica),
            Some(run) => Self::gone_on(setting, run.copy(replica)),
        };
        for (place, operation) in setting.operations.iter().enumerate() {
            if operation.called.is_none() {
                let digest = setting.command_digest(place);
                life.checks.invoked(operation.id, digest);
            }
        }
        life
    }

    /// A replica that was never started.
    fn unborn(setting: &'a Setting<S>, replica: ReplicaId) -> Self {
        let checks = Checks::new(setting.replicas, &setting.without);
        let clock = NodeClock::new(setting.clock, 0, Duration::ZERO);
        let host = Host::new(replica, setting.replicas, &setting.disk, clock);
        Self::with(setting, host, checks)
    }

    /// A replica as it was when its run was halted.
    fn gone_on(setting: &'a Setting<S>, copied: Copied<S>) -> Self {
        let checks = copied.checks();
        let survivor = copied.survivor;
        Self {
            timers: Timers::left(survivor.timers, setting.now()),
            ..Self::with(setting, survivor.host, checks)
        }
    }

    fn with(
        setting: &'a Setting<S>,
        host: Host<S::Replica>,
        checks: Checks<EntryOf<S>, S::Fold>,
    ) -> Self {
        Self {
            setting,
            host,
            decisions: Decisions::seeded(0),
            effects: Vec::new(),
            checks,
            now: setting.now(),
            timers: Timers::default(),
            violation: None,
            reached: Reached::default(),
            deviations: 0,
            narration: None,
            standing: Standing::default(),
        }
    }

    /// The same, and what it shows is kept in words.
    #[must_use]
    pub(super) fn narrated(mut self) -> Self {
        self.narration = Some(Vec::new());
        self
    }

    /// What it showed since this was asked last.
    pub(super) fn narration(&mut self) -> Vec<String> {
        self.narration
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// What it has come to in this life; nothing unless it is narrated.
    pub(super) fn standing(&self) -> &Standing {
        &self.standing
    }

    pub(super) fn identity(&self) -> Identity {
        self.setting.identity
    }

    pub(super) fn incarnation(&self) -> u32 {
        self.host.incarnation()
    }

    pub(super) fn me(&self) -> ReplicaId {
        self.host.id()
    }

    /// Lives through what happens, up to its fate.
    pub(super) fn live(
        &mut self,
        happening: Happening<S::Replica>,
        fate: Fate,
    ) -> Lived<S::Replica> {
        self.setting.pulse.beat();
        let io = self.host.io();
        io.begin_handler();
        match fate {
            Fate::Whole => {}
            Fate::Before(write) => arm(io, write, CrashPoint::Before),
            Fate::After(write) => arm(io, write, CrashPoint::BeforeEffects),
        }
        let outcome = match happening {
            Happening::Start { lost } => self.start(lost),
            Happening::Event(event) => self.handle(event),
            Happening::Crash => Outcome::Crashed,
            Happening::Time(now) => {
                self.now = now;
                Outcome::Returned(())
            }
        };
        self.collect();
        let writes = self.host.io().writes();
        if !self.host.is_complete(&outcome) {
            match self.host.break_off(outcome, &mut self.effects) {
                BrokenOff::Crashed | BrokenOff::FailStop => self.go_down(),
                BrokenOff::Panicked(caught) => self.panicked(&caught),
            }
        }
        let effects: Vec<_> = self.effects.drain(..).map(|timed| timed.effect).collect();
        if self.host.is_up() {
            self.timers.take(&effects, self.now);
        }
        Lived {
            effects,
            writes: u8::try_from(writes).unwrap_or(u8::MAX),
        }
    }

    fn start(&mut self, lost: u8) -> Outcome<()> {
        if self.setting.disk.contract == Durability::Unsynced && self.incarnation() > 0 {
            // What a crash took shows only now.
            let lost = &mut |bound| u64::from(lost).min(bound - 1);
            self.host.crash_disk(lost);
            self.collect();
        }
        let incarnation = self.host.begin_life();
        self.observe(LogId::FIRST, &Observation::Started { incarnation });
        let turn = Turn {
            now: self.now,
            decisions: &mut self.decisions,
            effects: &mut self.effects,
        };
        self.host.start(&self.setting.options, turn)
    }

    fn handle(&mut self, event: Event<S::Replica>) -> Outcome<()> {
        if let Event::Timer { timer, .. } = event {
            self.timers.remove(timer);
        }
        let turn = Turn {
            now: self.now,
            decisions: &mut self.decisions,
            effects: &mut self.effects,
        };
        self.host.handle(|| event, turn)
    }

    fn go_down(&mut self) {
        self.host.go_down();
        self.timers.clear();
        if self.setting.disk.contract != Durability::Unsynced {
            self.host.crash_disk(&mut |_| 0);
        }
        self.collect();
        self.observe(LogId::FIRST, &Observation::Crashed);
    }

    fn panicked(&mut self, caught: &Caught) {
        self.timers.clear();
        let violation = Violation::panic(self.now, self.me(), caught);
        self.violation.get_or_insert(violation);
    }

    fn collect(&mut self) {
        let tape = Rc::clone(self.host.tape());
        tape.show(|observations| {
            observations
                .iter()
                .for_each(|(log, observation)| self.observe(*log, observation));
        });
    }

    fn observe(&mut self, log: LogId, observation: &Observation<EntryOf<S>>) {
        let who = (self.me(), self.incarnation());
        self.note(log, observation);
        if let Some(narration) = &mut self.narration {
            let words = narrated(observation);
            match observation {
                Observation::Started { .. } | Observation::Crashed => {
                    self.standing = Standing::default();
                }
                Observation::Leads { .. } => self.standing.leads.clone_from(&words),
                Observation::Applied { .. } => self.standing.applied.extend(words.clone()),
                _ => {}
            }
            narration.extend(words);
        }
        let violation = self.checks.observe(self.now, who, log, observation);
        if self.violation.is_none() {
            self.violation = violation.map(|violation| *violation);
        }
    }

    /// What the observation shows that a search must come by; before the ledger
    /// has taken it into account.
    fn note(&mut self, log: LogId, observation: &Observation<EntryOf<S>>) {
        let reached = match observation {
            Observation::Leads { leader, accepting } => {
                let recovers = *accepting && self.incarnation() > 1;
                let leads = *accepting && *leader == Some(self.me());
                let recovery = if recovers {
                    Reached::RECOVERY
                } else {
                    Reached::default()
                };
                if leads {
                    Reached::ELECTION.with(recovery)
                } else {
                    recovery
                }
            }
            Observation::Said {
                voice: Voice::AcceptSync,
                ..
            } => Reached::SYNCHRONISATION,
            Observation::Decided { to } if *to > 0 => Reached::DECISION,
            // A system of one's own may tell no more than that.
            Observation::Applied { .. } => Reached::DECISION,
            Observation::Truncated { to } if *to < self.last_of(log) => Reached::TRUNCATION,
            Observation::SnapshotStored { .. } => Reached::SNAPSHOT,
            Observation::Deviated => {
                self.deviations += 1;
                return;
            }
            _ => return,
        };
        self.reached = self.reached.with(reached);
    }

    /// Where a log of its own ends.
    fn last_of(&self, log: LogId) -> u64 {
        let checks = self.checks.log(log);
        checks.map_or(0, |checks| checks.ledger(self.me()).last())
    }

    /// What it has decided.
    pub(super) fn decided(&self) -> Decided {
        Decided::of(&self.checks, self.me())
    }

    pub(super) fn time_passes(&self) -> bool {
        self.setting.time_passes
    }

    /// The digest of what time it is and when timers are due, where time passes.
    pub(super) fn moment(&self) -> u64 {
        match self.time_passes() {
            true => mix(self.now.as_nanos(), self.timers.digest(self.now)),
            false => 0,
        }
    }

    /// How many of its last writes a crash takes away at most.
    pub(super) fn unsynced(&self) -> u8 {
        let most = u64::from(self.setting.losable);
        most.min(self.host.unsynced()) as u8
    }

    /// What is known of it, to recognise it.
    pub(super) fn known<'b>(&'b self, life: &'b [Event<S::Replica>]) -> Known<'b, S::Replica> {
        Known {
            me: self.me(),
            replicas: self.setting.replicas,
            life,
            command: &self.setting.nobodys,
        }
    }
}

fn arm(io: &Io, write: u8, point: CrashPoint) {
    io.arm(Fuse {
        writes: u64::from(write),
        point,
        tear: 0,
    });
}
