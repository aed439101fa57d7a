//! How [reports](crate::report) look: for people, for programs, as pictures.
//!
//! A format is one file that implements [`Reporter`], and one line in [`FORMATS`].

mod json;
mod junit;
mod picture;
mod reporter;
mod styled;
mod text;

pub use picture::{Picture, picture};
pub use reporter::{Format, Printed, Reporter, Settings};
pub use styled::Styled;
pub use text::failure;

/// All formats of reports; the first is for people, and meant where none is named.
pub const FORMATS: &[Format] = &[text::FORMAT, json::FORMAT, junit::FORMAT];

impl Format {
    /// The format of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}

#[cfg(test)]
mod tests;
