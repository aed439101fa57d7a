//! Which model judges a history.

use std::io::BufReader;
use std::path::Path;

use knossos::format::Pairs;
use knossos::models::any::Object;
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
use super::judge::{Levels, judge};
use super::reading::Counted;
use super::tee::Tee;
use super::{Initial, Job, Model, ModelChoice, Options, name_of};
use crate::search::SearchError;

/// Judges one history by the model that was asked for, at every level.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn judge_by(model: ModelChoice, job: Job<'_>) -> Result<Levels, SearchError> {
    match model {
        ModelChoice::Known(model) => judge_by_known(model, job),
        ModelChoice::Own(model) => model.judge(job),
    }
}

fn judge_by_known(model: Model, job: Job<'_>) -> Result<Levels, SearchError> {
    let name = &name_of(model);
    let Job { path, options, .. } = job;
    let reader = Counted::new(path.display().to_string(), open(path)?, job.reading);
    let mut source = Tee::new(reader);
    let has_pairs = model != Model::Kv && has_pairs(path, options, &mut source)?;
    // Where a counter of some key began with nobody knows what, all others still begin with 0.
    let with_zero = Options {
        initial: Some(Initial::Value(serde_json::json!(0).into())),
        ..options.clone()
    };
    let is_counter_from_zero = model == Model::Counter && options.initial.is_none();
    let options = match is_counter_from_zero && begins_anywhere(options) {
        true => &with_zero,
        false => options,
    };
    let (job, source) = (Job { options, ..job }, source.again());
    match model {
        Model::Kv => judge(KeyValue, name, job, source),
        Model::Register => judge(
            Keyed::new(Register).with_pairs(has_pairs),
            name,
            job,
            source,
        ),
        Model::CasRegister => judge(
            Keyed::new(CasRegister).with_pairs(has_pairs),
            name,
            job,
            source,
        ),
        _ => judge(
            Keyed::new(object(model, options)?).with_pairs(has_pairs),
            name,
            job,
            source,
        ),
    }
}

/// An object of a kind that is not checked often enough, or not in histories long enough, for a
/// checker of its own.
fn object(model: Model, options: &Options) -> Result<Object, SearchError> {
    Ok(match model {
        Model::Kv | Model::Register | Model::CasRegister => {
            unreachable!("{model:?} has a checker of its own")
        }
        Model::VersionedRegister => Object::VersionedRegister(VersionedRegister),
        Model::Mutex => Object::Mutex(Mutex),
        Model::Queue => Object::Queue(Queue),
        Model::Stack => Object::Stack(Stack),
        Model::Set => Object::Set(Set),
        Model::Counter if begins_anywhere(options) => {
            Object::Counter(Counter::beginning_anywhere())
        }
        Model::Counter => Object::Counter(Counter::default()),
        Model::Bank if options.initial.is_none() => {
            return Err(SearchError::Input(
                "a bank begins with balances, and none are given: say what the accounts hold at \
                 first, as in --initial '{\"a\":10,\"b\":0}', or --initial unknown"
                    .to_owned(),
            ));
        }
        Model::Bank => Object::Bank(Bank::new([])),
    })
}

fn begins_anywhere(options: &Options) -> bool {
    let keys = options.initial_of.iter().map(|(_, initial)| initial);
    let mut all = keys.chain(&options.initial);
    all.any(|initial| *initial == Initial::Unknown)
}

/// Whether the values of the history are `[key value]`.
fn has_pairs(path: &Path, options: &Options, source: &mut Tee) -> Result<bool, SearchError> {
    if let Some(is_independent) = options.independent {
        return Ok(is_independent);
    }
    match Pairs::of(BufReader::new(source), &options.reading) {
        Pairs::Yes => Ok(true),
        Pairs::No => Ok(false),
        Pairs::Unclear => Err(SearchError::Input(format!(
            "{}: every value is a pair, and nothing tells whether that is [key value]: say \
             --independent if it is (as for --model kv), --independent=false if pairs are the \
             values of one object",
            path.display()
        ))),
    }
}
