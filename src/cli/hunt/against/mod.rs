//! `omnisim hunt --against`: the same seeds under another build, run for run.
//!
//! The other build is a program that is run with the same arguments, or what it
//! printed with `--format json` before. Which verdicts differ says what a change of
//! the library mends or breaks; the first step that differs, where it begins to
//! matter.

mod other;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::{prey, words_of};
use crate::cli::args::{Format, HuntArgs};
use crate::cli::interrupt::Interrupt;
use crate::cli::scenarios::print;
use crate::cli::{Exit, progress};
use crate::report::{Repro, number, repro_path, write_atomically};
use crate::scenario::Scenario;
use crate::search::{Hunting, Prey, Repeats, Systems, hunt as hunt_seeds};
use crate::world::{Outcome, RunOptions, Shown};
use other::{Other, Theirs};

/// The most runs that are told one by one.
const TOLD_MAX: usize = 20;

/// A run that both builds made, and that went another way.
struct Difference {
    scenario: Scenario,
    seed: u64,
    ours: Theirs,
    theirs: Theirs,
}

impl Difference {
    fn has_other_verdict(&self) -> bool {
        (&self.ours.verdict, self.ours.checks()) != (&self.theirs.verdict, self.theirs.checks())
    }
}

pub(super) fn compare(
    options: &HuntArgs,
    against: &Path,
    systems: Systems<'static>,
) -> Result<Exit, Exit> {
    let prey = prey(options, systems)?;
    let other = Other::find(against)?;
    let interrupt = Interrupt::watch()?;
    let mut theirs = other.runs(&words(options), &interrupt)?;
    let mut differences = Vec::new();
    let (mut compared, mut missing) = (0u64, 0u64);
    each_run(options, &prey, &interrupt, |scenario, outcome| {
        let ours = Theirs::of(&scenario, &outcome);
        match theirs.remove(&ours.key()) {
            None => missing += 1,
            Some(theirs) => {
                compared += 1;
                if theirs != ours {
                    let seed = outcome.seed;
                    differences.push(Difference {
                        scenario,
                        seed,
                        ours,
                        theirs,
                    });
                }
            }
        }
    })?;
    tell(options, compared, &differences)?;
    if let Some(first) = differences.first() {
        tell_divergence(options, first, &prey, &other)?;
    }
    if missing > 0 {
        say!(
            "{}: says nothing of {} of these runs",
            against.display(),
            number(missing)
        );
    }
    let exit = match (
        differences.iter().any(Difference::has_other_verdict),
        missing,
    ) {
        (true, _) => Exit::VIOLATION,
        (false, 0) => Exit::OK,
        (false, _) => Exit::INCOMPLETE,
    };
    Ok(interrupt.exit().unwrap_or(exit))
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

fn each_run(
    options: &HuntArgs,
    prey: &[Prey],
    interrupt: &Interrupt,
    mut sink: impl FnMut(Scenario, Outcome),
) -> Result<(), Exit> {
    let seeds = options.seeds.clone().expect("--against requires --seeds");
    let runs = (seeds.end - seeds.start) * prey.len() as u64;
    let bar = progress::bar(runs as usize, options.manner.quiet);
    let mut error = None;
    let hunting = Hunting {
        prey,
        first: seeds.start,
        from: seeds.start,
        runs: Some(runs),
        repeats: Repeats::Never,
        skipped: &BTreeSet::new(),
        threads: options.manner.threads(),
        clock: &|| 0,
    };
    hunt_seeds(hunting, interrupt.stop_flag(), |_, hunted| {
        bar.inc(1);
        match hunted.result {
            None => {}
            Some(Ok(outcome)) => sink(hunted.scenario, outcome),
            Some(Err(wrong)) => {
                let name = &hunted.scenario.name;
                error = Some(Exit::usage(format!("{name}: {wrong}")));
            }
        }
    });
    bar.finish_and_clear();
    error.map_or(Ok(()), Err)
}

fn tell(options: &HuntArgs, compared: u64, differences: &[Difference]) -> Result<(), Exit> {
    if options.manner.format == Format::Json {
        return differences.iter().try_for_each(|one| {
            let object = json!({
                "scenario": one.scenario.name,
                "seed": one.seed,
                "verdict": one.ours.verdict,
                "checks": one.ours.checks(),
                "digest": one.ours.digest,
                "against": {
                    "verdict": one.theirs.verdict,
                    "checks": one.theirs.checks(),
                    "digest": one.theirs.digest,
                },
            });
            print(&format!("{object}\n"))
        });
    }
    let verdicts: Vec<_> = differences
        .iter()
        .filter(|one| one.has_other_verdict())
        .collect();
    let mut text = format!(
        "{} of {} runs took other steps, {} of them to another verdict\n",
        number(differences.len() as u64),
        number(compared),
        number(verdicts.len() as u64)
    );
    for one in verdicts.iter().take(TOLD_MAX) {
        text.push_str(&format!(
            "  {} seed {}: {} here, {} there\n",
            one.scenario.name, one.seed, one.ours, one.theirs
        ));
    }
    if verdicts.len() > TOLD_MAX {
        text.push_str("  ...; --format json tells all of them\n");
    }
    print(&text)
}

/// Where two runs of one seed part: the first line of their traces that differs.
fn tell_divergence(
    options: &HuntArgs,
    first: &Difference,
    prey: &[Prey],
    other: &Other,
) -> Result<(), Exit> {
    let runner = prey.first().expect("something is hunted").runner();
    let run_options = RunOptions {
        trace: Some(Shown::All),
        ..RunOptions::default()
    };
    let outcome = runner
        .run(&first.scenario, first.seed, run_options)
        .map_err(|error| Exit::usage(error.to_string()))?;
    let path = repro_path(&options.out, &first.scenario.name, first.seed);
    let repro = Repro::of(&first.scenario, &outcome);
    write_atomically(&path, repro.to_text().as_bytes())?;
    let Some(theirs) = other.trace(&path)? else {
        say!(
            "the first is seed {}; name the other program instead of its report to see where it parts",
            first.seed
        );
        return Ok(());
    };
    let ours: Vec<String> = outcome.trace.iter().map(ToString::to_string).collect();
    let together = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let line = |lines: &[String]| {
        lines
            .get(together)
            .cloned()
            .unwrap_or_else(|| "nothing more".to_owned())
    };
    let before = together
        .checked_sub(1)
        .map_or("", |last| ours[last].as_str());
    let text = format!(
        "first divergence: {} seed {}, after {} lines of its trace\n  both   {before}\n  here   {}\n  there  {}\n",
        first.scenario.name,
        first.seed,
        number(together as u64),
        line(&ours),
        line(&theirs)
    );
    match options.manner.format {
        Format::Text => print(&text),
        Format::Json => {
            say!("{}", text.trim_end());
            Ok(())
        }
    }
}
