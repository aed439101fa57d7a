//! The code of a source file: what is left without comments, texts and tests.

/// The same text with every comment and every literal blanked, line by line.
pub(crate) fn without_comments_and_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if is_raw_text(rest, &code) {
            raw_text(rest)
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        let (blank, kept) = if skipped > 0 {
            (skipped, 0)
        } else {
            (0, first.len_utf8())
        };
        code.extend(
            rest[..blank]
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' }),
        );
        code.push_str(&rest[..kept]);
        rest = &rest[blank + kept..];
    }
    code
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut place = 0;
    while place < text.len() {
        if text[place..].starts_with("/*") {
            depth += 1;
            place += 2;
        } else if text[place..].starts_with("*/") {
            depth -= 1;
            place += 2;
            if depth == 0 {
                return place;
            }
        } else {
            place += text[place..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Whether `r"..."` or `r#"..."#` begins here, and not the end of a longer word.
fn is_raw_text(text: &str, before: &str) -> bool {
    let word = before
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '_');
    let after = text
        .strip_prefix('r')
        .map(|rest| rest.trim_start_matches('#'));
    !word && after.is_some_and(|after| after.starts_with('"'))
}

fn raw_text(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|byte| *byte == b'#').count();
    let end = format!("\"{}", "#".repeat(hashes));
    let start = 1 + hashes + 1;
    text[start..]
        .find(&end)
        .map_or(text.len(), |place| start + place + end.len())
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (place, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return place + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut rest = text.char_indices().skip(1);
    match (rest.next(), rest.next()) {
        (Some((_, '\\')), _) => text[3..].find('\'').map_or(0, |place| 3 + place + 1),
        (Some(_), Some((place, '\''))) => place + 1,
        _ => 0,
    }
}

/// Whether a file holds tests alone.
pub(crate) fn is_test_file(path: &str) -> bool {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    path.contains("tests/")
        || stem.ends_with("/tests")
        || stem.ends_with("_tests")
        || path == "src/check/testing.rs"
}

/// The code before its module of tests.
pub(crate) fn before_tests(code: &str) -> &str {
    let tests = [
        "#[cfg(test)]\nmod tests {",
        "#[cfg(test)]\npub(crate) mod tests {",
    ];
    let ends = tests.iter().filter_map(|start| code.find(start));
    &code[..ends.min().unwrap_or(code.len())]
}

#[test]
fn comments_and_literals_are_blanked_and_code_stays_on_its_line() {
    let text = "a // b\n/* c\n/* d */ */ e \"f \\\" g\" 'h' '\\n' &'i j r#\"k\"# l r\"m\" \"\" n\n";
    let code = without_comments_and_literals(text);
    assert_eq!(code.lines().count(), text.lines().count());
    let words: Vec<_> = code.split_whitespace().collect();
    assert_eq!(words, ["a", "e", "&'i", "j", "l", "n"]);
}

#[test]
fn the_tests_of_a_file_are_not_its_code() {
    let code = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(before_tests(code), "fn a() {}\n\n");
    assert_eq!(
        before_tests("#[cfg(test)]\nmod tests;\nfn c() {}\n")
            .lines()
            .count(),
        3
    );
    assert!(is_test_file("src/network/tests/driver.rs") && is_test_file("src/decision/tests.rs"));
    assert!(!is_test_file("src/decision/mod.rs"));
}
