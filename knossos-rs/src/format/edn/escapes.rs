//! Escapes in strings, and the codes of characters.

/// A string without its escapes.
pub(super) fn unescaped(raw: &str) -> Result<String, String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = rest.find('\\') {
        text.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        let (meant, length) = escape(rest).ok_or_else(|| {
            format!(
                "not EDN: a string has the escape `\\{}`, which is not known",
                rest.chars().next().unwrap_or(' ')
            )
        })?;
        text.push(meant);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// What an escape means, and how long it is without its backslash.
fn escape(rest: &str) -> Option<(char, usize)> {
    let meant = match rest.as_bytes().first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'0'..=b'7' => {
            let digits = rest
                .bytes()
                .take(3)
                .take_while(|byte| (b'0'..=b'7').contains(byte));
            let length = digits.count();
            let code = u32::from_str_radix(&rest[..length], 8).ok()?;
            return char::from_u32(code).map(|meant| (meant, length));
        }
        _ => return numbered(rest),
    };
    Some((meant, 1))
}

/// The character of a code, as in `u00e9` and `o351`, and how long that is.
pub(super) fn numbered(text: &str) -> Option<(char, usize)> {
    let (digits, length, radix) = match text.as_bytes().first()? {
        b'u' => (text.get(1..5)?, 5, 16),
        b'o' => (&text[1..], text.len(), 8),
        _ => return None,
    };
    let code = u32::from_str_radix(digits, radix).ok()?;
    // Half of a pair says nothing alone.
    Some((
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        length,
    ))
}
