//! Counts, sizes and durations as a person reads them.

use simulated_clock::Duration;

/// A count with its thing, which takes an s where there are more.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    counted_as(count, thing, &format!("{thing}s"))
}

/// `1 seed`, `2,000 seeds`.
pub(crate) fn counted_as(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes, in the unit that suits it.
#[cfg(feature = "explore")]
pub(crate) fn size(bytes: u64) -> String {
    let unit = [(30, "GiB"), (20, "MiB")];
    let (bits, unit) = unit
        .into_iter()
        .find(|(bits, _)| bytes >= 1 << bits)
        .unwrap_or((10, "KiB"));
    let tenths = (u128::from(bytes) * 10) >> bits;
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        rest => format!("{}.{rest} {unit}", tenths / 10),
    }
}

/// A duration with three digits that count.
pub(crate) fn short(duration: Duration) -> String {
    let nanos = duration.as_nanos() as f64;
    let (value, unit) = match duration.as_nanos() {
        0..1_000 => (nanos, "ns"),
        1_000..1_000_000 => (nanos / 1e3, "us"),
        1_000_000..1_000_000_000 => (nanos / 1e6, "ms"),
        _ => (nanos / 1e9, "s"),
    };
    let digits = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(12_345_678), "12,345,678");
    }

    #[test]
    fn sizes_are_in_the_unit_that_suits_them() {
        assert_eq!(size(512), "0.5 KiB");
        assert_eq!(size(3 << 20), "3 MiB");
        assert_eq!(size((4 << 30) + (1 << 29)), "4.5 GiB");
    }

    #[test]
    fn what_is_counted_agrees_with_its_number() {
        assert_eq!(counted_as(1, "entry", "entries"), "1 entry");
        assert_eq!(counted_as(0, "entry", "entries"), "0 entries");
        assert_eq!(counted(2_000, "seed"), "2,000 seeds");
    }

    #[test]
    fn durations_are_short_and_keep_their_meaning() {
        assert_eq!(short(Duration::from_micros(2_134)), "2.13 ms");
        assert_eq!(short(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(short(Duration::ZERO), "0.00 ns");
    }
}
