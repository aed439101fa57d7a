//! The table of results, for people.

use std::time::Duration;

use crate::cases::{Case, Family};
use crate::rivals::Checker;
use crate::run::Run;

/// One history and what the checkers made of it.
pub(crate) struct Row {
    name: String,
    family: Family,
    pub(crate) runs: Vec<(Checker, Run)>,
}

impl Row {
    pub(crate) fn new(case: &Case) -> Row {
        Row {
            name: case.name.clone(),
            family: case.family,
            runs: Vec::new(),
        }
    }

    fn run(&self, checker: Checker) -> Option<Run> {
        self.runs
            .iter()
            .find(|(other, _)| *other == checker)
            .map(|(_, run)| *run)
    }

    /// The row as a line of a Markdown table.
    pub(crate) fn line(&self) -> String {
        let ours = self.run(Checker::Knossos);
        let mut cells = vec![self.name.clone(), verdict(&self.runs)];
        for checker in Checker::ALL {
            let run = self.run(checker);
            cells.push(run.map_or_else(String::new, time));
            if checker == Checker::Knossos {
                cells.push(run.map_or_else(String::new, explaining));
            }
            cells.push(run.map_or_else(String::new, memory));
        }
        cells.extend([
            ratio(ours, self.run(Checker::Porcupine), |(ns, _)| ns),
            ratio(ours, self.run(Checker::Porcupine), |(_, bytes)| bytes),
        ]);
        format!("| {} |", cells.join(" | "))
    }
}

/// The head of the table.
pub(crate) fn head() -> String {
    let columns = [
        "history",
        "verdict",
        "knossos-rs",
        "explaining",
        "",
        "porcupine-rs",
        "",
        "stateright",
        "",
        "times faster than porcupine-rs",
        "times smaller",
    ];
    let rule = [
        "---", "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:", "--:",
    ];
    format!("| {} |\n| {} |", columns.join(" | "), rule.join(" | "))
}

/// The whole report.
pub(crate) fn report(rows: &[Row], limit: Duration) -> String {
    let mut text = format!(
        "# knossos-rs beside other checkers\n\nWritten by `cargo bench --manifest-path \
         knossos-rs/benches/beside/Cargo.toml -- --write FILE`. Wall time of deciding alone, \
         the fastest of many on one machine; explaining a violation, which the others do not do, \
         comes on top. Memory is the highest use beyond the history itself, explaining included. \
         A run was ended after {} s.\n",
        limit.as_secs()
    );
    for (family, title) in [
        (Family::Distinct, "Registers whose values are written once"),
        (Family::General, "Deletes, cas, appends, repeated values"),
        (Family::Recorded, "Recorded histories"),
    ] {
        text.push_str(&format!("\n## {title}\n\n{}\n", head()));
        for row in rows.iter().filter(|row| row.family == family) {
            text.push_str(&row.line());
            text.push('\n');
        }
    }
    text
}

fn verdict(runs: &[(Checker, Run)]) -> String {
    let mut verdicts: Vec<bool> = runs
        .iter()
        .filter_map(|(_, run)| match run {
            Run::Done { is_consistent, .. } => Some(*is_consistent),
            _ => None,
        })
        .collect();
    verdicts.dedup();
    match verdicts[..] {
        [] => "none".to_owned(),
        [true] => "consistent".to_owned(),
        [false] => "violation".to_owned(),
        _ => "THEY DISAGREE".to_owned(),
    }
}

fn duration(ns: u64) -> String {
    if ns < 1_000_000 {
        format!("{:.1} µs", ns as f64 / 1e3)
    } else {
        format!("{:.1} ms", ns as f64 / 1e6)
    }
}

fn explaining(run: Run) -> String {
    match run {
        Run::Done { explain_ns, .. } => explain_ns.map_or_else(String::new, duration),
        Run::Unfinished(_) | Run::Failed => String::new(),
    }
}

fn time(run: Run) -> String {
    match run {
        Run::Done { ns, .. } => duration(ns),
        Run::Unfinished(time) => format!("> {} s", time.as_secs()),
        Run::Failed => "failed".to_owned(),
    }
}

fn memory(run: Run) -> String {
    match run {
        Run::Done { peak_bytes, .. } if peak_bytes < 1_000_000 => {
            format!("{:.1} kB", peak_bytes as f64 / 1e3)
        }
        Run::Done { peak_bytes, .. } => format!("{:.1} MB", peak_bytes as f64 / 1e6),
        Run::Unfinished(_) | Run::Failed => String::new(),
    }
}

fn ratio(ours: Option<Run>, theirs: Option<Run>, of: impl Fn((u64, u64)) -> u64) -> String {
    match (ours, theirs) {
        (
            Some(Run::Done { ns, peak_bytes, .. }),
            Some(Run::Done {
                ns: their_ns,
                peak_bytes: their_bytes,
                ..
            }),
        ) => format!(
            "{:.1}",
            of((their_ns, their_bytes)) as f64 / of((ns, peak_bytes)) as f64
        ),
        (Some(Run::Done { ns, peak_bytes, .. }), Some(Run::Unfinished(time))) => {
            let least = of((time.as_nanos() as u64, 0)) as f64 / of((ns, peak_bytes)) as f64;
            if least > 0.0 {
                format!("> {least:.0}")
            } else {
                String::new()
            }
        }
        _ => String::new(),
    }
}
