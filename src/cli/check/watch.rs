//! What goes on, for people at a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::histories::Reading;

/// Shows what is read and checked; nothing where nobody looks.
#[derive(Clone, Debug)]
pub(super) struct Watch(ProgressBar);

impl Watch {
    /// Watches over so many histories.
    pub(super) fn new(histories: usize, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let template = "{spinner} {elapsed_precise} {pos}/{len} histories, {wide_msg}";
        let style = ProgressStyle::with_template(template).expect("the template is a constant");
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(Some(histories as u64), target).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// One history is judged; `tell` says so undisturbed.
    pub(super) fn done<T>(&self, tell: impl FnOnce() -> T) -> T {
        self.0.inc(1);
        self.0.suspend(tell)
    }

    /// All is done.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Reading for Watch {
    fn has_read(&self, file: &str, bytes: u64) {
        if !self.0.is_hidden() {
            let message = format!("reading {file}: {} MB", bytes / 1_000_000);
            self.0.set_message(message);
        }
    }

    fn checks(&self, file: &str, operations: usize) {
        if !self.0.is_hidden() {
            let message = format!("checking {operations} operations of {file}");
            self.0.set_message(message);
        }
    }
}
