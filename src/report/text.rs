//! What a person reads of a run.

use std::fmt::Write as _;

use simulated_clock::Instant;

use super::amounts::{counted, counted_as, number, short};
use super::struck::struck_rows;
use super::{Told, digest_text};
use crate::check::Violation;
use crate::scenario::Scenario;
use crate::search::is_known;
use crate::world::{Outcome, Verdict};

/// Colours a text where the reader's terminal shows colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Styled {
    /// Whether it does.
    pub colours: bool,
}

impl Styled {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Good news.
    pub fn good(self, text: &str) -> String {
        self.paint("1;32", text)
    }

    /// Bad news.
    pub fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Neither.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
}

/// What came of a run to whoever ran it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As its scenario says, a violation included.
    AsExpected,
    /// If with a violation, with the one that the repro file shows.
    Reproduced,
    /// If with a violation, with one that nobody said comes.
    Unexpected,
    /// Without a violation that has to come.
    Missed,
    /// Without a violation, and too little happened for that to mean anything.
    Incomplete,
}

/// The summary of one run.
pub fn run_summary(told: &Told<'_>, ended: Ended, styled: Styled) -> String {
    let Told {
        scenario,
        outcome,
        wall_ns,
        agreed,
        ..
    } = told;
    let verdict = match (outcome.verdict, ended) {
        _ if *agreed == Some(false) => styled.bad("NOT deterministic"),
        (Verdict::Pass, Ended::Incomplete) => styled.bad("INCOMPLETE"),
        (Verdict::Pass, Ended::Missed) => styled.bad("FAILED"),
        (Verdict::Pass, _) => styled.good("PASS"),
        (Verdict::Violation, Ended::AsExpected) => styled.good("VIOLATION, as expected"),
        (Verdict::Violation, Ended::Reproduced) => styled.bad("VIOLATION, reproduced"),
        (Verdict::Violation, _) => styled.bad("VIOLATION"),
        (Verdict::Unknown, _) => styled.bad("UNKNOWN"),
    };
    let mut text = format!("{}  seed {}  {verdict}\n", scenario.name, outcome.seed);
    let mut row = |name: &str, content: String| text.push_str(&row(name, &content));
    row("about", scenario.about.clone());
    if let Some(bug) = &scenario.selftest.planted {
        let loud = styled.bad(&format!("the bug {bug}"));
        row("PLANTED", format!("{loud}: this run is to fail"));
    }
    row("contract", outcome.contract.to_string());
    row(
        "faults",
        list_of(
            outcome
                .faults
                .iter()
                .map(|(kind, count)| (kind.name(), *count)),
            "none",
        ),
    );
    let struck = struck_rows(scenario, outcome);
    for (place, line) in struck.into_iter().enumerate() {
        row(if place == 0 { "struck" } else { "" }, line);
    }
    if let Some(settled) = &outcome.settled
        && let Some(cut_off) = settled.cut_off_told()
    {
        row("settle", format!("{}; {cut_off}", settled.mended_told()));
    }
    row("clients", clients(outcome));
    row("cluster", cluster(outcome));
    row("messages", messages(outcome));
    row("budget", budget(outcome));
    row(
        "checks",
        list_of(
            outcome
                .checks
                .iter()
                .filter_map(|check| Some((check.name, check.evaluated?))),
            "none",
        ),
    );
    if let Some(off) = switched_off(scenario, outcome) {
        row("without", off);
    }
    for remark in &outcome.remarks {
        row("note", remark.clone());
    }
    row("speed", speed(outcome, *wall_ns));
    if *agreed == Some(true) {
        let steps = number(outcome.events);
        row("verify", format!("run twice: the same {steps} steps"));
    }
    row("digest", digest_text(outcome.digest));
    text
}

/// The checks that the scenario leaves out, and how much each would have had to evaluate.
fn switched_off(scenario: &Scenario, outcome: &Outcome) -> Option<String> {
    let told = |name: &String| {
        let mut checks = outcome.checks.iter();
        let check = checks.find(|check| check.name == name);
        match check.and_then(|check| check.switched_off) {
            Some(count) => format!("{name} {}", number(count)),
            None => format!("{name} (nothing to evaluate)"),
        }
    };
    let all: Vec<_> = scenario.check.without.iter().map(told).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A row of a summary; what is longer than a line goes on below it, after a comma.
pub(super) fn row(name: &str, content: &str) -> String {
    const WIDTH: usize = 88;
    let mut lines = vec![String::new()];
    for (place, part) in content.split(", ").enumerate() {
        let line = lines.last_mut().expect("there is a first line");
        if place == 0 {
            line.push_str(part);
        } else if line.chars().count() + part.chars().count() + 2 < WIDTH {
            line.push_str(", ");
            line.push_str(part);
        } else {
            line.push(',');
            lines.push(part.to_owned());
        }
    }
    let heads = std::iter::once(name).chain(std::iter::repeat(""));
    let rows = heads.zip(lines);
    rows.map(|(head, line)| format!("  {head:<9} {line}\n"))
        .collect()
}

fn budget(outcome: &Outcome) -> String {
    let budget = outcome.budget;
    format!(
        "allows {} events ({} taken), {} messages under way and {} MiB",
        number(budget.events),
        number(outcome.events),
        number(budget.under_way),
        number(budget.memory_bytes >> 20),
    )
}

fn clients(outcome: &Outcome) -> String {
    let latencies = outcome.latencies;
    format!(
        "{} completed, {} of unknown outcome; latency {} median, {} p99, {} longest",
        counted(outcome.operations.ok, "operation"),
        number(outcome.operations.info),
        short(latencies.median),
        short(latencies.p99),
        short(latencies.max),
    )
}

fn cluster(outcome: &Outcome) -> String {
    let timeouts = outcome.unavailability.as_nanos() as f64
        / outcome.election_timeout.as_nanos().max(1) as f64;
    format!(
        "{} decided, {}, longest unavailability {} ({timeouts:.1} election timeouts)",
        counted_as(outcome.decided, "entry", "entries"),
        counted(outcome.leader_changes, "leader change"),
        short(outcome.unavailability),
    )
}

fn messages(outcome: &Outcome) -> String {
    let messages = outcome.messages;
    format!(
        "{} sent, {} delivered, {} dropped, {} duplicated",
        number(messages.sent),
        number(messages.delivered),
        number(messages.dropped),
        number(messages.duplicated),
    )
}

fn speed(outcome: &Outcome, wall_ns: u64) -> String {
    let (wall, simulated) = (
        wall_ns.max(1) as f64 / 1e9,
        outcome.ended.as_nanos() as f64 / 1e9,
    );
    format!(
        "{simulated:.1} simulated seconds in {wall:.3} s: {} times real time, {} events per second",
        number((simulated / wall) as u64),
        number((outcome.events as f64 / wall) as u64),
    )
}

/// What broke, the smallest useful excerpt, and how to see it again.
pub fn failure(told: &Told<'_>, styled: Styled) -> String {
    let Told {
        scenario,
        outcome,
        replay,
        shrink,
        repro,
        ..
    } = told;
    let mut text = String::new();
    for (place, violation) in outcome.violations.iter().enumerate() {
        let when = when(outcome, place, violation.at);
        let _ = writeln!(
            text,
            "{}",
            sentence(
                scenario.name.as_str(),
                outcome.seed,
                violation,
                &when,
                styled
            )
        );
        if let Some(name) = is_known(scenario, violation) {
            let _ = writeln!(text, "  known     the finding {name}");
        }
    }
    if let Some(bug) = &scenario.selftest.planted {
        let loud = styled.bad(&format!("the bug {bug}"));
        let _ = writeln!(text, "  PLANTED   {loud}");
    }
    if !outcome.in_contract && !outcome.violations.is_empty() {
        let _ = writeln!(
            text,
            "  contract  {}: outside what the system is written for",
            outcome.contract
        );
    }
    for (place, line) in outcome.excerpt.iter().enumerate() {
        let head = if place == 0 { "history" } else { "" };
        let _ = writeln!(text, "  {head:<9} {line}");
    }
    if let Some(repro) = repro {
        let _ = writeln!(text, "  repro     {}", repro.display());
    }
    let _ = writeln!(text, "  replay    {replay}");
    if let Some(shrink) = shrink.filter(|_| outcome.verdict == Verdict::Violation) {
        let _ = writeln!(text, "  shrink    {shrink}");
    }
    text
}

/// When a violation was found: what breaks during a run ends it, so that it is
/// the only one of its kind, and the first; all others are judged at the end.
fn when(outcome: &Outcome, place: usize, at: Instant) -> String {
    let settled = outcome
        .checks
        .iter()
        .any(|check| check.name == "completion");
    let judged_at_end = place > 0 || settled || outcome.cut_short;
    let word = if judged_at_end {
        "at the end,"
    } else {
        "after"
    };
    format!("{word} {}", short(at - Instant::ZERO))
}

fn sentence(
    scenario: &str,
    seed: u64,
    violation: &Violation,
    when: &str,
    styled: Styled,
) -> String {
    let place = violation
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" (at {place})"));
    format!(
        "{} of {} in {scenario}, seed {seed}, {when}: {}{place}",
        styled.bad("violation"),
        violation.check,
        violation.message,
    )
}

/// `a 1, b 2`, most frequent first; `none` where there is nothing.
fn list_of<'a>(counts: impl Iterator<Item = (&'a str, u64)>, none: &str) -> String {
    let all: Vec<_> = counts
        .map(|(name, count)| format!("{name} {}", number(count)))
        .collect();
    if all.is_empty() {
        none.to_owned()
    } else {
        all.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_row_goes_on_below_and_loses_nothing() {
        let names: Vec<_> = (0..60).map(|n| format!("check{n} {n}")).collect();
        let text = row("checks", &names.join(", "));
        assert!(text.lines().count() > 5, "{text}");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        let words: Vec<_> = text.split_whitespace().collect();
        assert_eq!(words.join(" "), format!("checks {}", names.join(", ")));
        assert_eq!(row("about", "one line"), "  about     one line\n");
    }
}
