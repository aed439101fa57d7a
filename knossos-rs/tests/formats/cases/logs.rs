//! Logs of Jepsen, and what is printed beside them.

use knossos::Operation;
use knossos::format::Format;
use knossos::models::cas_register::Input;
use knossos::models::register::Register;

use super::{history, operations, problem, sees, write};

#[test]
fn the_lines_of_old_and_new_jepsen_are_read_with_any_prefix() {
    let expected = [write(4, "7", 10), sees(4, "7", 30)];
    for before in [
        "INFO  jepsen.util - ",
        "2026-03-09 11:00:00,001{GMT}\tINFO\t[jepsen worker 4] jepsen.print: ",
        "2026-03-09 11:00:00,001{GMT}\tINFO\t[jepsen worker 4] jepsen.util: [ 1350 ] ",
        "[11:00:00] my.fork.print: ",
        "",
        "  ",
    ] {
        let lines = [
            "4\t:invoke\t:write\t7",
            "4\t:ok\t:write\t7",
            "4\t:invoke\t:read\tnil",
            "4\t:ok\t:read\t7",
        ];
        let text: String = lines
            .iter()
            .map(|line| format!("{before}{line}\n"))
            .collect();
        let contents = history(&text);
        assert_eq!(contents.format, Format::JepsenLog);
        assert_eq!(contents.operations, expected, "{before}");
    }
    let both = "jepsen.util - 4 :invoke :write 7\njepsen.print: 4 :ok :write 7\n";
    assert_eq!(operations(both), expected[..1]);
}

#[test]
fn lines_of_a_log_that_are_no_operations_are_counted() {
    let text = "INFO jepsen.core - Setting up\n\
                INFO jepsen.util - 4 :invoke :write 7 :hint 3\n\
                INFO jepsen.util - Retrying\n\
                INFO jepsen.util - 4 :ok :write 7\n";
    let contents = history(text);
    assert_eq!(contents.operations, [write(4, "7", 10)]);
    assert_eq!(contents.left_out.lines, 2);
}

#[test]
fn a_log_in_which_no_line_can_be_read_shows_the_first_of_them() {
    let problem = problem(
        &Register,
        "INFO started\nINFO jepsen.util - read 2 invoke\n",
    );
    assert!(
        problem.starts_with("line 2: \"INFO jepsen.util - read 2 invoke\" holds no operation"),
        "{problem}"
    );
}

#[test]
fn a_history_txt_and_vectors_are_read_as_the_history() {
    let text = "4\t:invoke\t:write\t7\n4\t:ok\t:write\t7\n1\t:invoke\t:cas\t[7 8]\n\
                1\t:info\t:cas\t[7 8]\t:timeout\n:nemesis\t:info\t:start\tnil\n";
    let cas = Input::Cas {
        old: Some("7".into()),
        new: Some("8".into()),
    };
    let expected = [write(4, "7", 10), Operation::unknown(1, cas, 30)];
    assert_eq!(operations(text), expected);
    let vectors: String = text.lines().map(|line| format!("[{line}]\n")).collect();
    for text in [
        vectors.clone(),
        format!("[{vectors}]"),
        format!("({vectors})"),
    ] {
        assert_eq!(operations(&text), expected, "{text}");
    }
}
