//! The last line of a run of several scenarios.

use std::collections::BTreeMap;

use super::totals::Totals;
use crate::report::{counted, number};
use crate::search::{Judged, ScenarioTally};

/// What all scenarios come to.
#[derive(Debug, Default)]
pub(super) struct Summary {
    scenarios: u64,
    seeds: u64,
    not_as_expected: u64,
    incomplete: u64,
    not_deterministic: u64,
    twice: u64,
    /// In how many seeds each known finding was seen.
    known: BTreeMap<String, u64>,
}

impl Summary {
    /// Adds a scenario.
    pub(super) fn add(&mut self, tally: &ScenarioTally, judged: &Judged, totals: &Totals) {
        self.scenarios += 1;
        self.seeds += tally.seeds;
        self.twice += totals.twice;
        match judged {
            _ if totals.diverged > 0 => self.not_deterministic += 1,
            Judged::AsExpected => {}
            Judged::NotAsExpected(_) => self.not_as_expected += 1,
            Judged::Incomplete(_) => self.incomplete += 1,
        }
        for (name, seeds) in &tally.known {
            *self.known.entry(name.clone()).or_default() += seeds.len() as u64;
        }
    }

    /// The line; `wall_ns` is how long it took.
    pub(super) fn line(&self, wall_ns: u64) -> String {
        let others = [
            (self.not_as_expected, "not as expected"),
            (self.incomplete, "incomplete"),
            (self.not_deterministic, "not deterministic"),
        ];
        let surprising: u64 = others.iter().map(|(count, _)| count).sum();
        let verdicts = match self.scenarios - surprising {
            all if surprising == 0 && all > 0 => "all as expected".to_owned(),
            some => {
                let mut words = vec![format!("{} as expected", number(some))];
                let others = others.iter().filter(|(count, _)| *count > 0);
                words.extend(others.map(|(count, what)| format!("{} {what}", number(*count))));
                words.join(", ")
            }
        };
        let mut text = format!(
            "{}, {}: {verdicts}",
            counted(self.scenarios, "scenario"),
            counted(self.seeds, "seed")
        );
        if !self.known.is_empty() {
            let seen = self.known.iter();
            let seen: Vec<_> = seen
                .map(|(name, seeds)| format!("{name} in {}", counted(*seeds, "seed")))
                .collect();
            text.push_str(&format!("; known findings: {}", seen.join(", ")));
        }
        if self.twice > 0 && self.not_deterministic == 0 {
            let twice = counted(self.twice, "seed");
            text.push_str(&format!("; {twice} run twice with the same steps"));
        }
        text.push_str(&format!("; took {:.1} s", wall_ns as f64 / 1e9));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(seeds: u64, known: &[u64]) -> ScenarioTally {
        let mut tally = ScenarioTally {
            seeds,
            ..ScenarioTally::default()
        };
        if !known.is_empty() {
            tally.known.insert("a-finding".to_owned(), known.to_vec());
        }
        tally
    }

    #[test]
    fn the_last_line_counts_scenarios_seeds_verdicts_and_findings() {
        let mut summary = Summary::default();
        let totals = Totals::default();
        summary.add(&tally(100, &[3, 5]), &Judged::AsExpected, &totals);
        assert_eq!(
            summary.line(1_250_000_000),
            "1 scenario, 100 seeds: all as expected; known findings: a-finding in 2 seeds; took 1.2 s"
        );
        let why = String::new;
        summary.add(&tally(10, &[7]), &Judged::NotAsExpected(why()), &totals);
        summary.add(&tally(10, &[]), &Judged::Incomplete(why()), &totals);
        let mut differs = Totals::default();
        (differs.twice, differs.diverged) = (1, 1);
        summary.add(&tally(1_000, &[]), &Judged::AsExpected, &differs);
        assert_eq!(
            summary.line(0),
            "4 scenarios, 1,120 seeds: 1 as expected, 1 not as expected, 1 incomplete, \
             1 not deterministic; known findings: a-finding in 3 seeds; took 0.0 s"
        );
    }
}
