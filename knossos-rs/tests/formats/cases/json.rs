//! JSON, and what is no history at all.

use knossos::format::Format;
use knossos::models::cas_register::CasRegister;

use super::{history, problem, write};

#[test]
fn jepsen_events_in_json_are_read_in_any_layout() {
    let [invoke, ok] = ["invoke", "ok"].map(|kind| {
        format!(r#"{{"process":0,"type":"{kind}","f":"write","value":7,"extra":[{{}}]}}"#)
    });
    for text in [
        format!("{invoke}\n{ok}\n"),
        format!("[{invoke},{ok}]"),
        format!(
            "[\n{},\n{}\n]",
            invoke.replace(',', ",\n  "),
            ok.replace(':', " : ")
        ),
        format!("{invoke}{ok}").replace("\"invoke\"", "\":invoke\""),
        r#"[[0,"invoke","write",7],[0,"ok","write",7]]"#.to_owned(),
    ] {
        let contents = history(&text);
        assert_eq!(contents.format, Format::JsonEvents);
        assert_eq!(contents.operations, [write(0, "7", 10)], "{text}");
    }
    for (text, words) in [
        (ok.clone(), "line 1: process 0 ends `write`, and has not"),
        (
            invoke.replace("write", "fly"),
            "line 1: `f` is \"fly\"; this model knows",
        ),
        (
            format!("{invoke}\n{}", &ok[..20]),
            "line 2: the file ends in the middle",
        ),
        (
            format!("{invoke}\n{}", ok.replace("\"ok\"", "\"done\"")),
            "line 2: `type` is \"done\"; it must be invoke,",
        ),
        (
            format!("[{invoke},\nhello]"),
            "line 2: \"hello]\" does not begin an operation",
        ),
    ] {
        let problem = problem(&CasRegister, &text);
        assert!(problem.starts_with(words), "{text}: {problem}");
        for other in ["EDN", "client", "call"] {
            assert!(!problem.contains(other), "{text}: {problem}");
        }
    }
}

#[test]
fn operations_in_json_are_read_in_any_layout() {
    let line = r#"{"client":4,"op":"put","in":"7","out":{"ok":true},"call":10,"ret":20}"#;
    let other = line.replace("10", "30").replace("20", "40");
    let expected = [write(4, "7", 10), write(4, "7", 30)];
    for text in [
        format!("{line}\n{other}\n"),
        format!("[{line},{other}]"),
        format!("[\n{line},\n{other}\n]\n"),
        format!(
            "{}{}",
            line.replace(',', ",\n  "),
            other.replace('{', "{\n")
        ),
    ] {
        let contents = history(&text);
        assert_eq!(contents.format, Format::JsonLines);
        assert_eq!(contents.operations, expected, "{text}");
    }
    let problem = problem(
        &CasRegister,
        &format!("[\n{line},\n{}\n]", other.replace("\"call\":30,", "\n")),
    );
    assert!(
        problem.starts_with("line 3: `call` is missing"),
        "{problem}"
    );
}

#[test]
fn what_begins_no_history_is_shown_and_nothing_is_said_of_a_format_that_it_is_not() {
    for (text, words) in [
        (
            "hello, world",
            "line 1: \"hello, world\" does not begin a history; one is",
        ),
        ("\n7\n", "line 2: \"7\" does not begin a history"),
        (
            "{:process 0, :type :done, :f :read}",
            "line 1: `:type` is :done; it must be :invoke",
        ),
        ("{\"client\":1}", "line 1: `op` is missing"),
    ] {
        let problem = problem(&CasRegister, text);
        assert!(problem.starts_with(words), "{text}: {problem}");
    }
}
