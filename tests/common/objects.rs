//! Histories of one object as events of Jepsen, and what `omnisim check` says of them.

use serde_json::Value;

use super::{Folder, Said, omnisim};
use crate::arguments;

/// An event of Jepsen: type, process, name and value.
pub(crate) type Event<'e> = (&'e str, u64, &'e str, &'e str);

/// The two events of an operation that went well.
pub(crate) type Operation<'e> = [Event<'e>; 2];

/// Events, one after the other in time.
pub(crate) fn events(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for (place, (kind, process, name, value)) in events.iter().enumerate() {
        let time = place * 10;
        text.push_str(&format!(
            "{{:type :{kind}, :f :{name}, :value {value}, :process {process}, :time {time}}}\n"
        ));
    }
    text
}

/// An operation that went well.
pub(crate) fn done<'e>(
    process: u64,
    name: &'e str,
    asked: &'e str,
    told: &'e str,
) -> Operation<'e> {
    [
        ("invoke", process, name, asked),
        ("ok", process, name, told),
    ]
}

/// An operation that is told what it asked.
pub(crate) fn does<'e>(process: u64, name: &'e str, value: &'e str) -> Operation<'e> {
    done(process, name, value, value)
}

/// An operation that asks for nothing in particular.
pub(crate) fn gets<'e>(process: u64, name: &'e str, told: &'e str) -> Operation<'e> {
    done(process, name, "nil", told)
}

/// Operations, one after the other in time.
pub(crate) fn history(operations: &[Operation<'_>]) -> String {
    events(&operations.concat())
}

/// What is said of a history.
pub(crate) fn check(text: &str, options: &[&str]) -> Said {
    let folder = Folder::new();
    let history = folder.write("history.edn", text);
    let mut arguments = arguments!["check", history].to_vec();
    arguments.extend(options.iter().map(Into::into));
    omnisim(arguments)
}

/// The same for programs.
pub(crate) fn json(text: &str, options: &[&str]) -> Value {
    let said = check(text, &[options, &["--format", "json"]].concat());
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"))
}
