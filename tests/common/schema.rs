//! The keys that the JSON schema of scenario files has.

use serde_json::Value;

/// The keys of an object of the schema, and what each may be; nothing for what is no object.
pub(crate) fn properties<'a>(schema: &'a Value, of: &'a Value) -> Vec<(&'a str, &'a Value)> {
    let own = of.get("properties").and_then(Value::as_object);
    let own = own.into_iter().flatten();
    let mut all: Vec<_> = own.map(|(key, value)| (key.as_str(), value)).collect();
    if let Some(name) = of.get("$ref").and_then(Value::as_str) {
        let place = name.strip_prefix('#').expect("it is in this file");
        let target = schema.pointer(place).expect("it is there");
        all.extend(properties(schema, target));
    }
    for part in ["anyOf", "allOf"] {
        let parts = of.get(part).and_then(Value::as_array).into_iter().flatten();
        all.extend(parts.flat_map(|part| properties(schema, part)));
    }
    all
}
