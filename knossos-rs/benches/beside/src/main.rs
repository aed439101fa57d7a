//! knossos-rs beside porcupine-rs and the tester of stateright: time and memory of each on the
//! same histories, in one run.
//!
//! ```console
//! $ cargo bench --manifest-path knossos-rs/benches/beside/Cargo.toml
//! $ HISTORIES=folder cargo bench --manifest-path ... -- --only jepsen --limit 5
//! ```
//!
//! Every checker gets every history in a process of its own, so that one that explodes can be
//! ended and memory is told apart. Times are the fastest of many; memory is the highest use
//! while checking, beyond the history itself. With `--write FILE` the table goes to a file.

mod cases;
mod clock;
mod generate;
mod rivals;
mod run;
mod table;

use std::time::Duration;

use peak_alloc::PeakAlloc;

use rivals::Checker;
use table::Row;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, checker, case] = &arguments[..]
        && flag == "--one"
    {
        return run::one(checker, case);
    }
    let value_of = |flag: &str| {
        let place = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(place + 1)
    };
    let limit = value_of("--limit").map_or(10, |limit| limit.parse().expect("seconds"));
    let limit = Duration::from_secs(limit);
    let checkers: Vec<Checker> = Checker::ALL
        .into_iter()
        .filter(|checker| value_of("--checker").is_none_or(|name| name == checker.name()))
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    println!("{}", table::head());
    for case in cases::all() {
        if value_of("--only").is_some_and(|part| !case.name.contains(part.as_str())) {
            continue;
        }
        let mut row = Row::new(&case);
        for checker in &checkers {
            row.runs.push((*checker, run::run(*checker, &case, limit)));
        }
        println!("{}", row.line());
        rows.push(row);
    }
    if let Some(path) = value_of("--write") {
        std::fs::write(path, table::report(&rows, limit)).expect("the report can be written");
    }
}
