//! What one replica can be in, discovered step by step.
//!
//! A replica is a deterministic function of its inputs, so its states and the
//! steps between them form an automaton, and each step needs to be run only
//! once, however many global states it is part of. A state is kept as the way
//! to it (the state before, and the input); to take a step from it, a copy is
//! rebuilt by living that way through again. The automaton lives on a thread of
//! its own, because replicas share what threads must not; the search asks it
//! for steps that it has not seen yet.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::audit::{Audit, Lineage, Seen};
use super::broken::Broken;
use super::identity;
use super::life::{Happening, Life, Lived};
use super::setting::{ActionOf, Setting, campaign};
use super::step::{Fate, Input, Local, LocalId, MessageId, OutputId, Reached, Step};
use super::violations::Violations;
use crate::decision::hash::{mix, mix_bytes};
use crate::observation::{ReplicaId, content_digest};
use crate::replica::caught;
use crate::replica::{Effect, Event, Message, Replica, TimerId};
use crate::scenario::Identity;
use crate::system::{OutputOf, System};
use simulated_clock::Duration;

type MessageOf<S> = <<S as System>::Replica as Replica>::Message;

/// The way to a state.
#[derive(Clone, Copy, Debug)]
struct Way {
    before: Option<LocalId>,
    input: Input,
    fate: Fate,
    replica: ReplicaId,
    /// The digest of all inputs up to this one.
    key: u64,
}

/// The states of all replicas that were found so far.
pub(super) struct Automaton<S: System> {
    pub(super) setting: Setting<S>,
    ways: Vec<Way>,
    known: BTreeMap<u64, LocalId>,
    messages: Vec<(ReplicaId, MessageOf<S>)>,
    pub(super) message_ids: BTreeMap<u64, MessageId>,
    pub(super) outputs: Vec<OutputOf<S>>,
    pub(super) output_ids: BTreeMap<u64, OutputId>,
    pub(super) violations: Violations,
    attempt: Option<ActionOf<S>>,
    pub(super) audit: Audit,
    /// How often planted bugs acted, in steps that differ.
    pub(super) deviations: Cell<u64>,
}

fn extended(way: &[(Input, Fate)], step: (Input, Fate)) -> Lineage {
    way.iter().copied().chain([step]).collect()
}

/// What anybody can see of a step.
fn see<S: System>(life: &Life<'_, S>, lived: &Lived<S::Replica>) -> Seen {
    let broke = life.violation.as_ref();
    Seen {
        effects: identity::effects(lived),
        writes: lived.writes,
        shows: mix(identity::look(life), u64::from(life.timers.set_ones())),
        broke: broke.map(|violation| format!("{}: {}", violation.check, violation.message)),
    }
}

/// What is known of a state.
pub(super) fn local<S: System>(life: &Life<'_, S>) -> Local {
    Local {
        up: life.host.is_up(),
        timers: life.timers.set_ones(),
        due: match life.time_passes() {
            true => life.timers.due_ones(life.now),
            false => 0,
        },
        next_due: life.timers.next_after(life.now),
        decided: life.decided(),
        unsynced: life.unsynced(),
        replica: life.me(),
    }
}

impl<S: System> Automaton<S> {
    /// One state per replica to begin with, in order.
    pub(super) fn new(setting: Setting<S>, violations: Violations) -> Self {
        let ways = (1..=setting.replicas).map(|replica| Way {
            before: None,
            input: Input::Crash,
            fate: Fate::Whole,
            replica,
            key: replica,
        });
        Self {
            ways: ways.collect(),
            setting,
            known: BTreeMap::new(),
            messages: Vec::new(),
            message_ids: BTreeMap::new(),
            outputs: Vec::new(),
            output_ids: BTreeMap::new(),
            violations,
            attempt: campaign::<S>(),
            audit: Audit::default(),
            deviations: Cell::new(0),
        }
    }

    /// Takes a step; also what is known of the state that it leads to, if that is new.
    pub(super) fn step(
        &mut self,
        from: LocalId,
        input: Input,
        fate: Fate,
    ) -> (Step, Option<Local>) {
        // Not of the handler, whose panics are caught where it runs.
        let taken = caught(|| self.live_once(from, (input, fate)));
        taken.unwrap_or_else(|caught| (Step::that_breaks(from, self.beside(&caught)), None))
    }

    fn live_once(&mut self, from: LocalId, taken: (Input, Fate)) -> (Step, Option<Local>) {
        let (input, fate) = taken;
        let mut life = self.relive(from);
        life.reached = Default::default();
        let lived = life.live(self.happening(input), fate);
        let digest = self.identify(&life, from, taken);
        let seen = see(&life, &lived);
        let (violation, reached) = (life.violation.take(), life.reached);
        let (local, deviations) = (local(&life), life.deviations);
        drop(life);
        self.deviations.set(self.deviations.get() + deviations);
        let mut step = Step {
            next: from,
            sends: Vec::new(),
            replies: Vec::new(),
            writes: lived.writes,
            broken: None,
            reached,
        };
        self.intern(local.replica, lived, &mut step);
        step.broken = violation.map(|violation| Broken::Invariant(self.broke(violation)));
        let known = self.known.get(&digest).copied();
        step.next = known.unwrap_or_else(|| self.enter(from, taken, digest));
        if self.setting.identity == Identity::Behaviour {
            // What panics in another way to a state does so where that way is taken.
            let _ = caught(|| self.audit(from, taken, &seen, step.next));
        }
        (step, known.is_none().then_some(local))
    }

    /// What a step is known by in every search that comes to it in the same way.
    pub(super) fn key(&self, from: LocalId, (input, fate): (Input, Fate)) -> u64 {
        let before = self.ways[from as usize].key;
        let input = match input {
            Input::Message(id) => {
                let (from, message) = &self.messages[id as usize];
                content_digest(&(from, message))
            }
            other => mix_bytes(0, format!("{other:?}").as_bytes()),
        };
        let fate = mix_bytes(0, format!("{fate:?}").as_bytes());
        [input, fate].into_iter().fold(before, mix)
    }

    /// Takes the step after every other way to its state, too; and where it leads
    /// to a state that was known, the steps from there after this way.
    fn audit(&mut self, from: LocalId, step: (Input, Fate), seen: &Seen, next: LocalId) {
        self.audit.taken(from, step, seen.clone());
        for other in self.audit.others(from) {
            self.compare((from, &other), step, seen);
            self.another_way(next, &extended(&other, step), true);
        }
        let way = extended(&self.way_to(from), step);
        if way[..] != self.way_to(next)[..] {
            self.another_way(next, &way, false);
        }
    }

    fn another_way(&mut self, state: LocalId, way: &Lineage, detour: bool) {
        if !self.audit.keep(state, way, detour) {
            return;
        }
        for (step, seen) in self.audit.steps(state) {
            self.compare((state, way), step, &seen);
        }
    }

    fn compare(&mut self, (state, way): (LocalId, &Lineage), step: (Input, Fate), seen: &Seen) {
        let after = self.look_after(state, way, step);
        if *seen == after {
            return;
        }
        let ways = [self.way_to(state), way.to_vec()].map(|way| {
            let inputs = way.iter().chain([&step]).map(|step| self.describe(*step));
            inputs.collect::<Vec<_>>().join(", ")
        });
        let replica = self.ways[state as usize].replica;
        self.audit.differ(format!(
            "replica {replica}: [{}] and [{}]",
            ways[0], ways[1]
        ));
    }

    /// A step in words.
    fn describe(&self, (input, fate): (Input, Fate)) -> String {
        let fate = if fate == Fate::Whole {
            String::new()
        } else {
            format!(" {fate:?}")
        };
        match input {
            Input::Message(id) => format!("{}{fate}", self.tell(id)),
            other => format!("{other:?}{fate}"),
        }
    }

    /// What comes of a step after a way to a state.
    fn look_after(
        &self,
        state: LocalId,
        way: &[(Input, Fate)],
        (input, fate): (Input, Fate),
    ) -> Seen {
        let mut life = self.relive_way(self.ways[state as usize].replica, way);
        let lived = life.live(self.happening(input), fate);
        see(&life, &lived)
    }

    fn enter(&mut self, from: LocalId, (input, fate): (Input, Fate), digest: u64) -> LocalId {
        let next = LocalId::try_from(self.ways.len()).expect("fewer than 2^32 states of replicas");
        let key = self.key(from, (input, fate));
        self.known.insert(digest, next);
        self.ways.push(Way {
            before: Some(from),
            input,
            fate,
            replica: self.ways[from as usize].replica,
            key,
        });
        next
    }

    /// The inputs on the way to a state, from the first start on.
    fn way_to(&self, state: LocalId) -> Vec<(Input, Fate)> {
        let mut inputs = Vec::new();
        let mut way = self.ways[state as usize];
        while let Some(before) = way.before {
            inputs.push((way.input, way.fate));
            way = self.ways[before as usize];
        }
        inputs.reverse();
        inputs
    }

    /// A copy of a replica in a state.
    pub(super) fn relive(&self, state: LocalId) -> Life<'_, S> {
        self.relive_way(self.ways[state as usize].replica, &self.way_to(state))
    }

    /// The same, and what it shows is kept in words.
    pub(super) fn relive_narrated(&self, state: LocalId) -> Life<'_, S> {
        let me = self.ways[state as usize].replica;
        self.live_on(Life::new(&self.setting, me).narrated(), &self.way_to(state))
    }

    fn relive_way(&self, replica: ReplicaId, way: &[(Input, Fate)]) -> Life<'_, S> {
        self.live_on(Life::new(&self.setting, replica), way)
    }

    fn live_on<'a>(&'a self, mut life: Life<'a, S>, way: &[(Input, Fate)]) -> Life<'a, S> {
        for (input, fate) in way {
            life.live(self.happening(*input), *fate);
        }
        // What happened on the way was counted when it happened first.
        life.deviations = 0;
        life
    }

    /// The digest of the state after a step.
    fn identify(&self, life: &Life<'_, S>, from: LocalId, last: (Input, Fate)) -> u64 {
        let by_history = content_digest(&(from, format!("{last:?}")));
        let mut again = || {
            let mut again = self.relive(from);
            again.live(self.happening(last.0), last.1);
            again
        };
        let events = || self.events_with(from, last);
        // What a probe brings to panic does so where it happens.
        let shown = caught(|| identity::shown(life, events, &mut again));
        let shown = shown.ok().flatten();
        shown.map_or(by_history, |shown| mix(life.me(), shown))
    }

    /// What happened in the present life, with one more step.
    fn events_with(&self, from: LocalId, last: (Input, Fate)) -> Vec<Event<S::Replica>> {
        let mut way = self.way_to(from);
        way.push(last);
        let begins = way
            .iter()
            .rposition(|(input, _)| matches!(input, Input::Start { .. }));
        let life = &way[begins.map_or(0, |place| place + 1)..];
        life.iter()
            .filter_map(|(input, _)| match self.happening(*input) {
                Happening::Event(event) => Some(event),
                Happening::Start { .. } | Happening::Crash | Happening::Time(_) => None,
            })
            .collect()
    }

    pub(super) fn happening(&self, input: Input) -> Happening<S::Replica> {
        Happening::Event(match input {
            Input::Start { lost } => return Happening::Start { lost },
            Input::Crash => return Happening::Crash,
            Input::Time(now) => return Happening::Time(now),
            Input::Message(id) => {
                let (from, message) = &self.messages[id as usize];
                let (from, message) = (*from, message.clone());
                Event::Message { from, message }
            }
            Input::Request { operation, attempt } => {
                Event::Request(self.setting.request(operation, attempt.into()))
            }
            Input::Timer(timer) => Event::Timer {
                timer: TimerId(timer),
                late: Duration::ZERO,
            },
            Input::SessionUp(peer) => Event::SessionUp(u64::from(peer)),
            Input::Attempt => {
                let attempt = self.attempt.clone();
                Event::Operator(attempt.expect("a search asks only for what there is"))
            }
        })
    }

    /// Whether replicas of this system can be asked to lead.
    pub(super) fn has_attempts(&self) -> bool {
        self.attempt.is_some()
    }

    fn intern(&mut self, from: ReplicaId, lived: Lived<S::Replica>, step: &mut Step) {
        for effect in lived.effects {
            match effect {
                Effect::Send { to, message } => {
                    let carried = self.carried(from, to, message);
                    step.sends.extend(carried.map(|id| (to as u8, id)));
                }
                Effect::Reply(reply) => {
                    if self.setting.changes(&reply) {
                        step.reached = step.reached.with(Reached::CHANGE);
                    }
                    let digest = content_digest(&reply.output);
                    let next = self.outputs.len() as OutputId;
                    let id = *self.output_ids.entry(digest).or_insert(next);
                    if id == next {
                        self.outputs.push(reply.output);
                    }
                    step.replies.push((reply.id.client, reply.id.sequence, id));
                }
                Effect::SetTimer { .. } | Effect::CancelTimer(_) => {}
            }
        }
    }

    /// The number of a message; none where its kind is not carried.
    pub(super) fn carried(
        &mut self,
        from: ReplicaId,
        to: ReplicaId,
        message: MessageOf<S>,
    ) -> Option<MessageId> {
        if message.is_routine() && !self.setting.routine {
            return None;
        }
        let digest = content_digest(&(from, to, &message));
        let next = self.messages.len() as MessageId;
        let id = *self.message_ids.entry(digest).or_insert(next);
        if id == next {
            self.messages.push((from, message));
        }
        Some(id)
    }

    /// A message in words.
    pub(super) fn tell(&self, id: MessageId) -> String {
        let (_, message) = &self.messages[id as usize];
        format!("{} {}", self.kind(id), message.tell())
    }

    /// The kind of a message.
    pub(super) fn kind(&self, id: MessageId) -> &'static str {
        let (_, message) = &self.messages[id as usize];
        <MessageOf<S> as Message>::KINDS[message.kind()]
    }
}
