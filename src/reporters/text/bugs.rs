//! The table of detection power: for each planted bug, which check finds it and
//! after how many seeds.

use super::shrunken;
use crate::report::{BugCard, BugReport, FalseAlarm, PowerReport};
use crate::reporters::Styled;
use crate::search::Column;

/// What the bugs are: what goes wrong, where it really happened, which check names
/// it, and what a scenario needs for it to show.
pub(super) fn bug_list(bugs: &[BugCard]) -> String {
    let mut text = String::new();
    for bug in bugs {
        text.push_str(&format!("{}\n", bug.bug));
        let mut row = |name: &str, content: &str| {
            text.push_str(&format!("  {name:<9} {content}\n"));
        };
        row("what", &bug.description);
        if let Some(origin) = &bug.origin {
            row("really", origin);
        }
        row("checks", &bug.named.join(", "));
        if !bug.needs.is_empty() {
            row("needs", &bug.needs.join(", "));
        }
        text.push('\n');
    }
    text
}

/// The columns of a report, the one that counts first.
fn columns(row: &BugReport) -> impl Iterator<Item = (Column, &PowerReport)> {
    let all = Column::ALL.into_iter();
    all.filter_map(|column| Some((column, row.columns.get(column.name())?)))
}

/// The table, and below it what does not stand as it should.
pub(super) fn bug_table(rows: &[BugReport], styled: Styled) -> String {
    let mut head = vec!["planted bug".to_owned(), "found by".to_owned()];
    for (column, _) in rows.iter().take(1).flat_map(columns) {
        head.extend([
            column.name().to_owned(),
            "median".to_owned(),
            "worst".to_owned(),
            "time".to_owned(),
        ]);
    }
    let shrunken: Vec<_> = rows
        .iter()
        .filter_map(|row| row.shrunken.as_ref())
        .collect();
    if !shrunken.is_empty() {
        head.extend(shrunken::HEAD.map(str::to_owned));
    }
    let width = head.len();
    let mut lines = vec![head];
    lines.extend(rows.iter().map(cells));
    for line in &mut lines {
        line.resize(width, "-".to_owned());
    }
    let mut text = aligned(&lines);
    for row in rows {
        text.push_str(&remarks(row, styled));
    }
    text.push_str(&shrunken::summary(&shrunken));
    let missed = rows.iter().filter(|row| !row.is_detected()).count();
    let found = format!(
        "{} of {} planted bugs detected",
        rows.len() - missed,
        rows.len()
    );
    let verdict = if missed == 0 {
        styled.good(&found)
    } else {
        styled.bad(&found)
    };
    text.push_str(&format!("{verdict}\n"));
    text
}

fn cells(row: &BugReport) -> Vec<String> {
    let check = row.first.check.as_deref().unwrap_or("nothing");
    let mut cells = vec![row.card.bug.clone(), check.to_owned()];
    let or_dash = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    for (_, power) in columns(row) {
        cells.extend([
            format!("{}/{}", power.found, power.hunts),
            or_dash(power.seeds_median.map(|seeds| seeds.to_string())),
            or_dash(power.seeds_worst.map(|seeds| seeds.to_string())),
            or_dash(power.wall_ns.map(seconds)),
        ]);
    }
    cells.extend(row.shrunken.iter().flat_map(shrunken::cells));
    cells
}

fn seconds(nanos: u64) -> String {
    format!(
        "{}.{:02} s",
        nanos / 1_000_000_000,
        nanos / 10_000_000 % 100
    )
}

/// Lines with their cells below each other, the first two to the left.
fn aligned(lines: &[Vec<String>]) -> String {
    let cells = lines.first().map_or(0, Vec::len);
    let width = |cell: usize| lines.iter().map(|line| line[cell].len()).max().unwrap_or(0);
    let widths: Vec<_> = (0..cells).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate();
        let cells = cells.map(|(place, (cell, width))| match place {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// What a person has to look at.
fn remarks(row: &BugReport, styled: Styled) -> String {
    let mut text = String::new();
    if !row.replays() {
        let words = format!("{}: what was shrunk does not replay", row.card.bug);
        text.push_str(&format!("{}\n", styled.bad(&words)));
    }
    for (column, power) in columns(row) {
        let at = format!("{} ({column})", row.card.bug);
        if !power.is_detected() {
            let missed = power.hunts - power.found;
            let idle = match power.idle {
                0 => String::new(),
                idle => format!("; in {idle} it never acted"),
            };
            let words = format!("{at}: not found in {missed} of {} hunts{idle}", power.hunts);
            text.push_str(&format!("{}\n", styled.bad(&words)));
        }
        let strangers = power
            .checks
            .keys()
            .filter(|check| !row.card.named.contains(check));
        for check in strangers {
            text.push_str(&format!(
                "{at}: found by {check}, too, which does not name it\n"
            ));
        }
        for FalseAlarm { seed, message } in &power.false_alarms {
            let words = format!("{at}: without the bug, seed {seed} does not pass: {message}");
            text.push_str(&format!("{}\n", styled.bad(&words)));
        }
    }
    text
}
