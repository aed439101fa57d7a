//! Which model judges a history.

use std::io::BufReader;
use std::path::Path;

use knossos::format::Pairs;
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

use super::files::open;
use super::judge::{Judged, judge, reading};
use super::tee::Tee;
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
    let reader = watch.reads(&path.display().to_string(), open(path)?);
    let mut source = Tee::new(reader);
    let has_pairs = model != Model::Kv && has_pairs(path, options, &mut source)?;
    let job = (path, options, draws, watch, source.again());
    match model {
        Model::Kv => judge(KeyValue, model, job),
        Model::Register => judge(Keyed::new(Register).with_pairs(has_pairs), model, job),
        Model::CasRegister => judge(Keyed::new(CasRegister).with_pairs(has_pairs), model, job),
        Model::VersionedRegister => judge(
            Keyed::new(VersionedRegister).with_pairs(has_pairs),
            model,
            job,
        ),
        Model::Mutex => judge(Keyed::new(Mutex).with_pairs(has_pairs), model, job),
        Model::Queue => judge(Keyed::new(Queue).with_pairs(has_pairs), model, job),
        Model::Stack => judge(Keyed::new(Stack).with_pairs(has_pairs), model, job),
        Model::Set => judge(Keyed::new(Set).with_pairs(has_pairs), model, job),
        Model::Counter if begins_anywhere(options) => judge(
            Keyed::new(Counter::beginning_anywhere()).with_pairs(has_pairs),
            model,
            job,
        ),
        Model::Counter => judge(
            Keyed::new(Counter::default()).with_pairs(has_pairs),
            model,
            job,
        ),
        Model::Bank if options.initial.is_none() => Err(Exit::usage(
            "a bank begins with balances, and none are given: say what the accounts hold at \
             first, as in --initial '{\"a\":10,\"b\":0}', or --initial unknown",
        )),
        Model::Bank => judge(Keyed::new(Bank::new([])).with_pairs(has_pairs), model, job),
    }
}

fn begins_anywhere(options: &CheckArgs) -> bool {
    let keys = options.initial_of.iter().map(|(_, initial)| initial);
    let mut all = keys.chain(&options.initial);
    all.any(|initial| *initial == Initial::Unknown)
}

/// Whether the values of the history are `[key value]`.
fn has_pairs(path: &Path, options: &CheckArgs, source: &mut Tee) -> Result<bool, Exit> {
    if let Some(is_independent) = options.independent {
        return Ok(is_independent);
    }
    match Pairs::of(BufReader::new(source), &reading(options)) {
        Pairs::Yes => Ok(true),
        Pairs::No => Ok(false),
        Pairs::Unclear => Err(Exit::usage(format!(
            "{}: every value is a pair, and nothing tells whether that is [key value]: say \
             --independent if it is (as for --model kv), --independent=false if pairs are the \
             values of one object",
            path.display()
        ))),
    }
}
