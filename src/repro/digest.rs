//! Digests, as files and reports have them.

/// A digest as it is written everywhere.
pub(crate) fn digest_text(digest: u64) -> String {
    format!("{digest:#018x}")
}

/// What is wrong with a text that should be a digest, if anything.
pub(super) fn complaint_about(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let is_digit = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
    let is_digest = digits.len() == 16 && digits.chars().all(is_digit);
    let message =
        || format!("{text:?} is no digest: write 0x and 16 lower-case hexadecimal digits");
    (!is_digest).then(message)
}
