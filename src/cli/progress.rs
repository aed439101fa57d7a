//! A progress bar for people at a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `runs` runs on standard error; nothing where nobody looks.
pub(super) fn bar(runs: usize, quiet: bool) -> ProgressBar {
    if quiet || runs < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(
        "{elapsed_precise} [{wide_bar}] {pos}/{len} runs, {per_sec}, {eta} to go {msg}",
    );
    let bar = ProgressBar::with_draw_target(Some(runs as u64), ProgressDrawTarget::stderr());
    bar.with_style(
        style
            .expect("the template is a constant")
            .progress_chars("=> "),
    )
}

/// What turns while nobody knows how much is left.
pub(super) fn spinner(quiet: bool) -> ProgressBar {
    let spinner = bar(usize::MAX, quiet);
    let style = ProgressStyle::with_template("{elapsed_precise} {spinner} {msg}");
    spinner.with_style(style.expect("the template is a constant"))
}
