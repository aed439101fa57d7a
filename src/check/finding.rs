//! A known defect, as data.

use super::Cause;

/// A known defect of a library, or of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name in scenarios.
    pub name: &'static str,
    /// The checks that it breaks.
    pub checks: &'static [&'static str],
    /// How they fail.
    pub causes: &'static [Cause],
    /// What the library says when it panics, of which the place or message of the panic
    /// contains one.
    pub panics: &'static [&'static str],
    /// Whether it shows although everything that the library relies on is given.
    pub in_contract: bool,
    /// The library and the version that has it; of a defect of the system itself, its name.
    pub library: &'static str,
    /// What goes wrong, in a sentence.
    pub summary: &'static str,
}

impl Finding {
    /// The library that has it, without its version.
    pub fn library_name(&self) -> &'static str {
        self.library.split(' ').next().unwrap_or_default()
    }
}
