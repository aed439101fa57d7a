//! A line per step, for those who look.

use std::fmt;

use simulated_clock::Instant;

use super::travel::{Travel, Travels};
use crate::network::Endpoints;
use crate::observation::RequestId;
use crate::replica::in_words;
use crate::world::options::Shown;
use crate::world::trace_line::{Scene, TraceLine};

/// Collects the lines of a run.
#[derive(Debug)]
pub(super) struct Tracer {
    endpoints: Endpoints,
    shown: Shown,
    lines: Vec<TraceLine>,
    travels: Travels,
}

/// Something that leaves, and what is told if it is lost.
#[derive(Debug)]
pub(in crate::world) struct Leaving {
    pub(super) travel: Travel,
    pub(super) lost: TraceLine,
}

impl Tracer {
    pub(super) fn new(shown: Shown, endpoints: Endpoints) -> Self {
        Self {
            endpoints,
            shown,
            lines: Vec::new(),
            travels: Travels::default(),
        }
    }

    /// Who is at the ends of links.
    pub(super) fn endpoints(&self) -> Endpoints {
        self.endpoints
    }

    /// Whether a message is shown, one that is sent all the time or another.
    pub(super) fn shows(&self, is_routine: bool) -> bool {
        !is_routine || self.shown == Shown::All
    }

    /// Adds a line; its place, to [`mark`](Self::mark) it.
    pub(super) fn line(
        &mut self,
        at: Instant,
        who: impl fmt::Display,
        what: impl fmt::Display,
    ) -> usize {
        self.scene(at, who, what, Scene::Words);
        self.lines.len() - 1
    }

    /// What a line shows, known only behind it.
    pub(super) fn mark(&mut self, line: usize, scene: Scene) {
        debug_assert_eq!(self.lines[line].scene, Scene::Words, "marked once");
        self.lines[line].scene = scene;
    }

    pub(super) fn scene(
        &mut self,
        at: Instant,
        who: impl fmt::Display,
        what: impl fmt::Display,
        scene: Scene,
    ) {
        self.lines.push(TraceLine {
            at,
            who: who.to_string(),
            what: in_words(|| what.to_string()),
            scene,
            request: None,
            is_marked: false,
        });
    }

    /// The last line is about this request.
    pub(super) fn about(&mut self, request: Option<RequestId>) {
        if let Some(line) = self.lines.last_mut() {
            line.request = request;
        }
    }

    /// A message left; that it is lost is told only if it never arrives.
    pub(super) fn left(&mut self, Leaving { travel, lost }: Leaving, is_under_way: bool) {
        if is_under_way {
            self.travels.leaves(travel, lost, self.lines.len());
        } else {
            self.lines.push(lost);
        }
    }

    /// A message arrives; when it was sent.
    pub(super) fn arrives(&mut self, travel: Travel) -> Option<Instant> {
        self.travels.arrives(travel)
    }

    /// All lines, among them what was lost. What is `under_way` is not lost yet.
    pub(super) fn into_lines(self, under_way: impl Iterator<Item = Travel>) -> Vec<TraceLine> {
        let mut lost = self.travels.lost(under_way).peekable();
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.into_iter().enumerate() {
            while let Some(left) = lost.next_if(|left| left.place <= place) {
                lines.push(left.line);
            }
            lines.push(line);
        }
        lines.extend(lost.map(|left| left.line));
        lines
    }
}
