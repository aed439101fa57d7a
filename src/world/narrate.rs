//! Tells in words what happens, for annotated traces.

use std::fmt;

use simulated_clock::Instant;

use super::process::{Input, Peer};
use super::{Packet, World};
use crate::client::Issued;
use crate::network::Endpoint;
use crate::observation::{Observation, ReplicaId};
use crate::replica::{Message, Replica};
use crate::systems::{EntryOf, System};

impl<S: System> World<'_, S> {
    /// A line about one replica.
    pub(super) fn trace(&mut self, now: Instant, index: usize, what: impl fmt::Display) {
        if let Some(tracer) = &mut self.tracer {
            tracer.line(now, format_args!("r{}", index + 1), what);
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
        let (from, to) = (self.endpoints.name(from), self.endpoints.name(to));
        match packet {
            Packet::Peer(message) if message.is_routine() && !tracer.with_routine => {}
            Packet::Peer(message) => {
                let kind = <S::Replica as Replica>::Message::KINDS[message.kind()];
                tracer.line(
                    now,
                    to,
                    format_args!("<- {from} {kind} {}", shortened(message.tell())),
                );
            }
            Packet::Request(request) => tracer.line(
                now,
                to,
                format_args!(
                    "<- {from} asks {:?} (#{})",
                    request.command, request.id.sequence
                ),
            ),
            Packet::Reply(reply) => tracer.line(
                now,
                to,
                format_args!(
                    "<- {from} answers #{}: {:?}",
                    reply.id.sequence, reply.output
                ),
            ),
        }
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
    }

    /// Keeps an observation for those who judge the run again.
    #[cold]
    pub(super) fn keep_observation(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        incarnation: u32,
        observation: &Observation<EntryOf<S>>,
    ) {
        if let Some(kept) = &mut self.observations {
            let line = serde_json::json!({
                "at": now.as_nanos(),
                "replica": replica,
                "incarnation": incarnation,
                "observation": observation,
            });
            kept.push(line.to_string());
        }
    }

    /// Tells an observation in words, where it matters to who reads them.
    #[cold]
    pub(super) fn trace_observation(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        observation: &Observation<EntryOf<S>>,
    ) {
        let Some(tracer) = &mut self.tracer else {
            return;
        };
        if let Some(words) = narrated(observation) {
            tracer.line(now, format!("r{replica}"), format_args!("   {words}"));
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
        _ => return None,
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
