//! What failed, and what nobody knows the end of.

use knossos::Operation;
use knossos::models::cas_register::{Input, Output};

use super::{history, write};

#[test]
fn a_cas_that_failed_did_not_happen_unless_the_event_says_that_it_was_evaluated() {
    let text = |error: &str| {
        format!(
            "{{:process 1, :type :invoke, :f :cas, :value [7 8]}}
             {{:process 1, :type :fail, :f :cas, :value [7 8]{error}}}"
        )
    };
    for (error, is_evaluated) in [
        ("", false),
        (", :error :connection-refused", false),
        (", :error [:timeout :precondition-failed]", false),
        (", :error :did-not-match", true),
        (", :error \"precondition-failed\"", true),
        (", :error [:precondition-failed \"9\"]", true),
        (", :error {:type :precondition-failed, :code 22}", true),
        (", :error [:key-does-not-exist \"9\"]", true),
    ] {
        let contents = history(&text(error));
        assert_eq!(
            contents.operations.len(),
            usize::from(is_evaluated),
            "{error}"
        );
        assert_eq!(contents.failed.len(), usize::from(!is_evaluated), "{error}");
        for operation in contents.operations {
            assert_eq!(operation.output, Some(Output::Swapped(false)));
        }
    }
}

#[test]
fn a_failed_operation_is_kept_with_its_lines() {
    let text = "{:process 3, :type :invoke, :f :write, :value 7}
                {:process 4, :type :invoke, :f :read, :value nil}
                {:process 3, :type :fail, :f :write, :value 7, :error \"timeout\"}";
    let failed = &history(text).failed[..];
    let [failed] = failed else {
        panic!("one failed: {failed:?}")
    };
    assert_eq!(
        (
            failed.client,
            &failed.input,
            failed.invoked_line,
            failed.failed_line
        ),
        (3, &Input::Write("7".into()), 1, 3)
    );
    let line = r#"{"client":5,"op":"put","in":"7","out":{"failed":true},"call":0,"ret":9}"#;
    let failed = &history(&format!("\n{line}")).failed[0];
    assert_eq!(
        (failed.client, failed.invoked_line, failed.failed_line),
        (5, 2, 2)
    );
}

#[test]
fn an_info_ends_whatever_its_process_has_open_or_nothing() {
    let text = "{:process 0, :type :invoke, :f :write, :value 7}
                {:process 0, :type :ok, :f :write, :value 7}
                {:process 0, :type :info, :f :crash, :value nil}
                {:process 1, :type :invoke, :f :read, :value nil}
                {:process 1, :type :info, :f :crash, :value nil}
                {:process 1, :type :invoke, :f :read, :value nil}";
    let contents = history(text);
    let lost = |call| Operation::unknown(1, Input::Read, call);
    assert_eq!(contents.operations, [write(0, "7", 10), lost(40), lost(60)]);
    assert_eq!(contents.left_out.unmatched_events, 1);
}
