//! Histories of Jepsen events, and what is said of them.

use super::{Folder, Said, omnisim};
use crate::arguments;

/// Events of Jepsen, one after the other in time: type, process, name and value of each.
pub(crate) fn events(events: &[(&str, u64, &str, &str)]) -> String {
    let mut text = String::new();
    for (place, (kind, process, name, value)) in events.iter().enumerate() {
        let time = place * 10;
        text.push_str(&format!(
            "{{:type :{kind}, :f :{name}, :value {value}, :process {process}, :time {time}}}\n"
        ));
    }
    text
}

/// An operation that went well: two events.
pub(crate) fn done<'e>(
    process: u64,
    name: &'e str,
    asked: &'e str,
    told: &'e str,
) -> [(&'e str, u64, &'e str, &'e str); 2] {
    [
        ("invoke", process, name, asked),
        ("ok", process, name, told),
    ]
}

/// What `omnisim check` says of a history.
pub(crate) fn check(text: &str, options: &[&str]) -> Said {
    let folder = Folder::new();
    let history = folder.write("history.edn", text);
    let mut arguments = arguments!["check", history].to_vec();
    arguments.extend(options.iter().map(Into::into));
    omnisim(arguments)
}
