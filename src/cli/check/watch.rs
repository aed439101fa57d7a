//! What goes on, for people at a terminal.

use std::io::{IsTerminal, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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

    /// A history is read from now on.
    pub(super) fn reads<R: Read>(&self, file: &str, reader: R) -> Counted<R> {
        Counted {
            reader,
            bytes: 0,
            file: file.to_owned(),
            bar: self.0.clone(),
        }
    }

    /// A history is checked from now on.
    pub(super) fn checks(&self, file: &str, operations: usize) {
        if !self.0.is_hidden() {
            let message = format!("checking {operations} operations of {file}");
            self.0.set_message(message);
        }
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

/// A reader that shows how far it has come.
#[derive(Debug)]
pub(super) struct Counted<R> {
    reader: R,
    bytes: u64,
    file: String,
    bar: ProgressBar,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes += count as u64;
        if !self.bar.is_hidden() {
            let message = format!("reading {}: {} MB", self.file, self.bytes / 1_000_000);
            self.bar.set_message(message);
        }
        Ok(count)
    }
}
