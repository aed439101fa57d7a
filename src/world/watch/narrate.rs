//! Tells in words what happens, for annotated traces.

use std::collections::BTreeSet;
use std::fmt;

use simulated_clock::Instant;

use super::trace::{Leaving, Tracer};
use crate::check::Violation;
use crate::client::Issued;
use crate::network::Endpoint;
use crate::observation::{LogId, Observation, ReplicaId, Replicated, RequestId, content_digest};
use crate::replica::in_words;
use crate::replica::{Message, Replica};
use crate::world::input::{Input, Peer};
use crate::world::packet::Packet;
use crate::world::trace_line::{Scene, TraceLine};

impl Tracer {
    /// What is told of something that leaves: that it is lost, at once or at the end, if it is.
    #[cold]
    pub(super) fn leaving<R: Replica>(
        &self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<R>,
    ) -> Option<Leaving> {
        if !self.shows(packet.is_routine()) {
            return None;
        }
        let receiver = self.endpoints().name(to).to_string();
        let lost = TraceLine {
            at: now,
            who: self.endpoints().name(from).to_string(),
            what: format!("-x {receiver} {}", told(packet)),
            scene: Scene::IsLost { to: receiver },
            request: request_of(packet),
            is_marked: false,
        };
        let travel = (from, to, content_digest(packet));
        Some(Leaving { travel, lost })
    }

    #[cold]
    pub(super) fn delivery<R: Replica>(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<R>,
    ) {
        if !self.shows(packet.is_routine()) {
            return;
        }
        let sender = self.endpoints().name(from).to_string();
        let words = format!("<- {sender} {}", told(packet));
        let scene = match self.arrives((from, to, content_digest(packet))) {
            Some(sent) => Scene::Arrives { from: sender, sent },
            None => Scene::Words,
        };
        self.scene(now, self.endpoints().name(to), words, scene);
        self.about(request_of(packet));
    }

    /// What a replica hears of its sessions; messages and actions are told where
    /// they arrive, and ticks would be noise.
    pub(super) fn session<R: Replica>(&mut self, now: Instant, index: usize, input: &Input<R>) {
        let who = format_args!("r{}", index + 1);
        match input {
            Input::SessionUp {
                peer: Peer::Replica(peer),
                ..
            } => {
                let words = format_args!("hears of a new session with r{peer}");
                self.line(now, who, words);
            }
            Input::SessionLost {
                peer: Peer::Replica(peer),
            } => {
                self.line(now, who, format_args!("loses its session with r{peer}"));
            }
            _ => {}
        }
    }

    pub(super) fn request(&mut self, now: Instant, issued: &Issued, command: &impl fmt::Debug) {
        let Issued {
            id,
            attempt,
            target,
            ..
        } = issued;
        let again = if *attempt > 1 {
            format!(" (attempt {attempt})")
        } else {
            String::new()
        };
        self.line(
            now,
            format_args!("c{}", id.client),
            format_args!("-> r{target} #{} {command:?}{again}", id.sequence),
        );
        self.about(Some(*id));
    }

    /// Tells an observation in words, where it matters to who reads them.
    #[cold]
    pub(super) fn observation<E: Replicated + fmt::Debug>(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        log: LogId,
        observation: &Observation<E>,
    ) {
        if let Some(words) = narrated(observation) {
            let of = match log {
                LogId::FIRST => String::new(),
                other => format!("{other}: "),
            };
            self.line(
                now,
                format_args!("r{replica}"),
                format_args!("   {of}{words}"),
            );
            if let Observation::Applied { entry, .. } = observation {
                self.about(Some(entry.request()));
            }
        }
    }

    /// The whole trace, with what is wrong at its end; what is `under_way` is not lost yet.
    pub(super) fn finish<'p, R: Replica + 'p>(
        mut self,
        violations: &[Violation],
        under_way: impl Iterator<Item = (Endpoint, Endpoint, &'p Packet<R>)>,
    ) -> Vec<TraceLine> {
        for violation in violations {
            let words = format_args!("{}: {}", violation.check, violation.message);
            self.scene(violation.at, "VIOLATION", words, Scene::Violation);
        }
        let under_way = under_way.map(|(from, to, packet)| (from, to, content_digest(packet)));
        let mut lines = self.into_lines(under_way);
        let offending: BTreeSet<_> = violations
            .iter()
            .flat_map(|violation| &violation.requests)
            .collect();
        for line in &mut lines {
            let request = line.request.as_ref();
            line.is_marked = request.is_some_and(|request| offending.contains(request));
        }
        lines
    }
}

/// An observation in words, where it matters to who reads a trace.
pub(crate) fn narrated<E: fmt::Debug>(observation: &Observation<E>) -> Option<String> {
    Some(match observation {
        // A log that begins says nothing.
        Observation::Promise(ballot) if ballot.number == 0 => return None,
        Observation::Decided { to: 0 } | Observation::Truncated { to: 0 } => return None,
        Observation::Promise(ballot) => format!("promises {ballot}"),
        Observation::Decided { to } => format!("decided up to {to}"),
        Observation::Truncated { to } => format!("cuts its log back to {to}"),
        Observation::Trimmed { to } => format!("trims its log up to {to}"),
        Observation::SnapshotStored { count, .. } => {
            format!("stores a snapshot of {count} entries")
        }
        Observation::Lost { .. } => "its disk lost the last writes".to_owned(),
        Observation::Restored { index, .. } => {
            format!("goes on from a snapshot of {index} entries")
        }
        Observation::Applied {
            index,
            entry,
            executed,
            ..
        } => {
            let again = if *executed {
                ""
            } else {
                " (known, not executed again)"
            };
            format!("applies {index}: {entry:?}{again}")
        }
        Observation::Leads {
            leader: Some(leader),
            accepting,
        } => {
            let phase = if *accepting {
                "accept phase"
            } else {
                "not in the accept phase"
            };
            format!("sees r{leader} lead ({phase})")
        }
        Observation::Role(role) => format!("becomes {role}"),
        _ => return None,
    })
}

/// The request that a packet carries or answers.
fn request_of<R: Replica>(packet: &Packet<R>) -> Option<RequestId> {
    match packet {
        Packet::Peer(_) => None,
        Packet::Request(request) => Some(request.id),
        Packet::Reply(reply) => Some(reply.id),
    }
}

/// What a packet says.
fn told<R: Replica>(packet: &Packet<R>) -> String {
    in_words(|| match packet {
        Packet::Peer(message) => {
            let kind = R::Message::KINDS[message.kind()];
            format!("{kind} {}", shortened(message.tell()))
        }
        Packet::Request(request) => {
            format!("asks {:?} (#{})", request.command, request.id.sequence)
        }
        Packet::Reply(reply) => format!("answers #{}: {:?}", reply.id.sequence, reply.output),
    })
}

/// A message as it prints itself, but not pages of it.
fn shortened(text: String) -> String {
    const MOST: usize = 240;
    let mut text = text;
    if text.len() > MOST {
        let cut = (0..=MOST)
            .rev()
            .find(|place| text.is_char_boundary(*place))
            .unwrap_or(0);
        text.truncate(cut);
        text.push('…');
    }
    text
}
