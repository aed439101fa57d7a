//! What a person reads of a run.

use std::fmt::Write as _;

use simulated_clock::Duration;

use super::Told;
use crate::check::Violation;
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

/// The summary of one run.
pub fn run_summary(told: &Told<'_>, as_expected: bool, styled: Styled) -> String {
    let Told {
        scenario,
        outcome,
        wall_ns,
        ..
    } = told;
    let verdict = match (outcome.verdict, as_expected) {
        (Verdict::Pass, _) => styled.good("PASS"),
        (Verdict::Violation, true) => styled.good("VIOLATION, as expected"),
        (Verdict::Violation, false) => styled.bad("VIOLATION"),
        (Verdict::Unknown, _) => styled.bad("UNKNOWN"),
    };
    let mut text = format!("{}  seed {}  {verdict}\n", scenario.name, outcome.seed);
    let mut row = |name: &str, content: String| {
        let _ = writeln!(text, "  {name:<9} {content}");
    };
    row("about", scenario.about.clone());
    row("contract", outcome.contract.to_string());
    row(
        "faults",
        counted(
            outcome
                .faults
                .iter()
                .map(|(kind, count)| (kind.name(), *count)),
            "none",
        ),
    );
    row("clients", clients(outcome));
    row("cluster", cluster(outcome));
    row("messages", messages(outcome));
    row(
        "checks",
        counted(
            outcome
                .checks
                .iter()
                .filter_map(|check| Some((check.name, check.evaluated?))),
            "none",
        ),
    );
    for remark in &outcome.remarks {
        row("note", remark.clone());
    }
    row("speed", speed(outcome, *wall_ns));
    row("digest", format!("{:#018x}", outcome.digest));
    text
}

fn clients(outcome: &Outcome) -> String {
    let latencies = outcome.latencies;
    format!(
        "{} operations completed, {} of unknown outcome; latency {} median, {} p99, {} longest",
        number(outcome.operations.ok),
        number(outcome.operations.info),
        short(latencies.median),
        short(latencies.p99),
        short(latencies.max),
    )
}

fn cluster(outcome: &Outcome) -> String {
    let timeouts = outcome.unavailability.as_nanos() as f64
        / outcome.election_timeout.as_nanos().max(1) as f64;
    let leaders = match outcome.leader_changes {
        1 => "1 leader change".to_owned(),
        changes => format!("{changes} leader changes"),
    };
    format!(
        "{} entries decided, {leaders}, longest unavailability {} ({timeouts:.1} election timeouts)",
        number(outcome.decided),
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
pub fn failure(told: &Told<'_>, repro: &str, styled: Styled) -> String {
    let Told {
        scenario,
        outcome,
        replay,
        ..
    } = told;
    let mut text = String::new();
    for violation in &outcome.violations {
        let _ = writeln!(
            text,
            "{}",
            sentence(scenario.name.as_str(), outcome, violation, styled)
        );
        if let Some(name) = is_known(scenario, violation) {
            let _ = writeln!(text, "  known     the finding {name}");
        }
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
    let _ = writeln!(text, "  repro     {repro}");
    let _ = writeln!(text, "  replay    {replay}");
    text
}

fn sentence(scenario: &str, outcome: &Outcome, violation: &Violation, styled: Styled) -> String {
    let place = violation
        .place
        .as_ref()
        .map_or_else(String::new, |place| format!(" (at {place})"));
    format!(
        "{} of {} in {scenario}, seed {}, after {}: {}{place}",
        styled.bad("violation"),
        violation.check,
        outcome.seed,
        short(Duration::from_nanos(violation.at.as_nanos())),
        violation.message,
    )
}

/// `a 1, b 2`, most frequent first; `none` where there is nothing.
fn counted<'a>(counts: impl Iterator<Item = (&'a str, u64)>, none: &str) -> String {
    let all: Vec<_> = counts
        .map(|(name, count)| format!("{name} {}", number(count)))
        .collect();
    if all.is_empty() {
        none.to_owned()
    } else {
        all.join(", ")
    }
}

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A duration with three digits that count.
pub(crate) fn short(duration: Duration) -> String {
    let nanos = duration.as_nanos() as f64;
    let (value, unit) = match duration.as_nanos() {
        0..1_000 => (nanos, "ns"),
        1_000..1_000_000 => (nanos / 1e3, "us"),
        1_000_000..1_000_000_000 => (nanos / 1e6, "ms"),
        _ => (nanos / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(12_345_678), "12,345,678");
    }

    #[test]
    fn durations_are_short_and_keep_their_meaning() {
        assert_eq!(short(Duration::from_micros(2_134)), "2.13 ms");
        assert_eq!(short(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(short(Duration::ZERO), "0.00 ns");
    }
}
