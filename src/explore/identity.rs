//! Recognises a replica by what it shows.
//!
//! The digest of a state folds what the replica tells of itself, what comes of
//! each probe on a copy of its own, what the invariants remember of it, and its
//! timers. A replica that is down is recognised by what starts from its disk.

use std::ops::RangeInclusive;

use super::life::{Happening, Life, Lived};
use super::step::Fate;
use crate::decision::hash::{mix, mix_bytes};
use crate::observation::{content_digest, fold_content};
use crate::replica::{Effect, Event, Replica};
use crate::scenario::Identity;
use crate::system::System;

/// The digest of a state; `None` where only its history tells it. `copy` makes
/// another replica in the same state, `events` tells what happened in its life.
pub(super) fn shown<'a, S: System>(
    life: &Life<'a, S>,
    events: impl FnOnce() -> Vec<Event<S::Replica>>,
    copy: &mut dyn FnMut() -> Life<'a, S>,
) -> Option<u64> {
    if life.identity() == Identity::History || life.violation.is_some() {
        return None;
    }
    let memory = mix(u64::from(life.incarnation()), life.checks.remembered());
    let memory = match life.moment() {
        0 => memory,
        moment => mix(memory, moment),
    };
    if life.host.is_up() {
        let behaviour = behaviour(life, &events(), copy)?;
        let awake = mix(mix(memory, behaviour), u64::from(life.timers.set_ones()));
        // Also known by what would wake if a crash took its last writes.
        return wakes(awake, 1..=life.unsynced(), &mut || {
            let mut asleep = copy();
            asleep.live(Happening::Crash, Fate::Whole);
            asleep
        });
    }
    // Asleep: known by what wakes.
    wakes(mix(memory, 0), 0..=life.unsynced(), copy)
}

/// Adds what wakes from a disk that lost so many writes to a digest.
fn wakes<'a, S: System>(
    digest: u64,
    mut lost: RangeInclusive<u8>,
    asleep: &mut dyn FnMut() -> Life<'a, S>,
) -> Option<u64> {
    lost.try_fold(digest, |digest, lost| {
        let mut restart = || {
            let mut woken = asleep();
            woken.live(Happening::Start { lost }, Fate::Whole);
            woken
        };
        let woken = restart();
        if woken.violation.is_some() {
            return None;
        }
        let digest = if lost == 0 {
            digest
        } else {
            mix(digest, woken.checks.remembered())
        };
        Some(mix(digest, behaviour(&woken, &[], &mut restart)?))
    })
}

fn behaviour<'a, S: System>(
    life: &Life<'a, S>,
    events: &[Event<S::Replica>],
    copy: &mut dyn FnMut() -> Life<'a, S>,
) -> Option<u64> {
    let replica = life.host.replica()?;
    let known = life.known(events);
    let mut digest = replica.fingerprint(&known)?;
    for probe in replica.probes(&known) {
        digest = mix(digest, 1);
        let mut subject = copy();
        let mut before = look(&subject);
        for (place, event) in (0..).zip(probe.events) {
            let asked = told(&event);
            let lived = subject.live(Happening::Event(event), Fate::Whole);
            let after = look(&subject);
            let effects = effects(&lived);
            if effects == 0 && after == before {
                continue;
            }
            // One of many values is told by what was asked, not by its place among
            // those that might have been.
            let which = if probe.until_effect { asked } else { place };
            digest = mix(mix(mix(digest, which), effects), after);
            before = after;
            if probe.until_effect || !subject.host.is_up() {
                break;
            }
        }
    }
    Some(digest)
}

/// How a replica looks from outside.
pub(super) fn look<S: System>(life: &Life<'_, S>) -> u64 {
    let shown = life
        .host
        .replica()
        .and_then(|replica| replica.fingerprint(&life.known(&[])));
    let panic = life.violation.as_ref().map(|violation| &violation.message);
    let panic = panic.map_or(0, |message| mix_bytes(0, message.as_bytes()));
    mix(shown.unwrap_or(0), panic)
}

/// The digest of what happens to a replica.
pub(super) fn happened<R: Replica>(happening: &Happening<R>) -> u64 {
    match happening {
        Happening::Start { lost: 0 } => 1,
        Happening::Start { lost } => mix(1, u64::from(*lost)),
        Happening::Crash => 2,
        Happening::Event(event) => mix(3, told(event)),
        Happening::Time(now) => mix(4, now.as_nanos()),
    }
}

fn told<R: Replica>(event: &Event<R>) -> u64 {
    match event {
        Event::Message { from, message } => content_digest(&(from, message)),
        Event::Request(request) => content_digest(&request.id),
        Event::Timer { timer, .. } => content_digest(timer),
        Event::SessionUp(peer) => mix(1, *peer),
        Event::SessionLost(peer) => mix(2, *peer),
        Event::Operator(action) => content_digest(action),
        Event::Stop => 3,
    }
}

/// The digest of what left, timers aside; 0 if nothing did.
pub(super) fn effects<R: Replica>(lived: &Lived<R>) -> u64 {
    lived.effects.iter().fold(0, |digest, effect| match effect {
        Effect::Send { to, message } => fold_content(mix(digest, *to), message),
        Effect::Reply(reply) => fold_content(mix(digest, 0), &**reply),
        Effect::SetTimer { .. } | Effect::CancelTimer(_) => digest,
    })
}
