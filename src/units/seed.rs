//! Seeds as people write them.

/// Reads a seed: decimal or `0x` hexadecimal, underscores allowed.
///
/// # Errors
/// A sentence that says what would be right.
///
/// ```
/// use omnisim::units::parse_seed;
/// assert_eq!(parse_seed("0x2a"), Ok(42));
/// assert_eq!(parse_seed("1_000"), Ok(1_000));
/// assert!(parse_seed("forty-two").unwrap_err().contains("decimal"));
/// ```
pub fn parse_seed(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    let parsed = match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(hexadecimal) => u64::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    parsed.map_err(|_| {
        format!("{text:?} is no seed: write a number from 0 to 2^64 - 1, decimal or 0x hexadecimal")
    })
}

/// More than a machine runs in a week.
const MOST_SEEDS: u64 = 10_000_000;

/// Reads a range of seeds `A..B`; B is not part of it.
///
/// # Errors
/// A sentence that says what would be right.
pub fn parse_seed_range(text: &str) -> Result<std::ops::Range<u64>, String> {
    let (from, to) = text.split_once("..").ok_or_else(|| {
        format!("{text:?} is no range of seeds: write A..B, as 0..100 for the seeds 0 to 99")
    })?;
    let (from, to) = (parse_seed(from)?, parse_seed(to)?);
    if from >= to {
        return Err(format!(
            "the range {text} holds no seed: write the smaller number first"
        ));
    }
    if to - from > MOST_SEEDS {
        return Err(format!(
            "the range {text} holds more than {MOST_SEEDS} seeds: run fewer at a time"
        ));
    }
    Ok(from..to)
}
