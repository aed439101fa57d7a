//! Targeted faults: they come at a [`Cue`], not at a time.
//!
//! `[[nemesis.targeted]]` asks the decisions at every cue of its kind whether to
//! strike; a `[[fault]]` with `on` strikes at the n-th. Each occurrence of a cue is
//! a site of its own, so that a strike taken away leaves the others as they were.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::{Duration, Instant};

use super::cue::{Cue, Sent, Spoken};
use super::draw::Draw;
use super::fault::{Fault, FaultKind};
use super::impact::FaultSource;
use super::script::ScriptedFault;
use crate::decision::{Decisions, Stream};
use crate::units::{KeyError, Probability, Time, TimeRange};

/// One `[[nemesis.targeted]]`: a kind of fault at a kind of cue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetedRate {
    /// After which message.
    pub on: Cue,
    /// What happens then.
    pub kind: FaultKind,
    /// To whom; to one end of a link that is struck.
    #[serde(default)]
    pub whom: Whom,
    /// How likely at each such cue.
    pub chance: Probability,
    /// How long it lasts (for a crash: how long the replica stays down).
    #[serde(rename = "for")]
    pub lasts: TimeRange,
    /// It strikes up to so long after the cue; while the message is under way,
    /// or when it has just arrived.
    #[serde(default)]
    pub within: Time,
    /// How long there is none of this kind at this cue after one ended.
    #[serde(default)]
    pub stability: Time,
    /// Whether a run of the scenario is complete although it never struck anything.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_miss: bool,
}

impl TargetedRate {
    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        if !self.chance.is_possible() {
            let message = "0 never strikes: write more than 0, as 0.1".to_owned();
            return Some(KeyError::new("chance", message));
        }
        // A partition is drawn without regard to who said what.
        (self.kind == FaultKind::Partition && self.whom != Whom::default()).then(|| {
            let message = "a partition strikes all replicas: remove whom, or use \"isolate\"";
            KeyError::new("whom", message)
        })
    }
}

/// Whom a targeted fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Whom {
    /// The leader of the ballot that the cue speaks of; for a reply, who leads.
    #[default]
    Leader,
    /// Who said it.
    Speaker,
    /// Any other.
    Other,
}

/// A fault that is to begin after a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// What brings it.
    pub source: FaultSource,
    /// How long after it.
    pub after: Duration,
    /// The fault.
    pub fault: Fault,
    /// How long it lasts; until settle where absent.
    pub lasts: Option<Duration>,
}

/// Waits for cues.
#[derive(Debug)]
pub struct TargetedFaults {
    aims: Vec<Aim>,
    scripted: Vec<Scripted>,
    replicas: u64,
    messages: &'static [&'static str],
}

#[derive(Debug)]
struct Aim {
    source: FaultSource,
    /// What it waits for; nothing, where the system does not send that.
    cue: Option<Sent>,
    rate: TargetedRate,
    stream: Stream,
    heard: u64,
    quiet_until: Instant,
}

#[derive(Debug)]
struct Scripted {
    source: FaultSource,
    cue: Option<Sent>,
    from: Instant,
    /// How many are still to pass; it strikes at the last of them.
    left: u64,
    fault: Fault,
    lasts: Option<Duration>,
}

impl TargetedFaults {
    /// The targeted faults of a scenario; `messages` are the names of the kinds of
    /// message that replicas send each other.
    pub fn new(
        rates: &[TargetedRate],
        replicas: u64,
        messages: &'static [&'static str],
        decisions: &Decisions,
    ) -> Self {
        let aim = |(index, rate): (u16, &TargetedRate)| Aim {
            source: FaultSource::Targeted(index),
            cue: rate.on.of(messages),
            rate: rate.clone(),
            stream: decisions.stream("targeted", format!("{}.{}", rate.on, rate.kind)),
            heard: 0,
            quiet_until: Instant::ZERO,
        };
        Self {
            aims: (0..).zip(rates).map(aim).collect(),
            scripted: Vec::new(),
            replicas,
            messages,
        }
    }

    /// Lets no fault that is drawn begin before `start`; a script has times of its own.
    #[must_use]
    pub fn starting_at(mut self, start: Instant) -> Self {
        for aim in &mut self.aims {
            aim.quiet_until = start;
        }
        self
    }

    /// Adds the scripted fault number `index`, which waits for a cue and was lowered to
    /// `fault`.
    ///
    /// # Panics
    /// If it waits for none.
    pub fn script(&mut self, index: u16, scripted: &ScriptedFault, fault: Fault) {
        let cue = scripted.on.as_ref();
        let cue = cue.expect("only those that wait for a cue come here");
        self.scripted.push(Scripted {
            source: FaultSource::Fault(index),
            cue: cue.of(self.messages),
            from: Instant::ZERO + scripted.at.unwrap_or_default().0,
            left: scripted.nth.unwrap_or(1),
            fault,
            lasts: scripted.lasts.map(|time| time.0),
        });
    }

    /// Whether any fault waits for a cue.
    pub fn is_waiting(&self) -> bool {
        !self.aims.is_empty() || !self.scripted.is_empty()
    }

    /// Something was sent: what begins because of it.
    pub fn hear(&mut self, now: Instant, spoken: Spoken, decisions: &mut Decisions) -> Vec<Strike> {
        let mut strikes = self.scripted_at(now, spoken.sent);
        let waits = |aim: &&mut Aim| aim.cue == Some(spoken.sent);
        for aim in self.aims.iter_mut().filter(waits) {
            strikes.extend(aim.strike(now, spoken, self.replicas, self.messages, decisions));
        }
        strikes
    }

    fn scripted_at(&mut self, now: Instant, sent: Sent) -> Vec<Strike> {
        let mut strikes = Vec::new();
        let waits = |one: &Scripted| one.cue == Some(sent) && one.left > 0 && one.from <= now;
        for one in self.scripted.iter_mut().filter(|one| waits(one)) {
            one.left -= 1;
            if one.left == 0 {
                strikes.push(Strike {
                    source: one.source,
                    after: Duration::ZERO,
                    fault: one.fault.clone(),
                    lasts: one.lasts,
                });
            }
        }
        strikes
    }
}

impl Aim {
    fn strike(
        &mut self,
        now: Instant,
        spoken: Spoken,
        replicas: u64,
        messages: &'static [&'static str],
        decisions: &mut Decisions,
    ) -> Option<Strike> {
        let rate = &self.rate;
        let number = self.heard;
        self.heard += 1;
        // Asked even when it is too early, so that the sites behind stay the same.
        let strikes = decisions.chance(&mut self.stream, rate.chance.ppm());
        if !strikes || now < self.quiet_until {
            return None;
        }
        let scope = format!("{}.{}.{number}", rate.on, rate.kind);
        let mut draw = Draw::new(decisions, "targeted", scope, replicas, messages);
        let after = draw.between(Duration::ZERO, rate.within.0);
        let lasts = draw.between(rate.lasts.min, rate.lasts.max);
        let victim = match rate.whom {
            Whom::Leader => spoken.leader.unwrap_or(spoken.speaker),
            Whom::Speaker => spoken.speaker,
            Whom::Other => draw.other_than(spoken.speaker),
        };
        let fault = draw.aimed_at(victim).fault(rate.kind, lasts);
        self.quiet_until = now + after + lasts + rate.stability.0;
        Some(Strike {
            source: self.source,
            after,
            fault,
            lasts: Some(lasts),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nemesis::Target;
    use crate::observation::ReplicaId;

    const MESSAGES: &[&str] = &["Prepare", "Promise", "Accepted"];
    const PREPARE: usize = 0;
    const PROMISE: usize = 1;
    const ACCEPTED: usize = 2;

    fn sent(kind: usize, speaker: ReplicaId, leader: ReplicaId) -> Spoken {
        Spoken {
            sent: Sent::Message(kind),
            speaker,
            leader: Some(leader),
        }
    }

    fn rate(whom: Whom) -> TargetedRate {
        TargetedRate {
            on: Cue::new("promise"),
            kind: FaultKind::Crash,
            whom,
            chance: Probability::ALWAYS,
            lasts: TimeRange::from_millis(10, 10),
            within: Time::default(),
            stability: Time::from_millis(5),
            may_miss: false,
        }
    }

    fn struck(whom: Whom) -> ReplicaId {
        let mut decisions = Decisions::seeded(1);
        let mut targeted = TargetedFaults::new(&[rate(whom)], 3, MESSAGES, &decisions);
        let strikes = targeted.hear(Instant::ZERO, sent(PROMISE, 3, 2), &mut decisions);
        let [Strike { fault, lasts, .. }] = strikes.as_slice() else {
            panic!("one strikes: {strikes:?}")
        };
        assert_eq!(*lasts, Some(Duration::from_millis(10)));
        let Fault::Crash {
            target: Target::Replica(replica),
        } = fault
        else {
            panic!("{fault:?}")
        };
        *replica
    }

    #[test]
    fn the_leader_of_the_ballot_the_speaker_or_another_is_struck() {
        assert_eq!(struck(Whom::Leader), 2);
        assert_eq!(struck(Whom::Speaker), 3);
        assert_ne!(struck(Whom::Other), 3);
    }

    #[test]
    fn nothing_strikes_at_another_cue_or_before_the_last_strike_is_over() {
        let mut decisions = Decisions::seeded(1);
        let rates = [rate(Whom::Leader)];
        let mut targeted = TargetedFaults::new(&rates, 3, MESSAGES, &decisions);
        let mut strikes_at = |millis, kind| {
            let now = Instant::ZERO + Duration::from_millis(millis);
            targeted.hear(now, sent(kind, 3, 2), &mut decisions).len()
        };
        assert_eq!(strikes_at(0, PREPARE), 0);
        assert_eq!(strikes_at(0, PROMISE), 1);
        assert_eq!(strikes_at(14, PROMISE), 0);
        assert_eq!(strikes_at(15, PROMISE), 1);
    }

    #[test]
    fn a_script_strikes_once_at_the_nth_cue_from_its_time_on() {
        let text =
            "kind = \"isolate\"\nreplica = \"leader\"\non = \"accepted\"\nnth = 2\nat = \"1s\"";
        let scripted: ScriptedFault = toml::from_str(text).expect("it is sound");
        let fault = scripted.lower(3).expect("it is sound");
        let mut decisions = Decisions::seeded(1);
        let mut targeted = TargetedFaults::new(&[], 3, MESSAGES, &decisions);
        assert!(!targeted.is_waiting());
        targeted.script(0, &scripted, fault.clone());
        assert!(targeted.is_waiting());
        let accepted = sent(ACCEPTED, 2, 1);
        let strikes: Vec<usize> = [500, 1_000, 1_001, 1_002]
            .map(|millis| {
                let now = Instant::ZERO + Duration::from_millis(millis);
                targeted.hear(now, accepted, &mut decisions).len()
            })
            .to_vec();
        assert_eq!(strikes, [0, 0, 1, 0]);
    }

    #[test]
    fn with_every_decision_boring_nothing_strikes() {
        use crate::decision::{Kept, Plan};
        let plan = Plan {
            kept: Kept::Only(Default::default()),
            ..Plan::default()
        };
        let mut decisions = Decisions::planned(1, plan);
        let rates = [rate(Whom::Leader)];
        let mut targeted = TargetedFaults::new(&rates, 3, MESSAGES, &decisions);
        let strikes = targeted.hear(Instant::ZERO, sent(PROMISE, 3, 2), &mut decisions);
        assert_eq!(strikes, []);
    }
}
