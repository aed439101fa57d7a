//! What is hunted, by what was said on the command line.

use crate::cli::args::HuntArgs;
use crate::cli::{Exit, source};
use crate::search::{Environment, Prey, Systems, asked_for, choose};

/// The scenarios that were named, or scenarios drawn for a system.
pub(super) fn prey(options: &HuntArgs, systems: Systems<'static>) -> Result<Vec<Prey>, Exit> {
    if !options.scenarios.is_empty() {
        let sources = source::load_runs(&options.scenarios)?;
        return sources
            .into_iter()
            .map(|mut source| {
                let runner = choose(systems, options.tested.name(), &mut source)?;
                let mut scenario = Box::new(source.scenario);
                scenario.budget = options.run_budget.over(scenario.budget);
                Ok(Prey::Scenario { scenario, runner })
            })
            .collect();
    }
    Ok(vec![Prey::Swarm {
        runner: asked_for(systems, options.tested.name())?,
        environment: if options.unlimited {
            Environment::Unlimited
        } else {
            Environment::Promised
        },
        budget: options.run_budget.over(Default::default()),
    }])
}
