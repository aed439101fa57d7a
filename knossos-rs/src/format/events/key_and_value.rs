//! Events whose value is `[key value]`: taken apart.

use crate::format::codec::{Codec, text};
use crate::format::datum::Datum;
use crate::text::Text;

/// The key and the value of an event of this operation that has no key of its own.
pub(super) fn split<C: Codec>(
    codec: &C,
    op: &str,
    value: Datum,
) -> Result<(Option<Text>, Datum), String> {
    codec.knows(op)?;
    if !codec.has_pairs() {
        return Ok((None, value));
    }
    let (key, value) = match value {
        Datum::List(mut parts) if parts.len() == 3 && op == "cas" => {
            let new = parts.pop().unwrap_or_default();
            let old = parts.pop().unwrap_or_default();
            (parts.pop(), Datum::List(vec![old, new]))
        }
        Datum::List(mut parts) if parts.len() == 2 => {
            let value = parts.pop().unwrap_or_default();
            (parts.pop(), value)
        }
        other => {
            let cas = if op == "cas" {
                ", of a cas [key [old new]]"
            } else {
                ""
            };
            return Err(format!(
                "`:value` is {other}; with many keys it is [key value]{cas} (a history of one \
                 register is read with the model `register` or `cas-register`)"
            ));
        }
    };
    let key = key.filter(|key| !key.is_null());
    let key = key.map(|key| text(&key, ":value[0]")).transpose()?;
    Ok((key, value))
}
