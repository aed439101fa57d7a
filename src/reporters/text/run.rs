//! What a person reads of a run.

use std::fmt::Write as _;

use simulated_clock::Duration;

use crate::report::{Ended, RunReport, ViolationReport, counted, counted_as, number, short};
use crate::reporters::Styled;
use crate::world::Verdict;

/// The summary of one run.
pub(super) fn run_summary(run: &RunReport, styled: Styled) -> String {
    let verdict = verdict(run, styled);
    let mut text = format!("{}  seed {}  {verdict}\n", run.scenario, run.seed);
    let mut row = |name: &str, content: String| text.push_str(&row(name, &content));
    row("about", run.about.clone());
    if let Some(bug) = &run.planted {
        let loud = styled.bad(&format!("the bug {bug}"));
        row("PLANTED", format!("{loud}: this run is to fail"));
    }
    row("contract", run.contract.clone());
    row("faults", list_of(&run.faults));
    for (place, one) in run.scripted.iter().enumerate() {
        let line = format!("{} ({}): {}", one.key, one.fault, one.told);
        row(if place == 0 { "struck" } else { "" }, line);
    }
    if let Some(settled) = &run.settled
        && let Some(cut_off) = settled.cut_off_told()
    {
        row("settle", format!("{}; {cut_off}", settled.mended_told()));
    }
    row("clients", clients(run));
    row("cluster", cluster(run));
    row("messages", messages(run));
    row("budget", budget(run));
    let evaluated = run.checks.iter();
    let evaluated = evaluated.filter_map(|check| Some((&check.name, check.evaluated.as_ref()?)));
    row("checks", list_of(evaluated));
    if let Some(off) = switched_off(run) {
        row("without", off);
    }
    for remark in &run.remarks {
        row("note", remark.clone());
    }
    row("speed", speed(run));
    if run.verified == Some(true) {
        let steps = number(run.events);
        row("verify", format!("run twice: the same {steps} steps"));
    }
    row("digest", run.digest.clone());
    text
}

fn verdict(run: &RunReport, styled: Styled) -> String {
    match (run.verdict, run.ended) {
        _ if run.verified == Some(false) => styled.bad("NOT deterministic"),
        (Verdict::Pass, Ended::Incomplete) => styled.bad("INCOMPLETE"),
        (Verdict::Pass, Ended::Missed) => styled.bad("FAILED"),
        (Verdict::Pass, Ended::NotReproduced) => styled.bad("PASS, not reproduced"),
        (Verdict::Pass, _) => styled.good("PASS"),
        (Verdict::Violation, Ended::NotReproduced) => {
            styled.bad("VIOLATION, but not that of the repro, or by other steps")
        }
        (Verdict::Violation, Ended::Incomplete) => styled.bad("VIOLATION, as expected; INCOMPLETE"),
        (Verdict::Violation, Ended::Missed) => {
            styled.bad("VIOLATION, but FAILED: another has to come")
        }
        (Verdict::Violation, Ended::AsExpected) => styled.good("VIOLATION, as expected"),
        (Verdict::Violation, Ended::Reproduced) => styled.bad("VIOLATION, reproduced"),
        (Verdict::Violation, _) => styled.bad("VIOLATION"),
        (Verdict::Unknown, _) => styled.bad("UNKNOWN"),
    }
}

/// The checks that the scenario leaves out, and how much each would have had to evaluate.
fn switched_off(run: &RunReport) -> Option<String> {
    let told = |name: &String| {
        let mut checks = run.checks.iter();
        let check = checks.find(|check| check.name == *name);
        match check.and_then(|check| check.switched_off) {
            Some(count) => format!("{name} {}", number(count)),
            None => format!("{name} (nothing to evaluate)"),
        }
    };
    let all: Vec<_> = run.without.iter().map(told).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A row of a summary; what is longer than a line goes on below it, after a comma.
pub(in crate::reporters) fn row(name: &str, content: &str) -> String {
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

fn budget(run: &RunReport) -> String {
    let budget = run.budget;
    format!(
        "allows {} events ({} taken), {} messages under way and {} MiB",
        number(budget.events),
        number(run.events),
        number(budget.under_way),
        number(budget.memory_bytes >> 20),
    )
}

fn clients(run: &RunReport) -> String {
    let latency = run.latency_ns;
    format!(
        "{} completed, {} of unknown outcome; latency {} median, {} p99, {} longest",
        counted(run.operations.ok, "operation"),
        number(run.operations.info),
        nanos(latency.median),
        nanos(latency.p99),
        nanos(latency.max),
    )
}

fn cluster(run: &RunReport) -> String {
    let timeouts = run.unavailability_ns as f64 / run.election_timeout_ns.max(1) as f64;
    format!(
        "{} decided, {}, longest unavailability {} ({timeouts:.1} election timeouts)",
        counted_as(run.decided, "entry", "entries"),
        counted(run.leader_changes, "leader change"),
        nanos(run.unavailability_ns),
    )
}

fn messages(run: &RunReport) -> String {
    let messages = run.messages;
    format!(
        "{} sent, {} delivered, {} dropped, {} duplicated",
        number(messages.sent),
        number(messages.delivered),
        number(messages.dropped),
        number(messages.duplicated),
    )
}

fn speed(run: &RunReport) -> String {
    let (wall, simulated) = (
        run.wall_ns.max(1) as f64 / 1e9,
        run.simulated_ns as f64 / 1e9,
    );
    format!(
        "{simulated:.1} simulated seconds in {wall:.3} s: {} times real time, {} events per second",
        number((simulated / wall) as u64),
        number((run.events as f64 / wall) as u64),
    )
}

fn nanos(nanos: u64) -> String {
    short(Duration::from_nanos(nanos))
}

/// What broke, the smallest useful excerpt, and how to see it again.
pub fn failure(run: &RunReport, styled: Styled) -> String {
    let mut text = String::new();
    for (place, violation) in run.violations.iter().enumerate() {
        let sentence = sentence(run, violation, &when(run, place), styled);
        let _ = writeln!(text, "{sentence}");
        if let Some(name) = &violation.known {
            let _ = writeln!(text, "  known     the finding {name}");
        }
    }
    if let Some(bug) = &run.planted {
        let loud = styled.bad(&format!("the bug {bug}"));
        let _ = writeln!(text, "  PLANTED   {loud}");
    }
    if !run.in_contract && !run.violations.is_empty() {
        let _ = writeln!(
            text,
            "  contract  {}: outside what the system is written for",
            run.contract
        );
    }
    for (place, line) in run.excerpt.iter().enumerate() {
        let head = if place == 0 { "history" } else { "" };
        let _ = writeln!(text, "  {head:<9} {line}");
    }
    if let Some(repro) = &run.repro {
        let _ = writeln!(text, "  repro     {repro}");
    }
    let _ = writeln!(text, "  replay    {}", run.replay);
    if let Some(shrink) = run
        .shrink
        .as_ref()
        .filter(|_| run.verdict == Verdict::Violation)
    {
        let _ = writeln!(text, "  shrink    {shrink}");
    }
    text
}

/// When a violation was found: what breaks during a run ends it, so that it is
/// the only one of its kind, and the first; all others are judged at the end.
fn when(run: &RunReport, place: usize) -> String {
    let word = if place > 0 || run.came_to_its_end() {
        "at the end,"
    } else {
        "after"
    };
    format!("{word} {}", nanos(run.violations[place].at_ns))
}

fn sentence(run: &RunReport, violation: &ViolationReport, when: &str, styled: Styled) -> String {
    let place = violation.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!(" (at {place})"));
    format!(
        "{} of {} in {}, seed {}, {when}: {}{place}",
        styled.bad("violation"),
        violation.check,
        run.scenario,
        run.seed,
        violation.message,
    )
}

/// `a 1, b 2`; `none` where there is nothing.
fn list_of<'a>(counts: impl IntoIterator<Item = (&'a String, &'a u64)>) -> String {
    let counts = counts.into_iter();
    let all: Vec<_> = counts
        .map(|(name, count)| format!("{name} {}", number(*count)))
        .collect();
    if all.is_empty() {
        "none".to_owned()
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
