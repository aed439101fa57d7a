//! What the parser of TOML says, in words of a file.

/// What the parser says, in words of the file instead of those of Rust.
pub fn in_words(message: &str) -> String {
    let message = message.trim().replace('\n', " ");
    let message = message
        .replace(
            "wanted exactly 1 element, found 0 elements",
            "one key is needed, and none is given",
        )
        .replace(
            "wanted exactly 1 element, more than 1 element",
            "one key is needed, and more are given",
        )
        .replace("unknown variant", "unknown value")
        .replace("invalid type: map", "wrong type: a table")
        .replace("invalid type: sequence", "wrong type: a list")
        .replace("invalid type", "wrong type");
    let Some((found, expected)) = message.rsplit_once("expected ") else {
        return message;
    };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i64" => "a whole number",
        "f64" => "a number",
        "a map" => "a table",
        "a sequence" => "a list",
        name if name.starts_with("struct ") => "a table",
        name if name.starts_with("enum ") || name.contains("variant") => "one of its values",
        other => other,
    };
    format!("{found}expected {expected}")
}
