//! Which model judges a history.

use std::path::Path;

use knossos::models::bank::Bank;
use knossos::models::cas_register::CasRegister;
use knossos::models::counter::Counter;
use knossos::models::keyed::Keyed;
use knossos::models::kv::KeyValue;
use knossos::models::mutex::Mutex;
use knossos::models::queue::Queue;
use knossos::models::register::Register;
use knossos::models::set::Set;
use knossos::models::stack::Stack;
use knossos::models::versioned_register::VersionedRegister;

use super::judge::{Judged, judge};
use super::visualize::Draws;
use super::watch::Watch;
use crate::cli::Exit;
use crate::cli::args::{CheckArgs, Initial, Model};

/// Judges one history by the model that was asked for.
pub(super) fn judge_by(
    model: Model,
    path: &Path,
    options: &CheckArgs,
    draws: Draws,
    watch: &Watch,
) -> Result<Judged, Exit> {
    let job = (path, options, draws, watch);
    match model {
        Model::Kv => judge(KeyValue, model, job),
        Model::Register => judge(Keyed::new(Register), model, job),
        Model::CasRegister => judge(Keyed::new(CasRegister), model, job),
        Model::VersionedRegister => judge(Keyed::new(VersionedRegister), model, job),
        Model::Mutex => judge(Keyed::new(Mutex), model, job),
        Model::Queue => judge(Keyed::new(Queue), model, job),
        Model::Stack => judge(Keyed::new(Stack), model, job),
        Model::Set => judge(Keyed::new(Set), model, job),
        Model::Counter if begins_anywhere(options) => {
            judge(Keyed::new(Counter::beginning_anywhere()), model, job)
        }
        Model::Counter => judge(Keyed::new(Counter::default()), model, job),
        Model::Bank if options.initial.is_none() => Err(Exit::usage(
            "a bank begins with balances, and none are given: say what the accounts hold at \
             first, as in --initial '{\"a\":10,\"b\":0}', or --initial unknown",
        )),
        Model::Bank => judge(Keyed::new(Bank::new([])), model, job),
    }
}

fn begins_anywhere(options: &CheckArgs) -> bool {
    let keys = options.initial_of.iter().map(|(_, initial)| initial);
    let mut all = keys.chain(&options.initial);
    all.any(|initial| *initial == Initial::Unknown)
}
