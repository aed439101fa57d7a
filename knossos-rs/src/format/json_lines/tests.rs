use super::*;
use crate::Text;
use crate::drawn::any_kind::check_any_kind;
use crate::models::cas_register::{self, CasRegister};
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::Register;

const GOOD: &str =
    r#"{"client":3,"key":"a","op":"put","in":"7","out":{"ok":true},"call":12,"ret":94}"#;

fn problem<C: Codec>(codec: &C, text: &str) -> String {
    let error = read(codec, text.as_bytes()).map(|_| ()).unwrap_err();
    error.to_string()
}

#[test]
fn the_line_of_the_design_is_read_and_written_back_unchanged() {
    let history = read(&KeyValue, GOOD.as_bytes()).unwrap();
    let input = Input {
        key: "a".into(),
        op: Op::Put("7".into()),
    };
    assert_eq!(
        history,
        [Operation::completed(3, input, Output::Done, 12, 94)]
    );
    let mut written = Vec::new();
    write(&KeyValue, &history, &mut written).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), format!("{GOOD}\n"));
}

#[test]
fn every_operation_of_every_model_survives_writing_and_reading() {
    let value = || Some(Text::from("é\n\""));
    let ops = [
        (Op::Get, Some(Output::Value(value()))),
        (Op::Get, Some(Output::Value(None))),
        (Op::Put("".into()), Some(Output::Done)),
        (Op::Delete, None),
        (Op::Append("x".into()), Some(Output::Done)),
        (
            Op::Cas {
                old: None,
                new: value(),
            },
            Some(Output::Swapped(true)),
        ),
        (
            Op::Cas {
                old: value(),
                new: None,
            },
            Some(Output::Swapped(false)),
        ),
    ];
    let history: Vec<_> = ops
        .into_iter()
        .map(|(op, output)| Operation {
            client: u64::MAX,
            input: Input {
                key: "k".into(),
                op,
            },
            ret: output.is_some().then_some(u64::MAX),
            output,
            call: 0,
        })
        .collect();
    let mut written = Vec::new();
    write(&KeyValue, &history, &mut written).unwrap();
    assert_eq!(read(&KeyValue, &written[..]).unwrap(), history);

    let cas = cas_register::Input::Cas {
        old: None,
        new: value(),
    };
    let history = [
        Operation::completed(1, cas, Output::Swapped(true), 0, 1),
        Operation::completed(
            1,
            cas_register::Input::Write("a".into()),
            Output::Done,
            2,
            3,
        ),
        Operation::unknown(1, cas_register::Input::Read, 4),
    ];
    let mut written = Vec::new();
    write(&CasRegister, &history, &mut written).unwrap();
    assert_eq!(read(&CasRegister, &written[..]).unwrap(), history);
}

#[test]
fn an_empty_file_and_blank_lines_hold_no_operations() {
    assert_eq!(read(&KeyValue, &b""[..]).unwrap(), []);
    assert_eq!(read(&KeyValue, &b"\n  \r\n"[..]).unwrap(), []);
    let with_blanks = format!("\n{GOOD}\r\n\n{GOOD}");
    assert_eq!(read(&KeyValue, with_blanks.as_bytes()).unwrap().len(), 2);
}

#[test]
fn a_failed_operation_is_left_out() {
    let failed = GOOD.replace(r#"{"ok":true}"#, r#"{"failed":true}"#);
    assert_eq!(read(&KeyValue, failed.as_bytes()).unwrap(), []);
    let never_returned = failed.replace("94", "null");
    assert_eq!(read(&KeyValue, never_returned.as_bytes()).unwrap(), []);
}

#[test]
fn integers_stand_for_their_text_and_other_names_for_get_and_put() {
    let line = r#"{"client":1,"op":"write","in":7,"out":{"ok":true},"call":0,"ret":1}
{"client":1,"op":"read","out":{"value":7},"call":2,"ret":3,"comment":"ignored"}"#;
    let history = read(&Register, line.as_bytes()).unwrap();
    let report = check_any_kind(Register, &history, None, &crate::Limits::none());
    assert_eq!(
        (report.verdict, report.operations),
        (crate::Verdict::Consistent, 2)
    );
}

#[test]
fn a_register_history_with_two_keys_is_refused() {
    let other = GOOD.replace(r#""a""#, r#""b""#);
    assert_eq!(
        read(&Register, format!("{GOOD}\n{GOOD}").as_bytes())
            .unwrap()
            .len(),
        2
    );
    let problem = problem(&Register, &format!("{GOOD}\n\n{other}"));
    assert!(
        problem.starts_with("line 3: `key` is \"b\", and on line 1 it was \"a\";"),
        "{problem}"
    );
}

#[test]
fn each_mistake_names_its_line_and_what_would_be_right() {
    let cases = [
        ("]", "x", "\"x\" does not begin an operation"),
        (GOOD, &GOOD[..30], "cut off"),
        (GOOD, "7", "\"7\" does not begin an operation"),
        (r#""client":3,"#, "", "`client` is missing"),
        (
            r#""key":"a","#,
            "",
            "`key` is missing; a key-value operation has one",
        ),
        (r#""op":"put","#, "", "`op` is missing"),
        (r#""in":"7","#, "", "`in` is missing"),
        (
            r#""op":"put""#,
            r#""op":7"#,
            "`op` is 7; it must be a string",
        ),
        (
            "put",
            "frob",
            "`op` is \"frob\"; this model knows get, put, delete, append, cas",
        ),
        ("put", "cas", "a cas takes [old, new]"),
        (r#""out":{"ok":true},"#, "", "`out` is missing"),
        (r#"{"ok":true}"#, "null", "`out` is null and `ret` is 94"),
        (r#"{"ok":true}"#, "{}", "a put answers {\"ok\":true}"),
        (r#"{"ok":true}"#, r#"{"ok":false}"#, "known to have failed"),
        (
            r#"{"ok":true}"#,
            r#"{"failed":false}"#,
            "`failed` is true or not there",
        ),
        ("94", "null", "`ret` is null and `out` is {\"ok\":true}"),
        ("94", "11", "`ret` is 11, before `call`, 12"),
        ("94", "94.5", "`ret` is 94.5; it must be an integer"),
        ("12", "-1", "`call` is -1; it must be an integer from 0"),
        ("12", "null", "`call` is null; it must be an integer"),
        ("12", "1e3", "`call` is 1000.0; it must be an integer"),
        (
            "12",
            "99999999999999999999",
            "it must be an integer from 0 to 18446744073709551615",
        ),
        (r#","call":12"#, "", "`call` is missing"),
        (
            r#","call":12"#,
            r#","call":12,"call":13"#,
            "duplicate field `call`",
        ),
    ];
    for (right, wrong, words) in cases {
        let line = if right == "]" {
            wrong.to_owned()
        } else {
            GOOD.replace(right, wrong)
        };
        let problem = problem(&KeyValue, &format!("{GOOD}\n{line}\n"));
        assert!(problem.starts_with("line 2: "), "{line}: {problem}");
        assert!(problem.contains(words), "{line}: {problem}");
    }
}

#[test]
fn text_that_is_not_utf_8_is_a_mistake_in_its_line() {
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes[22] = 0xff;
    let error = read(&KeyValue, &bytes[..]).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("line 1: is not UTF-8 text: byte 23 of the line is 0xff;"),
        "{error}"
    );
}

#[test]
fn reading_ends_after_the_first_mistake() {
    let text = format!("{GOOD}\nx\n{GOOD}\n");
    let items: Vec<bool> = operations(&KeyValue, text.as_bytes())
        .map(|item| item.is_ok())
        .collect();
    assert_eq!(items, [true, false]);
}
