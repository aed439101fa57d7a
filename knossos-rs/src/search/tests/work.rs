//! How much work the search does: steps are deterministic, so they can be promised.

use crate::drawn::any_kind::check_any_kind;
use crate::models::cas_register::{self, CasRegister};
use crate::models::kv::{self, KeyValue, Op};
use crate::models::register::{Input, Output, Register};
use crate::models::stack::{self, Stack};
use crate::{Limits, Operation, OperationOf, Reason, Report, Verdict, check};

fn write(value: u64, call: u64, ret: Option<u64>) -> Operation<Input, Output> {
    let output = ret.map(|_| Output::Done);
    Operation {
        client: call,
        input: Input::Write(value.to_string().into()),
        output,
        call,
        ret,
    }
}

fn read(value: u64, call: u64, ret: u64) -> Operation<Input, Output> {
    let output = Output::Value(Some(value.to_string().into()));
    Operation::completed(call, Input::Read, output, call, ret)
}

fn within(history: &[Operation<Input, Output>], hints: Option<&[u64]>, steps: u64) -> Report {
    check_any_kind(
        Register,
        history,
        hints,
        &Limits {
            steps: Some(steps),
            ..Limits::none()
        },
    )
}

/// The limit that ended a check, if one did.
fn gave_up(verdict: &Verdict) -> Option<Reason> {
    match verdict {
        Verdict::Unknown { reason, .. } => Some(*reason),
        _ => None,
    }
}

/// `count` writes of two values over and over, `width` at a time, with a read after each.
fn repeating(count: u64, width: u64) -> (Vec<Operation<Input, Output>>, Vec<u64>) {
    let (mut history, mut hints) = (Vec::new(), Vec::new());
    for index in 0..count {
        let value = index % 2;
        history.push(write(value, index * 10, Some(index * 10 + width * 10)));
        history.push(read(value, index * 10 + 1, index * 10 + width * 10));
        hints.extend([index * 2, index * 2 + 1]);
    }
    (history, hints)
}

#[test]
fn truthful_hints_take_about_one_step_for_each_write() {
    let (history, hints) = repeating(1_000, 40);
    let report = within(&history, Some(&hints), 2_000);
    assert_eq!(report.verdict, Verdict::Consistent);
}

#[test]
fn distinct_values_are_decided_in_polynomial_time_even_without_hints() {
    let mut history = Vec::new();
    for index in 0..200 {
        history.push(write(index, 0, Some(1_000)));
        history.push(read(index, 1, 1_000));
    }
    assert_eq!(within(&history, None, 100_000).verdict, Verdict::Consistent);
    history.push(read(7, 1_001, 1_002));
    history.push(read(8, 1_003, 1_004));
    let report = within(&history, None, 100_000);
    assert!(
        matches!(report.verdict, Verdict::Violation(_)),
        "{report:?}"
    );
}

#[test]
fn a_hundred_open_operations_do_not_blow_up() {
    let mut history: Vec<_> = (0..100).map(|value| write(value, value, None)).collect();
    for value in 0..50 {
        history.push(read(value * 2, 200 + value * 2, 201 + value * 2));
    }
    assert_eq!(within(&history, None, 20_000).verdict, Verdict::Consistent);
    // The same value twice needs two writes of it, and there was one.
    history.push(read(0, 400, 401));
    let report = within(&history, None, 20_000);
    assert!(
        matches!(report.verdict, Verdict::Violation(_)),
        "{report:?}"
    );
}

#[test]
fn steps_and_memory_run_out_into_unknown() {
    let (history, hints) = repeating(100, 4);
    let report = within(&history, Some(&hints), 10);
    assert_eq!(gave_up(&report.verdict), Some(Reason::Steps), "{report:?}");
    assert!(report.steps <= 11, "{report:?}");
    let limits = Limits {
        memory_bytes: Some(100),
        ..Limits::none()
    };
    let report = check_any_kind(Register, &history, None, &limits);
    let Verdict::Unknown {
        reason: Reason::Memory,
        progress,
    } = report.verdict
    else {
        panic!("{report:?}")
    };
    assert_eq!((progress.partitions_decided, progress.partitions), (0, 1));
}

#[test]
fn the_same_check_takes_the_same_steps() {
    let (mut history, _) = repeating(60, 8);
    history.push(read(9, 1_000, 1_001));
    let steps = || within(&history, None, 1_000_000);
    assert_eq!(steps(), steps());
}

#[test]
fn a_twin_called_earlier_that_returns_later_may_still_come_second() {
    let history = [
        // The search takes the first return first, and has to turn back here.
        write(1, 0, Some(3)),
        write(2, 0, Some(4)),
        read(1, 5, 6),
        // Of these twins, only the one called first can be what the last read saw.
        write(7, 10, Some(110)),
        write(7, 15, Some(20)),
        write(8, 30, Some(40)),
        read(7, 60, 61),
    ];
    assert_eq!(within(&history, None, 1_000).verdict, Verdict::Consistent);
}

/// Four texts pushed and popped at once, again and again, each time with nothing under way in
/// between; at the end what lies below is taken first.
fn stacks_in_a_row(rounds: u64) -> Vec<OperationOf<Stack>> {
    use stack::{Input, Output};
    let put = |client, text: &str, call, ret| {
        let put = Input::Push(text.into());
        Operation::completed(client, put, Output::Done, call, ret)
    };
    let take = |client, text: &str, call, ret| {
        let value = Output::Value(Some(text.into()));
        Operation::completed(client, Input::Pop, value, call, ret)
    };
    let mut history = Vec::new();
    for begin in (0..rounds).map(|round| round * 10) {
        for client in 0..4 {
            let text = format!("{begin}.{client}");
            history.push(put(client, &text, begin, begin + 4));
            history.push(take(client + 4, &text, begin + 1, begin + 8));
        }
    }
    let end = rounds * 10;
    history.extend([put(0, "a", end, end + 1), put(0, "b", end + 2, end + 3)]);
    history.push(take(0, "a", end + 4, end + 5));
    history
}

/// Writes and swaps of two values, several at once, again and again, each time with nothing under
/// way in between; at the end a read that is stale.
fn swaps_in_a_row(rounds: u64) -> Vec<OperationOf<CasRegister>> {
    use cas_register::{Input, Output};
    let text = |value: u64| crate::Text::from(value.to_string());
    let write = |client, value, call, ret| {
        Operation::completed(client, Input::Write(text(value)), Output::Done, call, ret)
    };
    let mut history = Vec::new();
    for begin in (0..rounds).map(|round| round * 10) {
        let end = begin + 8;
        for value in 0..2 {
            history.push(write(value, value, begin, end));
            let (old, new) = (Some(text(value)), Some(text(1 - value)));
            let swap = Input::Cas { old, new };
            let swapped = Output::Swapped(true);
            history.push(Operation::completed(
                value + 2,
                swap,
                swapped,
                begin + 1,
                end,
            ));
        }
    }
    let end = rounds * 10;
    history.push(write(0, 0, end, end + 1));
    let stale = Output::Value(Some(text(1)));
    history.push(Operation::completed(
        0,
        Input::Read,
        stale,
        end + 2,
        end + 3,
    ));
    history
}

/// At a quiescent point nothing is left of the past but the state, so that the memo cuts the
/// history there: a violation in the last piece is not looked for in every order of the others.
#[test]
fn each_piece_between_quiescent_points_is_searched_once_for_each_state_it_begins_with() {
    let steps = |rounds| {
        let stacks = check_any_kind(Stack, &stacks_in_a_row(rounds), None, &Limits::none());
        let swaps = check_any_kind(CasRegister, &swaps_in_a_row(rounds), None, &Limits::none());
        [stacks, swaps].map(|report| {
            assert!(
                matches!(report.verdict, Verdict::Violation(_)),
                "{report:?}"
            );
            report.steps
        })
    };
    let (few, many) = (steps(50), steps(500));
    for (few, many) in few.into_iter().zip(many) {
        assert!((50..100_000).contains(&few), "{few} steps");
        assert!(many < few * 11, "{few} steps, then {many}");
    }
}

/// Appends and deletes that never returned, and two reads of what they cannot have left in
/// this order: there is only one of each append.
fn many_ways_that_lead_nowhere() -> Vec<OperationOf<KeyValue>> {
    let input = |op| kv::Input {
        key: "k".into(),
        op,
    };
    let letter = |client: u64| char::from(b'a' + client as u8).to_string().into();
    let appends = (0..20).map(|client| (client, Op::Append(letter(client))));
    let deletes = (20..40).map(|client| (client, Op::Delete));
    let unknown = appends.chain(deletes);
    let read = |value: &str, call| {
        let output = kv::Output::Value(Some(value.into()));
        Operation::completed(99, input(Op::Get), output, call, call + 1)
    };
    let mut history: Vec<_> = unknown
        .map(|(client, op)| Operation::unknown(client, input(op), 0))
        .collect();
    history.extend([read("ab", 1), read("ba", 3)]);
    history
}

#[test]
fn comparing_what_one_step_adds_with_very_much_counts_as_work() {
    let limits = Limits {
        steps: Some(50_000),
        memory_bytes: Some(256 << 10),
        ..Limits::none()
    };
    let report = check(&KeyValue, &many_ways_that_lead_nowhere(), None, &limits);
    assert_eq!(gave_up(&report.verdict), Some(Reason::Steps), "{report:?}");
}
