//! For programs: each report is one JSON object on a line of its own; what sums up goes to
//! standard error.

use serde::Serialize;

use super::text::{end_of_runs, hunt_summary, left_open, parting};
use super::{Format, Printed, Reporter, Settings};
use crate::report::{Comparison, RunReport, RunsReport};
use crate::search::HuntReport;

/// `--format json`.
pub(super) const FORMAT: Format = Format {
    name: "json",
    about: "One JSON object per line",
    is_for_people: false,
    reporter: |settings| Box::new(Json { settings }),
};

struct Json {
    settings: Settings,
}

impl Reporter for Json {
    fn run(&mut self, run: &RunReport) -> Printed {
        Printed::out(line(run))
    }

    fn runs(&mut self, runs: &RunsReport) -> Printed {
        Printed::err(end_of_runs(runs, &self.settings).err)
    }

    fn hunted(&mut self, run: &RunReport) -> Printed {
        self.run(run)
    }

    fn hunt(&mut self, hunt: &HuntReport) -> Printed {
        Printed::err(hunt_summary(hunt, &self.settings))
    }

    fn compared(&mut self, comparison: &Comparison) -> Printed {
        Printed {
            out: comparison.differences.iter().map(line).collect(),
            err: format!("{}{}", parting(comparison), left_open(comparison)),
        }
    }
}

/// One object on a line of its own.
fn line(object: &impl Serialize) -> String {
    let object = serde_json::to_string(object).expect("a report is plain data");
    format!("{object}\n")
}
