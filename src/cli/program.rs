//! How this program is called.

/// The name under which this program was called, so that the commands that it
/// prints call it again: users build binaries of their own.
pub(super) fn program() -> String {
    std::env::args()
        .next()
        .unwrap_or_else(|| "omnisim".to_owned())
}
