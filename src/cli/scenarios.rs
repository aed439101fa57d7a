//! `omnisim scenarios`: what there is to run.

use std::io::Write;

use super::args::{Format, ScenariosArgs, Tested};
use super::system::{asked_for, choose};
use super::{Exit, source};
use crate::scenario::Expectation;
use crate::search::{Environment, Systems, drawn, schema};

pub(super) fn scenarios(options: &ScenariosArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let tested = Tested {
        system: options.system.clone(),
    };
    let system = asked_for(systems, &tested)?;
    let mut text = String::new();
    if let Some(seed) = options.swarm {
        let environment = if options.unlimited {
            Environment::Unlimited
        } else {
            Environment::Promised
        };
        let drawn = drawn(system, seed, environment);
        text = match options.format {
            Format::Text => drawn.to_text(),
            Format::Json => {
                let object = serde_json::to_string(&drawn).expect("a scenario can be written");
                format!("{object}\n")
            }
        };
    } else if options.schema {
        let only = [system];
        let meant = options.system.as_ref().map_or(systems, |_| &only);
        let schema = serde_json::to_string_pretty(&schema(meant)).expect("a schema is plain JSON");
        text.push_str(&schema);
        text.push('\n');
    } else {
        let mut sources = source::load(&options.scenarios)?;
        for source in &mut sources {
            choose(systems, &tested, source)?;
        }
        let widest = sources
            .iter()
            .map(|source| source.path.display().to_string().len())
            .max()
            .unwrap_or(0);
        for source in &sources {
            let path = source.path.display().to_string();
            let scenario = &source.scenario;
            let expects_violation = scenario.check.expect == Expectation::Violation;
            match options.format {
                Format::Text => {
                    let must_fail = if expects_violation {
                        format!(" (must violate {})", scenario.check.violates.join(", "))
                    } else {
                        String::new()
                    };
                    text.push_str(&format!("{path:<widest$}  {}{must_fail}\n", scenario.about));
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
                    text.push_str(&format!("{object}\n"));
                }
            }
        }
    }
    print(&text)?;
    Ok(Exit::OK)
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
