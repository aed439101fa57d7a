//! How a hunt is asked for again.

use crate::cli::args::HuntArgs;

/// The words of a command that hunts the same, but for its seeds.
pub(super) fn words_of(options: &HuntArgs) -> Vec<String> {
    let mut words = vec!["hunt".to_owned()];
    let scenarios = options.scenarios.iter();
    words.extend(scenarios.map(|path| path.display().to_string()));
    if options.unlimited {
        words.push("--unlimited".to_owned());
    }
    words.extend(options.tested.words());
    words
}
