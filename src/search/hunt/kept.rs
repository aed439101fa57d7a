//! What earlier hunts kept in repro files, run once more: what was found before is looked at
//! first.

use serde::{Deserialize, Serialize};

use crate::search::Signature;

/// A repro file of an earlier hunt, and what comes of it today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The file.
    pub repro: String,
    /// The violation that comes, or that came.
    pub signature: Signature,
    /// The bug that is planted in it, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planted: Option<String>,
    /// How it comes.
    pub again: Again,
}

/// How the violation of a repro file comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Again {
    /// By the same steps.
    StepForStep,
    /// The file says nothing of steps: it was edited.
    Edited,
    /// By other steps, of the same build.
    OtherCode,
    /// By other steps, of another build.
    OtherBuild,
    /// Not at all.
    Gone,
}

impl Kept {
    /// Whether it fails, and is no finding that is known.
    pub fn fails(&self) -> bool {
        self.again != Again::Gone && self.signature.finding.is_none()
    }

    /// What comes of it, in words.
    pub fn told(&self) -> String {
        let how = match self.again {
            Again::StepForStep => "step for step",
            Again::Edited => "in the run as it was edited",
            Again::OtherCode => "by other steps: the code changed",
            Again::OtherBuild => "by other steps: it was made by another build",
            Again::Gone => {
                let check = &self.signature.check;
                return format!("{check} does not come any more: mended, or out of its reach");
            }
        };
        let planted = self.planted.as_ref();
        let planted =
            planted.map_or_else(String::new, |bug| format!(", with the PLANTED bug {bug}"));
        format!("still shows {}, {how}{planted}", self.signature)
    }

    #[cfg(test)]
    pub(crate) fn example(repro: &str, planted: Option<&str>) -> Self {
        Self {
            repro: repro.to_owned(),
            signature: Signature {
                check: "agreement".to_owned(),
                class: crate::check::Class::Safety,
                place: None,
                finding: None,
            },
            planted: planted.map(str::to_owned),
            again: Again::StepForStep,
        }
    }
}
