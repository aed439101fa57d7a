use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<String, String> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value(&mut Texts::default())?;
    assert_eq!(cursor.rest(), "", "{text}");
    Ok(value.to_string())
}

#[test]
fn values_are_read_as_clojure_prints_them() {
    for (text, meant) in [
        ("nil", "null"),
        (" ,\n true", "true"),
        ("; a comment\n#_ {:a 1} #_#_ 1 2 7", "7"),
        (":a/b", "\":a/b\""),
        ("sym.bol/x", "\"sym.bol/x\""),
        (r#""a\n\t\b\f\"\\\u00e9\101é""#, r#""a\n\t\b\f\"\\éAé""#),
        (r"\a", "\"a\""),
        (r"\newline", r#""\n""#),
        (r"\u00e9", "\"é\""),
        (r"[\{ \space \,]", r#"["{"," ",","]"#),
        ("[1 [2N] (3M)]", "[1,[2],[3]]"),
        ("#{2 1 2}", "[1,2]"),
        ("{:b 1, a 2 \"c\" 3 4 5}", r#"{"4":5,"a":2,"b":1,"c":3}"#),
        ("#:foo{:a 1}", r#"{"a":1}"#),
        ("#inst \"2026-01-01\"", "\"2026-01-01\""),
        ("#java.util.Tag [1]", "[1]"),
        ("^{:line 1} [1]", "[1]"),
        ("##Inf", "\"##Inf\""),
        ("##NaN", "\"##NaN\""),
        (r##"#"a\d\"(""##, r##""#\"a\\d\\\"(\"""##),
        ("#<Object [a>", "\"#<Object [a>\""),
        ("#'a/b", "\"#'a/b\""),
        ("#(inc %)", "\"#(inc %)\""),
    ] {
        assert_eq!(read(text).as_deref(), Ok(meant), "{text}");
    }
}

#[test]
fn what_is_no_edn_is_named() {
    for (text, words) in [
        ("", "something in the event is not closed"),
        ("[1", "something in the event is not closed"),
        ("\"a", "something in the event is not closed"),
        ("(1]", "']' closes what is not open"),
        ("{:a}", "the map has no value for \"a\""),
        ("5x", "the number 5x is malformed"),
        (r#""\q""#, "a string has the escape `\\q`"),
        (r"\abc", "`\\abc` after a backslash is no character"),
        (":", "a keyword has no name"),
        ("#", "a `#` without a tag"),
    ] {
        let problem = read(text).unwrap_err();
        assert!(
            problem.starts_with(&format!("not EDN: {words}")),
            "{text}: {problem}"
        );
    }
    for deep in ["[", "#{", "{:a ", "#a ", "#_", "^", "("] {
        let problem = read(&deep.repeat(100_000)).unwrap_err();
        assert!(
            problem.starts_with("data are nested more than 128 deep"),
            "{deep}: {problem}"
        );
    }
}

/// Any text that looks like EDN.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just("("),
        Just(")"),
        Just("#{"),
        Just(" "),
        Just(","),
        Just(";"),
        Just("\n"),
        Just("\""),
        Just("\\"),
        Just("#_"),
        Just("#a "),
        Just(":a"),
        Just("b"),
        Just("nil"),
        Just("true"),
        Just("-1"),
        Just("25"),
        Just("1.5"),
        Just("1/2"),
        Just("a"),
        Just("é"),
        Just("\\n"),
        Just("u0041"),
        Just("0x1F"),
        Just("+"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_another_reader_reads_is_read_and_skipped_alike(text in pieces()) {
        let Ok((theirs, their_rest)) = clojure_reader::edn::read(&text) else {
            return Ok(());
        };
        let mut cursor = Cursor::new(&text);
        let ours = cursor.value(&mut Texts::default());
        prop_assert!(ours.is_ok(), "{ours:?}, and not {theirs:?}");
        prop_assert_eq!(cursor.rest().trim(), their_rest.trim());
        let mut skipping = Cursor::new(&text);
        prop_assert_eq!(skipping.skip(), Ok(()));
        prop_assert_eq!(skipping.rest(), cursor.rest());
    }
}
