//! Takes a schedule that was found again, without taking any states for the same.

use super::automaton::Automaton;
use super::broken::Broken;
use super::confirmed::Confirmed;
use super::identity;
use super::life::{Life, Lived};
use super::rest::Rest;
use super::settle::Settling;
use super::step::{Replies, Sends, Taken};
use crate::decision::hash::{mix, mix_bytes};
use crate::observation::{ReplicaId, content_digest};
use crate::replica::{Effect, Message};
use crate::system::System;

impl<S: System> Automaton<S> {
    /// Takes a whole schedule again, each replica alive from its beginning to its
    /// last step: steps of replicas, and what the search took them to lead to. Where
    /// the last state did not settle, it must not now.
    ///
    /// # Errors
    /// The first step that leads to something else.
    pub(super) fn confirm(
        &self,
        path: &[Taken],
        unsettled: Option<&Rest>,
    ) -> Result<Confirmed, String> {
        let mut lives: Vec<_> = (1..=self.setting.replicas)
            .map(|replica| Life::new(&self.setting, replica).narrated())
            .collect();
        let mut confirmed = Confirmed::default();
        for taken in path {
            if let Some(Broken::Beside(_)) = taken.step.broken {
                // It panicked where nothing was taken for the same, and is the last step.
                confirmed.digest = mix(confirmed.digest, taken.replica as u64 + 1);
                confirmed.shows.push(Vec::new());
                continue;
            }
            let life = &mut lives[taken.replica];
            let happening = self.happening(taken.input);
            let what = identity::happened(&happening);
            let lived = life.live(happening, taken.fate);
            let broke = life.violation.is_some();
            let sent = self.recognise(life.me(), &lived);
            let step = &taken.step;
            let same = sent
                .is_some_and(|(sends, replies)| (&sends, &replies) == (&step.sends, &step.replies));
            if !same || broke != step.broken.is_some() {
                return Err(format!(
                    "replica {} took {:?}, and what came of it is not what the search found",
                    taken.replica + 1,
                    taken.input
                ));
            }
            let seen = [
                life.me(),
                what,
                identity::effects(&lived),
                lived.writes.into(),
            ];
            let seen = seen.into_iter().chain([broke.into()]);
            confirmed.digest = seen.fold(confirmed.digest, mix);
            let shows = life.narration().into_iter();
            let who = life.me();
            let shows = shows.map(|shown| format!("r{who} {shown}"));
            confirmed.shows.push(shows.collect());
        }
        if let Some(rest) = unsettled {
            let mut settling = Settling::new(&self.setting, lives, rest);
            let Err(violation) = settling.settle() else {
                return Err("a state at rest settles that the search found not to".to_owned());
            };
            confirmed.digest = mix_bytes(confirmed.digest, violation.message.as_bytes());
            confirmed.shows.push(settling.shows);
        }
        Ok(confirmed)
    }

    /// Messages and answers by their numbers, where they have any.
    fn recognise(&self, from: ReplicaId, lived: &Lived<S::Replica>) -> Option<(Sends, Replies)> {
        let (mut sends, mut replies) = (Vec::new(), Vec::new());
        for effect in &lived.effects {
            match effect {
                Effect::Send { message, .. } if message.is_routine() && !self.setting.routine => {}
                Effect::Send { to, message } => {
                    let id = self
                        .message_ids
                        .get(&content_digest(&(from, to, message)))?;
                    sends.push((*to as u8, *id));
                }
                Effect::Reply(reply) => {
                    let id = self.output_ids.get(&content_digest(&reply.output))?;
                    replies.push((reply.id.client, reply.id.sequence, *id));
                }
                Effect::SetTimer { .. } | Effect::CancelTimer(_) => {}
            }
        }
        Some((sends, replies))
    }
}
