//! `omnisim scenarios`: what there is to run.

use std::io::Write;

use super::Exit;
use super::args::{Format, ScenariosArgs, Tested};
use super::source::{self, Source};
use super::system::{asked_for, choose};
use crate::scenario::Expectation;
use crate::search::{Environment, Systems, drawn, schema};

pub(super) fn scenarios(options: &ScenariosArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let tested = Tested {
        system: options.system.clone(),
    };
    let text = if let Some(seed) = options.swarm {
        let environment = if options.unlimited {
            Environment::Unlimited
        } else {
            Environment::Promised
        };
        let drawn = drawn(asked_for(systems, &tested)?, seed, environment);
        match options.format {
            Format::Text => drawn.to_text(),
            Format::Json => {
                let object = serde_json::to_string(&drawn).expect("a scenario can be written");
                format!("{object}\n")
            }
        }
    } else if options.schema {
        let schema = serde_json::to_string_pretty(&schema(systems));
        format!("{}\n", schema.expect("a schema is plain JSON"))
    } else {
        let mut sources = source::load(&options.scenarios)?;
        // What is listed can be run.
        for source in &mut sources {
            choose(systems, &tested, source)?;
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

/// Writes to standard output; a reader that has gone is no error.
pub(super) fn print(text: &str) -> Result<(), Exit> {
    let mut output = std::io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Exit::io(format!("standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}
