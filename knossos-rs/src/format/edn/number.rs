//! Numbers as Clojure prints them.

use serde_json::Number;

use crate::format::bytes::natural;
use crate::format::datum::Datum;
use crate::format::texts::Texts;

/// A number: `5N` and `5M` are 5. What fits no number of 64 bits stays the text that it is, so
/// that it still equals itself.
pub(super) fn number(token: &str, texts: &mut Texts) -> Result<Datum, String> {
    if let Some((number, digits)) = natural(token.as_bytes())
        && digits == token.len()
    {
        return Ok(Datum::Number(number.into()));
    }
    let plain = token.strip_prefix('+').unwrap_or(token);
    let exact = plain.strip_suffix('N').unwrap_or(plain);
    let decimal = plain.strip_suffix('M').unwrap_or(plain);
    let found = if let Some(digits) = [exact, decimal].into_iter().find(|digits| is_whole(digits)) {
        Some(integer(digits).unwrap_or_else(|| Datum::Text(texts.share(digits))))
    } else if is_decimal(decimal) {
        let number = decimal.parse().ok().and_then(Number::from_f64);
        Some(number.map_or_else(|| Datum::Text(texts.share(decimal)), Datum::Number))
    } else {
        ratio(plain, texts).or_else(|| of_radix(exact))
    };
    found.ok_or_else(|| format!("not EDN: the number {token} is malformed"))
}

/// Whether these are the digits of a whole number to the base of ten.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (digits.len() == 1 || !digits.starts_with('0'))
}

fn integer(digits: &str) -> Option<Datum> {
    let signed = digits.parse::<i64>().map(Number::from);
    let number = signed.or_else(|_| digits.parse::<u64>().map(Number::from));
    number.ok().map(Datum::Number)
}

/// Whether the text is a number with a fraction or an exponent.
fn is_decimal(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    text.contains(['.', 'e', 'E']) && text.bytes().all(is_part) && text.parse::<f64>().is_ok()
}

/// A ratio: a whole number, or a text that equals itself.
fn ratio(text: &str, texts: &mut Texts) -> Option<Datum> {
    let (above, below) = text.split_once('/')?;
    if !is_whole(above) || !is_whole(below) || below.starts_with(['-', '0']) {
        return None;
    }
    let whole = match (above.parse::<i64>(), below.parse::<i64>()) {
        (Ok(above), Ok(below)) if above % below == 0 => Some(above / below),
        _ => None,
    };
    Some(whole.map_or_else(
        || Datum::Text(texts.share(text)),
        |whole| Datum::Number(whole.into()),
    ))
}

/// An integer to another base: `0x1F`, `017`, `2r101`.
fn of_radix(text: &str) -> Option<Datum> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (radix, digits) = if let Some(digits) = digits.strip_prefix(['0']) {
        match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (16, digits),
            None => (8, digits),
        }
    } else {
        let (radix, digits) = digits.split_once(['r', 'R'])?;
        (
            radix
                .parse()
                .ok()
                .filter(|radix| (2..=36).contains(radix))?,
            digits,
        )
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i64::from_str_radix(&format!("{sign}{digits}"), radix);
    number.ok().map(|number| Datum::Number(number.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_printed() {
        let read = |token: &str| number(token, &mut Texts::default());
        for (tokens, meant) in [
            (
                &["5", "+5", "5N", "5M", "0x5", "05", "2r101", "10/2"][..],
                "5",
            ),
            (&["-5", "-5N", "-5M", "-0x5"], "-5"),
            (&["0", "0N", "0x0"], "0"),
            (&["1.5", "1.5M", "15e-1", "+1.5"], "1.5"),
            (&["1/3"], "\"1/3\""),
            (&["18446744073709551615"], "18446744073709551615"),
            (
                &["99999999999999999999", "99999999999999999999N"],
                "\"99999999999999999999\"",
            ),
        ] {
            for token in tokens {
                assert_eq!(read(token).unwrap().to_string(), meant, "{token}");
            }
        }
        for token in [
            "5x", "1.5N", "09", "1/0", "0x", "1r1", "5NM", "1.2.3", "1e", "1/-2",
        ] {
            let problem = read(token).unwrap_err();
            assert!(
                problem.ends_with(&format!("{token} is malformed")),
                "{problem}"
            );
        }
    }
}
