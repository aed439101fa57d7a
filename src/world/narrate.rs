//! Tells in words what happens, for annotated traces.

use std::collections::BTreeSet;
use std::fmt;

use simulated_clock::Instant;

use super::process::{Input, Peer};
use super::trace_line::{Scene, TraceLine};
use super::{Packet, World};
use crate::check::Violation;
use crate::client::Issued;
use crate::network::Endpoint;
use crate::observation::{LogId, Observation, ReplicaId, Replicated, RequestId, content_digest};
use crate::replica::in_words;
use crate::replica::{Message, Replica};
use crate::system::{EntryOf, System};

impl<S: System> World<'_, S> {
    /// A line about one replica.
    pub(super) fn trace(&mut self, now: Instant, index: usize, what: impl fmt::Display) {
        self.trace_scene(now, index, what, Scene::Words);
    }

    /// A line about one replica, which shows something.
    pub(super) fn trace_scene(
        &mut self,
        now: Instant,
        index: usize,
        what: impl fmt::Display,
        scene: Scene,
    ) {
        if let Some(tracer) = &mut self.tracer {
            tracer.scene(now, format_args!("r{}", index + 1), what, scene);
        }
    }

    #[inline]
    pub(super) fn trace_delivery(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<S::Replica>,
    ) {
        if self.tracer.is_some() {
            self.tell_delivery(now, from, to, packet);
        }
    }

    /// Sends, and tells what is lost: at once, or at the end if it is lost on its way.
    #[cold]
    pub(super) fn send_and_tell(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: Packet<S::Replica>,
    ) {
        let (is_routine, content) = (packet.is_routine(), content_digest(&packet));
        let receiver = self.endpoints.name(to).to_string();
        let lost = TraceLine {
            at: now,
            who: self.endpoints.name(from).to_string(),
            what: format!("-x {receiver} {}", told(&packet)),
            scene: Scene::IsLost { to: receiver },
            request: request_of(&packet),
            is_marked: false,
        };
        let is_under_way =
            self.network
                .send(now, from, to, packet, &mut self.decisions, &mut self.agenda);
        if let Some(tracer) = &mut self.tracer
            && (tracer.with_routine || !is_routine)
        {
            tracer.leaves((from, to, content), lost, is_under_way);
        }
    }

    #[cold]
    fn tell_delivery(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<S::Replica>,
    ) {
        let Some(tracer) = &mut self.tracer else {
            return;
        };
        if packet.is_routine() && !tracer.with_routine {
            return;
        }
        let sender = self.endpoints.name(from).to_string();
        let words = format!("<- {sender} {}", told(packet));
        let scene = match tracer.arrives((from, to, content_digest(packet))) {
            Some(sent) => Scene::Arrives { from: sender, sent },
            None => Scene::Words,
        };
        tracer.scene(now, self.endpoints.name(to), words, scene);
        tracer.about(request_of(packet));
    }

    /// What a replica hears of its sessions; messages and actions are told where
    /// they arrive, and ticks would be noise.
    pub(super) fn trace_session(&mut self, now: Instant, index: usize, input: &Input<S::Replica>) {
        match input {
            Input::SessionUp {
                peer: Peer::Replica(peer),
                ..
            } => self.trace(
                now,
                index,
                format_args!("hears of a new session with r{peer}"),
            ),
            Input::SessionLost {
                peer: Peer::Replica(peer),
            } => self.trace(now, index, format_args!("loses its session with r{peer}")),
            _ => {}
        }
    }

    pub(super) fn trace_request(&mut self, now: Instant, issued: &Issued) {
        let Some(tracer) = &mut self.tracer else {
            return;
        };
        let Issued {
            id,
            attempt,
            target,
            record,
            ..
        } = issued;
        let command = &self.history[*record].command;
        let again = if *attempt > 1 {
            format!(" (attempt {attempt})")
        } else {
            String::new()
        };
        tracer.line(
            now,
            format_args!("c{}", id.client),
            format_args!("-> r{target} #{} {command:?}{again}", id.sequence),
        );
        tracer.about(Some(*id));
    }

    /// The whole trace, with what is wrong at its end.
    pub(super) fn finish_trace(&mut self, violations: &[Violation]) -> Vec<TraceLine> {
        let Some(mut tracer) = self.tracer.take() else {
            return Vec::new();
        };
        for violation in violations {
            let words = format_args!("{}: {}", violation.check, violation.message);
            tracer.scene(violation.at, "VIOLATION", words, Scene::Violation);
        }
        let under_way = self.network.under_way();
        let under_way = under_way.map(|(from, to, packet)| (from, to, content_digest(packet)));
        let mut lines = tracer.into_lines(under_way);
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

    /// Keeps an observation for those who judge the run again.
    #[cold]
    pub(super) fn keep_observation(
        &mut self,
        now: Instant,
        (replica, incarnation): (ReplicaId, u32),
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        if let Some(kept) = &mut self.observations {
            let mut line = serde_json::json!({
                "at": now.as_nanos(),
                "replica": replica,
                "incarnation": incarnation,
                "observation": observation,
            });
            if log != LogId::FIRST {
                line["log"] = log.0.into();
            }
            kept.push(line.to_string());
        }
    }

    /// Tells an observation in words, where it matters to who reads them.
    #[cold]
    pub(super) fn trace_observation(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        if let Some(tracer) = &mut self.tracer
            && let Some(words) = narrated(observation)
        {
            let of = match log {
                LogId::FIRST => String::new(),
                other => format!("{other}: "),
            };
            tracer.line(
                now,
                format_args!("r{replica}"),
                format_args!("   {of}{words}"),
            );
            if let Observation::Applied { entry, .. } = observation {
                tracer.about(Some(entry.request()));
            }
        }
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
