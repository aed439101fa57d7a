//! What clients ask next, and when.

use simulated_clock::{Duration, Instant};

use super::{Invocation, Load};
use crate::client::{LoopMode, Phase, Retry, Workload};
use crate::decision::Decisions;
use crate::observation::ReplicaId;
use crate::system::{CommandOf, System};
use crate::world::event::{Event, Queue};

impl<'a, S: System> Load<'a, S> {
    /// The phase of the workload that holds at `now`; none from when the run settles on.
    fn phase(&self, now: Instant) -> Option<&'a Phase> {
        let mut ends = Instant::ZERO;
        self.options.phases.iter().find(|phase| {
            ends += phase.duration.0;
            now < ends
        })
    }

    /// Puts a client's next operation into the queue.
    pub(in crate::world) fn schedule(
        &mut self,
        now: Instant,
        client: u16,
        decisions: &mut Decisions,
        agenda: &mut Queue,
    ) {
        let Some(phase) = self.phase(now) else {
            return;
        };
        let think = self.options.think;
        let (min, max) = match self.options.mode {
            LoopMode::Open => {
                // Around the rate, so that clients do not issue in step.
                let gap = 1_000_000_000 / u64::from(phase.requests_per_sec);
                (gap / 2, gap + gap / 2)
            }
            LoopMode::Closed => (think.min.as_nanos(), think.max.as_nanos()),
        };
        let gap = self.client(client).gap(decisions, min, max);
        agenda.push(now + Duration::from_nanos(gap), Event::Issue { client });
    }

    /// A client's next operation; `None` where shrinking took it away, or the phases are over.
    pub(in crate::world) fn choose(
        &mut self,
        now: Instant,
        client: u16,
        decisions: &mut Decisions,
    ) -> Option<Invocation<CommandOf<S>>> {
        let phase = self.phase(now)?;
        let state = self.client(client);
        Some(Invocation {
            client,
            command: state.choose(decisions, phase.read_ratio)?,
            target: state.home,
            retry: None,
            is_probe: false,
        })
    }

    /// What a client asks `target` to see whether it works; `None` where shrinking took it
    /// away.
    pub(in crate::world) fn choose_probe(
        &mut self,
        client: u16,
        target: ReplicaId,
        round: u16,
        is_issued: bool,
    ) -> Option<Invocation<CommandOf<S>>> {
        let retry = if self.retries_are_safe {
            Retry::Same
        } else {
            Retry::None
        };
        let state = self.client(client);
        let command = state.workload.probe(u64::from(round) + target);
        if !is_issued {
            state.skip();
            return None;
        }
        Some(Invocation {
            client,
            command,
            target,
            retry: Some(retry),
            is_probe: true,
        })
    }
}
