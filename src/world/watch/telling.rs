//! What happens is told: as steps, and in words where a trace is kept.

use std::fmt;

use simulated_clock::Instant;

use super::Watch;
use super::trace::Leaving;
use crate::client::Issued;
use crate::decision::hash::text_hash;
use crate::nemesis::{Fault, FaultSource};
use crate::network::Endpoint;
use crate::system::{CommandOf, System};
use crate::world::input::Input;
use crate::world::packet::Packet;
use crate::world::trace_line::Scene;
use crate::world::what;

impl<S: System> Watch<S> {
    /// A fault begins, while messages of these kinds are under way; its line of the trace.
    pub(in crate::world) fn fault_begins(
        &mut self,
        now: Instant,
        source: FaultSource,
        fault: &Fault,
        under_way: impl Iterator<Item = &'static str>,
    ) -> Option<usize> {
        let description = fault.to_string();
        self.step(now, what::FAULT, 0, text_hash(&description), || {
            format!("fault: {description}")
        });
        self.tally.count_fault(fault.kind(), under_way);
        self.began(source);
        let tracer = self.tracer.as_mut()?;
        Some(tracer.line(now, "nemesis", fault.told()))
    }

    /// The fault of this line of the trace lasts, and has this number.
    pub(in crate::world) fn fault_lasts(&mut self, line: Option<usize>, id: u32) {
        if let (Some(tracer), Some(line)) = (&mut self.tracer, line) {
            tracer.mark(line, Scene::FaultBegins { id });
        }
    }

    /// A fault that lasted ends.
    pub(in crate::world) fn fault_ends(&mut self, now: Instant, id: u32, description: &str) {
        self.step(now, what::FAULT_END, 0, u64::from(id), || {
            format!("ends: {description}")
        });
        if let Some(tracer) = &mut self.tracer {
            let words = format_args!("ends: {description}");
            tracer.scene(now, "nemesis", words, Scene::FaultEnds { id });
        }
    }

    /// A line of the trace about one replica.
    pub(in crate::world) fn trace(&mut self, now: Instant, index: usize, what: impl fmt::Display) {
        self.trace_scene(now, index, what, Scene::Words);
    }

    /// A line of the trace about one replica, which shows something.
    pub(in crate::world) fn trace_scene(
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

    /// A line of the trace about what the nemesis does.
    pub(in crate::world) fn trace_nemesis(
        &mut self,
        now: Instant,
        what: impl fmt::Display,
        scene: Scene,
    ) {
        if let Some(tracer) = &mut self.tracer {
            tracer.scene(now, "nemesis", what, scene);
        }
    }

    #[inline]
    pub(in crate::world) fn trace_delivery(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<S::Replica>,
    ) {
        if let Some(tracer) = &mut self.tracer {
            tracer.delivery(now, from, to, packet);
        }
    }

    /// Whether what leaves is to be shown.
    #[inline]
    pub(in crate::world) fn traces(&self) -> bool {
        self.tracer.is_some()
    }

    /// What is told of something that leaves now, once it has [left](Self::trace_left).
    pub(in crate::world) fn trace_leaving(
        &self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: &Packet<S::Replica>,
    ) -> Option<Leaving> {
        self.tracer.as_ref()?.leaving(now, from, to, packet)
    }

    /// Something left: it is lost at once, or under way.
    pub(in crate::world) fn trace_left(&mut self, leaving: Option<Leaving>, is_under_way: bool) {
        if let (Some(tracer), Some(leaving)) = (&mut self.tracer, leaving) {
            tracer.left(leaving, is_under_way);
        }
    }

    /// What a replica hears of its sessions.
    pub(in crate::world) fn trace_session(
        &mut self,
        now: Instant,
        index: usize,
        input: &Input<S::Replica>,
    ) {
        if let Some(tracer) = &mut self.tracer {
            tracer.session(now, index, input);
        }
    }

    /// A client asks.
    pub(in crate::world) fn trace_request(
        &mut self,
        now: Instant,
        issued: &Issued,
        command: &CommandOf<S>,
    ) {
        if let Some(tracer) = &mut self.tracer {
            tracer.request(now, issued, command);
        }
    }
}
