//! `omnisim scenarios`: what there is to run.

use super::args::{Format, ScenariosArgs};
use super::printing::print;
use super::{Exit, source};
use crate::repro::Source;
use crate::scenario::Expectation;
use crate::search::{Environment, Systems, asked_for, choose, drawn, schema};
use crate::units::as_json;

pub(super) fn scenarios(options: &ScenariosArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let system = options.system.as_deref();
    let text = if let Some(seed) = options.swarm {
        let environment = if options.unlimited {
            Environment::Unlimited
        } else {
            Environment::Promised
        };
        let drawn = drawn(asked_for(systems, system)?, seed, environment);
        match options.format {
            Format::Text => drawn.to_text(),
            Format::Json => as_json(&drawn) + "\n",
        }
    } else if options.schema {
        let schema = serde_json::to_string_pretty(&schema(systems));
        format!("{}\n", schema.expect("a schema is plain JSON"))
    } else {
        let mut sources = source::load(&options.scenarios)?;
        // What is listed can be run.
        for source in &mut sources {
            choose(systems, system, source)?;
        }
        list(&sources, options.format)
    };
    print(&text)?;
    Ok(Exit::OK)
}

/// A line for each scenario.
fn list(sources: &[Source], format: Format) -> String {
    let paths = sources
        .iter()
        .map(|source| source.path.display().to_string());
    let paths: Vec<_> = paths.collect();
    let widest = paths.iter().map(String::len).max().unwrap_or(0);
    let lines = paths.iter().zip(sources).map(|(path, source)| {
        let scenario = &source.scenario;
        match format {
            Format::Text => {
                let must_fail = if scenario.check.expect == Expectation::Violation {
                    format!(" (must violate {})", scenario.check.violates.join(", "))
                } else {
                    String::new()
                };
                format!("{path:<widest$}  {}{must_fail}\n", scenario.about)
            }
            Format::Json => {
                let object = serde_json::json!({
                    "file": path,
                    "scenario": scenario.name,
                    "about": scenario.about,
                    "system": scenario.cluster.system,
                    "replicas": scenario.cluster.replicas,
                    "expect": scenario.check.expect,
                    "violates": scenario.check.violates,
                    "seeds": scenario.check.seeds,
                });
                format!("{object}\n")
            }
        }
    });
    lines.collect()
}
