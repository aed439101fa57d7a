//! The bounds of a search, in words.

use crate::scenario::Scenario;

/// What was allowed, as somebody would quote it.
pub(super) fn bounds(scenario: &Scenario) -> String {
    let Some(model) = &scenario.model else {
        return String::new();
    };
    let count = |count: u8, one: &str, many: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let mut parts = vec![format!("{} replicas", scenario.cluster.replicas)];
    let operations = u8::try_from(model.operations()).unwrap_or(u8::MAX);
    parts.extend(count(operations, "command", "commands"));
    parts.extend(count(model.attempts, "attempt to lead", "attempts to lead"));
    parts.extend(count(model.ticks, "tick", "ticks"));
    parts.extend(count(model.time, "step of time", "steps of time"));
    parts.extend(count(model.crashes, "crash", "crashes"));
    parts.extend(count(
        model.unsynced,
        "write lost in a crash",
        "writes lost in crashes",
    ));
    parts.extend(count(model.breaks, "broken session", "broken sessions"));
    parts.extend(count(model.cuts, "cut link", "cut links"));
    parts.extend(count(model.losses, "lost message", "lost messages"));
    parts.extend(count(model.duplicates, "duplicate", "duplicates"));
    parts.extend(count(
        model.reorders,
        "message out of order",
        "messages out of order",
    ));
    parts.extend(count(model.retries, "retry", "retries"));
    parts.join(", ")
}
