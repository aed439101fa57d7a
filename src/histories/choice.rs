//! Which model a history is checked against: one of ours, or one that a program brings.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::options::Model;
use super::own::HistoryModel;

/// A model that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ModelChoice {
    /// One that omnisim has.
    Known(Model),
    /// One of the program's own.
    Own(&'static HistoryModel),
}

impl ModelChoice {
    /// The model of a name; one of the program's own comes first.
    pub(crate) fn named(name: &str, own: &'static [HistoryModel]) -> Option<Self> {
        let own = own.iter().find(|model| model.name() == name);
        let known = || Model::from_str(name, false).ok().map(Self::Known);
        own.map(Self::Own).or_else(known)
    }
}

/// The names of all models, those of the program's own first.
pub(crate) fn model_names(own: &[HistoryModel]) -> Vec<PossibleValue> {
    let own = own.iter();
    let own = own.map(|model| PossibleValue::new(model.name()).help(model.operations()));
    let known = Model::value_variants().iter();
    let known = known.filter_map(ValueEnum::to_possible_value);
    own.chain(known).collect()
}
