//! White space, comments, the order of fields, brackets around all and events of the nemesis in
//! front change neither format nor history.

use knossos::format::{Codec, Contents, FailedCas, Format, json_lines};
use knossos::models::cas_register::CasRegister;
use knossos::models::kv::KeyValue;
use proptest::prelude::*;

use crate::draw::{Event, Process, Value, run};
use crate::one_run::contents;
use crate::write::{Keys, Layout, edn, json, json_objects, log};

/// The events with some of the nemesis in front.
fn with_nemesis(events: &[Event], count: usize) -> Vec<Event> {
    let event = Event {
        process: Process::Nemesis,
        kind: "info",
        op: "start",
        value: Value::Nil,
        error: None,
        time: None,
    };
    let mut all = vec![event; count];
    all.extend_from_slice(events);
    all
}

fn same<C: Codec>(
    codec: &C,
    format: Format,
    plain: &str,
    other: &str,
) -> Result<(), TestCaseError> {
    let read = |text: &str| contents(codec, text, FailedCas::DidNotHappen);
    let (one, two): (Contents<C>, Contents<C>) = (read(plain), read(other));
    prop_assert_eq!(one.format, format, "{}", plain);
    prop_assert_eq!(two.format, format, "{}", other);
    prop_assert!(one.operations == two.operations, "{}\n{}", plain, other);
    prop_assert_eq!(one.failed.len(), two.failed.len());
    prop_assert_eq!(one.begins_with, two.begins_with);
    Ok(())
}

proptest! {
    #[test]
    fn the_layout_of_a_file_changes_neither_its_format_nor_its_history(
        mut events in run(12),
        seed in any::<u64>(),
        nemesis in 0..4_usize,
    ) {
        events.retain(|event| event.process != Process::Nemesis);
        prop_assume!(!events.is_empty());
        let in_front = with_nemesis(&events, nemesis);
        let plain = &mut Layout::plain();
        let drawn = &mut Layout::drawn(seed);
        for (keys, format) in [(Keys::Pairs, Format::Edn), (Keys::Fields, Format::KvLog)] {
            same(&KeyValue, format, &edn(&events, keys, plain), &edn(&in_front, keys, drawn))?;
        }
        let [one, two] = [(&events, &mut *plain), (&in_front, &mut *drawn)]
            .map(|(events, layout)| edn(events, Keys::None, layout));
        same(&CasRegister, Format::Edn, &one, &two)?;
        same(&CasRegister, Format::JsonEvents, &json(&events, plain), &json(&in_front, drawn))?;
        for before in ["", "INFO  jepsen.util - ", "INFO  jepsen.print: [ 12 ] "] {
            let [one, two] = [(&events, &mut *plain), (&in_front, &mut *drawn)]
                .map(|(events, layout)| log(events, before, layout));
            same(&CasRegister, Format::JepsenLog, &one, &two)?;
        }
    }

    #[test]
    fn the_layout_of_operations_in_json_changes_nothing(events in run(12), seed in any::<u64>()) {
        let text = edn(&events, Keys::None, &mut Layout::plain());
        let history = contents(&CasRegister, &text, FailedCas::DidNotHappen).operations;
        prop_assume!(!history.is_empty());
        let mut file = Vec::new();
        json_lines::write(&CasRegister, &history, &mut file).expect("memory can be written");
        let plain = String::from_utf8(file).expect("it is text");
        let objects = plain.lines().map(|line| {
            let object: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
            ["client", "op", "in", "out", "call", "ret"]
                .map(|name| (name, object[name].to_string()))
                .to_vec()
        });
        let other = json_objects(objects, &mut Layout::drawn(seed));
        same(&CasRegister, Format::JsonLines, &plain, &other)?;
    }
}
