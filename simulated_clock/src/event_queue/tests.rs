use std::rc::Rc;

use proptest::prelude::*;

use super::*;

/// Beyond what the calendar reaches.
const A_WHILE: u64 = 20_000_000;

fn at(nanos: u64) -> Instant {
    Instant::from_nanos(nanos)
}

#[test]
fn equal_times_come_out_in_the_order_of_insertion() {
    let mut queue = EventQueue::new();
    for event in 0..100 {
        queue.push(at(event % 3), event);
    }
    let mut popped = Vec::new();
    while let Some((time, event)) = queue.pop() {
        assert_eq!(time, at(event % 3));
        popped.push((time, event));
    }
    assert_eq!(popped.len(), 100);
    assert!(popped.is_sorted());
}

#[test]
fn a_handle_never_reaches_the_next_event_in_its_slot() {
    let mut queue = EventQueue::new();
    let cancelled = queue.push(at(1), "cancelled");
    assert_eq!(queue.cancel(cancelled), Some("cancelled"));
    let popped = queue.push(at(1), "popped");
    assert_eq!(queue.cancel(cancelled), None);
    assert_eq!(queue.pop(), Some((at(1), "popped")));
    queue.push(at(1), "pending");
    assert_eq!(queue.slots.len(), 1);
    assert_eq!(queue.cancel(popped), None);
    assert_eq!(queue.pop(), Some((at(1), "pending")));
}

#[test]
fn cancelled_events_take_no_lasting_room() {
    let mut queue = EventQueue::new();
    for event in 0..10 {
        queue.push(at(event), event);
    }
    for event in 0..100_000 {
        // Never on top, so they can only be swept out.
        let handle = queue.push(at(A_WHILE + event), event);
        assert_eq!(queue.cancel(handle), Some(event));
        assert!(queue.far.len() <= 10 + DEAD_MIN + 1);
    }
    assert_eq!(queue.len(), 10);
    assert_eq!(queue.slots.len(), 11);
}

#[test]
fn an_event_leaves_nothing_behind() {
    let token = Rc::new(());
    let mut queue = EventQueue::new();
    let handle = queue.push(at(1), Rc::clone(&token));
    queue.push(at(2), Rc::clone(&token));
    queue.cancel(handle);
    queue.pop();
    assert_eq!(Rc::strong_count(&token), 1);
    assert!(queue.is_empty());
}

#[test]
#[should_panic(expected = "pushed into the past: at 4ns, but it is already 5ns")]
fn pushing_into_the_past_panics() {
    let mut queue = EventQueue::new();
    queue.push(at(5), ());
    queue.pop();
    queue.push(at(4), ());
}

/// What to do next; times and choices are taken modulo what is possible.
#[derive(Clone, Debug)]
enum Action {
    Push(u64),
    Cancel(usize),
    Pop,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        // At once, within a day, within the calendar, and beyond it.
        4 => prop_oneof![3 => 0..3_u64, 3 => 0..40_000_u64, 2 => 0..30_000_000_u64]
            .prop_map(Action::Push),
        3 => any::<usize>().prop_map(Action::Cancel),
        2 => Just(Action::Pop),
    ]
}

proptest! {
    #[test]
    fn the_queue_behaves_like_a_sorted_list(
        actions in prop::collection::vec(action(), 0..600),
    ) {
        let mut queue = EventQueue::new();
        // Pending (time, number) in order, and every handle ever given.
        let mut model: Vec<(Instant, usize)> = Vec::new();
        let mut handles = Vec::new();
        for action in actions {
            match action {
                Action::Push(after) => {
                    let number = handles.len();
                    let time = at(queue.now().as_nanos() + after);
                    handles.push(queue.push(time, number));
                    model.push((time, number));
                    model.sort();
                }
                Action::Cancel(choice) if !handles.is_empty() => {
                    let number = choice % handles.len();
                    let pending = model.iter().position(|&(_, other)| other == number);
                    let expected = pending.map(|index| model.remove(index).1);
                    prop_assert_eq!(queue.cancel(handles[number]), expected);
                }
                Action::Cancel(_) => {}
                Action::Pop => {
                    let expected = (!model.is_empty()).then(|| model.remove(0));
                    prop_assert_eq!(queue.pop(), expected);
                }
            }
            prop_assert_eq!(queue.len(), model.len());
            prop_assert_eq!(queue.is_empty(), model.is_empty());
            prop_assert_eq!(queue.peek_time(), model.first().map(|&(time, _)| time));
            prop_assert!(queue.far.len() <= model.len() + DEAD_MIN.max(model.len()));
        }
        while let Some(popped) = queue.pop() {
            prop_assert_eq!(popped, model.remove(0));
        }
        prop_assert!(model.is_empty());
    }
}
