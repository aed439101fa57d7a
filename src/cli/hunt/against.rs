//! `omnisim hunt --against`: the same seeds under another build, run for run.

use std::path::Path;

use super::prey::prey;
use super::words::words_of;
use crate::cli::args::HuntArgs;
use crate::cli::interrupt::Interrupt;
use crate::cli::printing::Printer;
use crate::cli::{Exit, progress};
use crate::report::{Comparison, RunDifference};
use crate::search::{Comparing, Other, Systems, compare as compare_builds};

pub(super) fn compare(
    options: &HuntArgs,
    against: &Path,
    systems: Systems<'static>,
) -> Result<Exit, Exit> {
    let prey = prey(options, systems)?;
    let other = Other::find(against)?;
    let interrupt = Interrupt::watch()?;
    let seeds = options.seeds.as_ref().expect("--against requires --seeds");
    let runs = (seeds.end - seeds.start) as usize * prey.len();
    let bar = progress::bar(runs, options.manner.quiet);
    let comparing = Comparing {
        prey: &prey,
        seeds,
        other: &other,
        words: &words(options),
        threads: options.manner.threads(),
        out: &options.out,
        stop: interrupt.stop_flag(),
        is_ending: &|| interrupt.exit().is_some(),
    };
    let comparison = compare_builds(comparing, &mut || bar.inc(1));
    bar.finish_and_clear();
    if let Some(stopped) = interrupt.exit().filter(|_| comparison.is_err()) {
        return Err(stopped);
    }
    let comparison = comparison?;
    let mut printer = Printer::new(options.format, options.manner.quiet);
    printer.print(|reporter| reporter.compared(&comparison))?;
    Ok(interrupt.exit().unwrap_or_else(|| judge(&comparison)))
}

fn judge(comparison: &Comparison) -> Exit {
    let mut differences = comparison.differences.iter();
    if differences.any(RunDifference::has_other_verdict) {
        Exit::VIOLATION
    } else if comparison.missing > 0 {
        Exit::INCOMPLETE
    } else {
        Exit::OK
    }
}

/// What the other program is asked for: the same seeds, told as JSON.
fn words(options: &HuntArgs) -> Vec<String> {
    let seeds = options.seeds.as_ref().expect("--against requires --seeds");
    let mut words = words_of(options);
    words.extend([
        "--seeds".to_owned(),
        format!("{}..{}", seeds.start, seeds.end),
    ]);
    words.extend([
        "--out".to_owned(),
        options.out.join("against").display().to_string(),
    ]);
    words.extend(["--jobs".to_owned(), options.manner.threads().to_string()]);
    let rest = ["--format", "json", "--keep-going", "--no-shrink", "--quiet"];
    words.extend(rest.map(str::to_owned));
    words
}
