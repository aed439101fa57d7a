//! Shows the progress of a hunt: a bar, notable events, and reports as they arrive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::printing::Printer;
use super::progress;
use crate::report::RunReport;
use crate::search::{Listener, Weight};

pub(super) struct Follower<'a> {
    printer: &'a mut Printer,
    /// Set when nothing can be printed any more.
    stop: &'a Arc<AtomicBool>,
    bar: ProgressBar,
    quiet: bool,
}

impl<'a> Follower<'a> {
    pub(super) fn new(printer: &'a mut Printer, stop: &'a Arc<AtomicBool>, quiet: bool) -> Self {
        Self {
            printer,
            stop,
            bar: ProgressBar::hidden(),
            quiet,
        }
    }
}

impl Listener for Follower<'_> {
    fn begins(&mut self, steps: Option<u64>) {
        self.bar = match steps {
            Some(steps) => progress::bar(steps as usize, self.quiet),
            None => spinner(self.quiet),
        };
    }

    fn step(&mut self, told: String) {
        self.bar.inc(1);
        self.bar.set_message(told);
    }

    fn ends(&mut self) {
        self.bar.finish_and_clear();
    }

    fn ran(&mut self, run: &RunReport) {
        if self.printer.print(|reporter| reporter.hunted(run)).is_err() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn say(&mut self, weight: Weight, told: String) {
        if weight == Weight::News || !self.quiet {
            self.bar.suspend(|| say!("{told}"));
        }
    }
}

fn spinner(quiet: bool) -> ProgressBar {
    let bar = progress::bar(usize::MAX, quiet);
    let style = ProgressStyle::with_template("{elapsed_precise} {spinner} {per_sec} {msg}");
    bar.with_style(style.expect("the template is a constant"))
}
