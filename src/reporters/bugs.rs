//! The table of detection power: for each planted bug, which check finds it and
//! after how many seeds.

use serde_json::{Map, Value, json};

use super::{Shrunken, Styled};

use crate::search::{Column, Power};
use crate::system::PlantedBug;

/// One planted bug and what hunts for it came to, the column that counts first.
#[derive(Clone, Debug)]
pub struct BugRow {
    /// The bug.
    pub bug: &'static PlantedBug,
    /// The power to detect it, by where scenarios came from.
    pub powers: Vec<(Column, Power)>,
    /// What is left of the first run that showed it, where that was asked for.
    pub shrunken: Option<Shrunken>,
}

impl BugRow {
    fn first(&self) -> Option<&Power> {
        self.powers.first().map(|(_, power)| power)
    }

    /// Whether some hunt for it came to its end.
    pub fn is_tried(&self) -> bool {
        self.powers.iter().any(|(_, power)| power.hunts > 0)
    }

    /// Whether every hunt of the column that counts found it.
    pub fn is_detected(&self) -> bool {
        self.first().is_some_and(Power::is_detected)
    }

    /// Whether what was shrunk is still what it was.
    pub fn replays(&self) -> bool {
        self.shrunken
            .as_ref()
            .is_none_or(|shrunken| shrunken.replays)
    }
}

/// The object that `bugs --format json` prints for one bug.
pub fn bug_object(row: &BugRow) -> Value {
    let mut object = row.first().map(power_object).unwrap_or_default();
    let columns = row.powers.iter();
    let columns: Map<_, _> = columns
        .map(|(column, power)| (column.name().to_owned(), power_object(power).into()))
        .collect();
    object.extend(described(row.bug));
    object.insert("columns".to_owned(), columns.into());
    object.insert("shrunken".to_owned(), json!(row.shrunken));
    object.into()
}

/// The object that `bugs --list --format json` prints for one bug.
pub fn bug_card(bug: &PlantedBug) -> Value {
    Map::from_iter(described(bug)).into()
}

fn described(bug: &PlantedBug) -> impl Iterator<Item = (String, Value)> + use<> {
    let needs: Vec<_> = bug.needs.iter().map(|need| need.name()).collect();
    let fields = [
        ("bug", json!(bug.name)),
        ("description", json!(bug.what)),
        ("origin", json!(bug.origin)),
        ("named", json!(bug.checks)),
        ("needs", json!(needs)),
    ];
    fields
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
}

fn power_object(power: &Power) -> Map<String, Value> {
    let alarms = power.false_alarms.iter();
    let alarms: Vec<_> = alarms
        .map(|(seed, message)| json!({ "seed": seed, "message": message }))
        .collect();
    let fields = [
        ("check", json!(power.check())),
        ("checks", json!(power.checks)),
        ("found", json!(power.found)),
        ("hunts", json!(power.hunts)),
        ("deviations", json!(power.acts)),
        ("idle", json!(power.idle)),
        ("seeds_median", json!(power.seeds_median())),
        ("seeds_worst", json!(power.seeds_worst())),
        ("wall_ns", json!(power.wall_median())),
        ("wall_worst_ns", json!(power.wall_worst())),
        ("false_alarms", json!(alarms)),
    ];
    fields
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// What the bugs are: what goes wrong, where it really happened, which check names
/// it, and what a scenario needs for it to show.
pub fn bug_list(bugs: &[&PlantedBug]) -> String {
    let mut text = String::new();
    for bug in bugs {
        text.push_str(&format!("{bug}\n"));
        let mut row = |name: &str, content: &str| {
            text.push_str(&format!("  {name:<9} {content}\n"));
        };
        row("what", bug.what);
        if let Some(origin) = bug.origin {
            row("really", origin);
        }
        row("checks", &bug.checks.join(", "));
        if !bug.needs.is_empty() {
            let needs: Vec<_> = bug.needs.iter().map(|need| need.name()).collect();
            row("needs", &needs.join(", "));
        }
        text.push('\n');
    }
    text
}

/// The table, and below it what does not stand as it should.
pub fn bug_table(rows: &[BugRow], styled: Styled) -> String {
    let columns = rows
        .first()
        .map(|row| row.powers.as_slice())
        .unwrap_or_default();
    let mut head = vec!["planted bug".to_owned(), "found by".to_owned()];
    for (column, _) in columns {
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
        head.extend(Shrunken::HEAD.map(str::to_owned));
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
    text.push_str(&Shrunken::summary(&shrunken));
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

fn cells(row: &BugRow) -> Vec<String> {
    let check = row.first().and_then(Power::check).unwrap_or("nothing");
    let mut cells = vec![row.bug.to_string(), check.to_owned()];
    let or_dash = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    for (_, power) in &row.powers {
        cells.extend([
            format!("{}/{}", power.found, power.hunts),
            or_dash(power.seeds_median().map(|seeds| seeds.to_string())),
            or_dash(power.seeds_worst().map(|seeds| seeds.to_string())),
            or_dash(power.wall_median().map(seconds)),
        ]);
    }
    cells.extend(row.shrunken.iter().flat_map(Shrunken::cells));
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
fn remarks(row: &BugRow, styled: Styled) -> String {
    let mut text = String::new();
    if !row.replays() {
        let words = format!("{}: what was shrunk does not replay", row.bug);
        text.push_str(&format!("{}\n", styled.bad(&words)));
    }
    for (column, power) in &row.powers {
        let at = format!("{} ({column})", row.bug);
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
            .filter(|check| !row.bug.checks.contains(check));
        for check in strangers {
            text.push_str(&format!(
                "{at}: found by {check}, too, which does not name it\n"
            ));
        }
        for (seed, message) in &power.false_alarms {
            let words = format!("{at}: without the bug, seed {seed} does not pass: {message}");
            text.push_str(&format!("{}\n", styled.bad(&words)));
        }
    }
    text
}
