//! What one run may spend, said on the command line.

use clap::Args;

use crate::scenario::BudgetOptions;

/// What one run may spend: each is derived from the size of the scenario, unless it is given in
/// its `[budget]` table or here.
#[derive(Args, Clone, Copy, Debug)]
pub(in crate::cli) struct BudgetArgs {
    /// The most events of one run; one that takes more is unknown.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget_events: Option<u64>,
    /// The most messages under way at the same time in one run.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget_under_way: Option<u64>,
    /// The most memory of what one run holds, in MiB: an estimate by counts.
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..))]
    budget_memory: Option<u64>,
}

impl BudgetArgs {
    /// What was said here, or else in the scenario.
    pub(in crate::cli) fn over(&self, scenario: BudgetOptions) -> BudgetOptions {
        let said = BudgetOptions {
            events: self.budget_events,
            under_way: self.budget_under_way,
            memory_mib: self.budget_memory,
        };
        said.or(scenario)
    }
}
