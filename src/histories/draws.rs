//! Which histories are drawn.

use std::path::Path;

use knossos::{Model, OperationOf, Report, Verdict, picture};

/// Which verdicts on a history are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draws {
    /// None of them.
    Nothing,
    /// A violation.
    Violations,
    /// Each of them: it may be the only history to draw.
    Anything,
}

impl Draws {
    /// What is to be drawn of a history that is the first, or not.
    pub(crate) fn new(is_drawn: bool, is_first: bool) -> Self {
        match (is_drawn, is_first) {
            (false, _) => Self::Nothing,
            (true, true) => Self::Anything,
            (true, false) => Self::Violations,
        }
    }

    /// The picture, if it is to be drawn.
    pub(crate) fn draw<M: Model>(
        self,
        model: &M,
        history: &[OperationOf<M>],
        report: &Report,
        faults: &[picture::Band],
        path: &Path,
        property: &str,
    ) -> Option<String> {
        let is_drawn = match self {
            Self::Nothing => false,
            Self::Violations => matches!(report.verdict, Verdict::Violation(_)),
            Self::Anything => true,
        };
        let options = || picture::Options {
            title: path.display().to_string(),
            property: property.to_owned(),
            bands: faults.to_vec(),
            ..picture::Options::default()
        };
        is_drawn.then(|| picture::html(model, history, report, &options()))
    }
}
