//! `omnisim scenarios`: what there is to run.

use super::args::{Format, ScenariosArgs};
use super::printing::print;
use super::{Exit, source};
use crate::scenario::Expectation;
use crate::search::{Environment, Systems, asked_for, drawn, schema};

pub(super) fn scenarios(options: &ScenariosArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let mut text = String::new();
    if let Some(seed) = options.swarm {
        let environment = if options.unlimited {
            Environment::Unlimited
        } else {
            Environment::Promised
        };
        let system = asked_for(systems, options.system.as_deref())?;
        let drawn = drawn(system, seed, environment);
        text = match options.format {
            Format::Text => drawn.to_text(),
            Format::Json => {
                let object = serde_json::to_string(&drawn).expect("a scenario can be written");
                format!("{object}\n")
            }
        };
    } else if options.schema {
        let schema =
            serde_json::to_string_pretty(&schema(systems)).expect("a schema is plain JSON");
        text.push_str(&schema);
        text.push('\n');
    } else {
        let sources = source::load(&options.scenarios)?;
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
