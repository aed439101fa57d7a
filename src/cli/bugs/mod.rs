//! `omnisim bugs`: how quickly planted bugs are found, and by which check.

mod shrunken;

use std::collections::BTreeMap;

use serde_json::Value;

use super::args::{BugsArgs, Format};
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::{print, styled};
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use super::{Exit, progress};
use crate::check;
use crate::reporters::{BugRow, bug_card, bug_list, bug_object, bug_table};
use crate::repro::{Repro, write_atomically};
use crate::scenario::Scenario;
use crate::search::{
    BugTrial, Column, Power, Runner, Systems, Tried, UnderWay, asked_for, run_all,
};
use crate::system::PlantedBug;
use crate::world::RunOptions;

/// Hunts for a bug in the short version.
const HUNTS_SHORT: u64 = 2;

/// Hunts for every bug; more only for those that are found quickly.
const HUNTS_FIRST: u64 = 5;

/// A median below this is quick, in nanoseconds.
const QUICK_NS: u64 = 10_000_000_000;

pub(super) fn bugs(
    options: &BugsArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let runner = asked_for(systems, options.tested.name())?;
    let bugs = chosen(runner, &options.bugs)?;
    if options.list {
        print(&match options.manner.format {
            Format::Text => bug_list(&bugs),
            Format::Json => lines(bugs.iter().map(|bug| bug_card(bug))),
        })?;
        return Ok(Exit::OK);
    }
    let columns = columns(options);
    if let Some(unknown) = options
        .without
        .iter()
        .find(|name| !check::run_names().any(|known| known == **name))
    {
        return Err(Exit::usage(format!(
            "--without {unknown}: is no check; they are {}",
            check::run_names().collect::<Vec<_>>().join(", ")
        )));
    }
    tell_left(&options.folder());
    note_in(under_way, &options.folder());
    let interrupt = Interrupt::watch()?;
    let mut measured = Measured {
        options,
        runner,
        interrupt: &interrupt,
        clock: Stopwatch::start(),
        powers: BTreeMap::new(),
        shown: BTreeMap::new(),
        own: false,
    };
    let hunts = options.hunts.unwrap_or(HUNTS_SHORT);
    let all: Vec<_> = bugs
        .iter()
        .flat_map(|bug| columns.iter().map(|column| (*bug, *column)))
        .collect();
    measured.measure(&all, 0, hunts.min(HUNTS_FIRST))?;
    let quick: Vec<_> = all
        .into_iter()
        .filter(|one| measured.is_quick(*one))
        .collect();
    measured.measure(&quick, HUNTS_FIRST, hunts)?;
    measured.keep_repros()?;
    let mut rows = measured.rows(&bugs, &columns)?;
    rows.retain(BugRow::is_tried);
    tell(options, &rows)?;
    if let Some(name) = &options.without
        && measured.powers.values().all(|power| power.unseen == 0)
    {
        say!(
            "--without {name}: it had nothing to evaluate in any run, and leaving it out hid nothing"
        );
    }
    if let Some(stopped) = interrupt.exit() {
        let (tried, all) = (rows.len(), bugs.len());
        say!("stopped after some hunts for {tried} of {all} planted bugs");
        return Ok(stopped);
    }
    let own = if measured.own {
        Exit::OWN_PANIC
    } else {
        Exit::OK
    };
    Ok(judge(&rows).worse(own))
}

fn judge(rows: &[BugRow]) -> Exit {
    let mut exit = Exit::OK;
    if !rows.iter().all(BugRow::is_detected) {
        exit = exit.worse(Exit::VIOLATION);
    }
    if !rows.iter().all(BugRow::replays) {
        exit = exit.worse(Exit::NOT_REPRODUCED);
    }
    exit
}

/// The bugs of a system with these names; all of them where none is named.
fn chosen(runner: &dyn Runner, names: &[String]) -> Result<Vec<&'static PlantedBug>, Exit> {
    let info = runner.info();
    let all: Vec<_> = info.bugs().collect();
    if all.is_empty() {
        return Err(Exit::usage(format!("{:?} has no bugs to plant", info.name)));
    }
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        info.bug(name).ok_or_else(|| {
            let all: Vec<_> = all.iter().map(|bug| bug.name).collect();
            Exit::usage(format!(
                "unknown planted bug {name:?} of {:?}; expected one of {}",
                info.name,
                all.join(", ")
            ))
        })
    };
    names.iter().map(find).collect()
}

fn columns(options: &BugsArgs) -> Vec<Column> {
    if options.all_columns {
        Column::ALL.to_vec()
    } else {
        vec![Column::ALL[0]]
    }
}

/// What was measured so far.
struct Measured<'a> {
    options: &'a BugsArgs,
    runner: &'static dyn Runner,
    interrupt: &'a Interrupt,
    clock: Stopwatch,
    powers: BTreeMap<(&'static PlantedBug, Column), Power>,
    /// For each bug, the first scenario and seed that showed it.
    shown: BTreeMap<&'static PlantedBug, (Scenario, u64)>,
    /// Whether omnisim itself panicked in a run.
    own: bool,
}

impl Measured<'_> {
    fn measure(
        &mut self,
        what: &[(&'static PlantedBug, Column)],
        from: u64,
        to: u64,
    ) -> Result<(), Exit> {
        let options = self.options;
        let clock = self.clock;
        let nanos = || clock.nanos();
        let stop = self.interrupt.stop_flag();
        let trial = |(bug, column), hunt| BugTrial {
            runner: self.runner,
            bug,
            column,
            hunt,
            seeds_max: options.seeds_limit,
            without: options.without.as_deref(),
            twins: !options.no_twins,
            clock: &nanos,
            stop,
        };
        // Every bug once, then every bug again: what takes long is not left to the end.
        let trials: Vec<_> = (from..to)
            .flat_map(|hunt| what.iter().map(move |one| trial(*one, hunt)))
            .collect();
        let bar = progress::bar(trials.len(), options.manner.pace.quiet);
        let threads = options.manner.pace.threads();
        let (mut unsuited, mut own) = (None, false);
        let (powers, shown) = (&mut self.powers, &mut self.shown);
        run_all(&trials, threads, stop, |place, tried: Tried| {
            let trial = &trials[place];
            let is_whole = tried.found.is_some() || tried.seeds == trial.seeds_max;
            if is_whole {
                powers
                    .entry((trial.bug, trial.column))
                    .or_default()
                    .add(&tried);
            }
            if let Some(found) = &tried.found {
                let seed = found.seed;
                let show = || (trial.scenario(seed), seed);
                shown.entry(trial.bug).or_insert_with(show);
            }
            if let Some((seed, message)) = &tried.own {
                own = true;
                bar.suspend(|| say!("{}, seed {seed}: {message}", trial.bug));
            }
            if tried.unsuited.is_some() {
                unsuited = tried.unsuited;
            }
            bar.inc(1);
            bar.set_message(format!("{}", trial.bug));
        });
        bar.finish_and_clear();
        self.own |= own;
        unsuited.map_or(Ok(()), |message| Err(Exit::usage(message)))
    }

    /// Writes the first run that showed each bug, to be replayed and shrunk.
    fn keep_repros(&self) -> Result<(), Exit> {
        let Some(folder) = &self.options.out else {
            return Ok(());
        };
        for (bug, (scenario, seed)) in &self.shown {
            let outcome = self.runner.run(scenario, *seed, RunOptions::default());
            let outcome = outcome.map_err(|error| Exit::usage(error.message))?;
            let path = folder.join(format!("{bug}.repro.toml"));
            let repro = Repro::of(scenario, &outcome);
            write_atomically(&path, repro.to_text().as_bytes())?;
        }
        Ok(())
    }

    fn is_quick(&self, one: (&'static PlantedBug, Column)) -> bool {
        let median = self.powers.get(&one).and_then(Power::wall_median);
        median.is_some_and(|median| median < QUICK_NS)
    }

    fn rows(&self, bugs: &[&'static PlantedBug], columns: &[Column]) -> Result<Vec<BugRow>, Exit> {
        let power = |bug, column| self.powers.get(&(bug, column)).cloned().unwrap_or_default();
        let row = |bug: &&'static PlantedBug| {
            Ok(BugRow {
                bug,
                powers: columns
                    .iter()
                    .map(|column| (*column, power(*bug, *column)))
                    .collect(),
                shrunken: self.shrunken(bug)?,
            })
        };
        bugs.iter().map(row).collect()
    }
}

fn tell(options: &BugsArgs, rows: &[BugRow]) -> Result<(), Exit> {
    match options.manner.format {
        Format::Text => print(&bug_table(rows, styled())),
        Format::Json => print(&lines(rows.iter().map(bug_object))),
    }
}

fn lines(objects: impl Iterator<Item = Value>) -> String {
    objects.map(|object| format!("{object}\n")).collect()
}
