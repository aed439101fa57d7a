//! Values of TOML that no key of ours can hold.

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::mistake::Mistake;

/// The first such value, in the order of its text.
pub(super) fn refused(table: &DeTable<'_>) -> Option<Mistake> {
    let mut found = Vec::new();
    search(table, &mut found);
    found
        .into_iter()
        .min_by_key(|mistake| mistake.span.as_ref().map(|span| span.start))
}

fn search(table: &DeTable<'_>, found: &mut Vec<Mistake>) {
    for (key, value) in table {
        look(key.get_ref(), value, found);
    }
}

fn look(key: &str, value: &Spanned<DeValue<'_>>, found: &mut Vec<Mistake>) {
    let message = match value.get_ref() {
        DeValue::Table(inner) => return search(inner, found),
        DeValue::Array(items) => {
            return items.iter().for_each(|item| look(key, item, found));
        }
        DeValue::Datetime(date) => {
            format!("{date} is a date, which nothing here takes: write text as \"{date}\"")
        }
        DeValue::Float(float) if !float.as_str().parse().is_ok_and(f64::is_finite) => {
            format!("{float} is no number that can be used here: write a finite one")
        }
        DeValue::Integer(whole) if !fits(whole) && key == "seed" => {
            format!("{whole} is out of range for a number: write a large seed as text, \"0x...\"")
        }
        DeValue::Integer(whole) if !fits(whole) => format!(
            "{whole} is out of range: write a whole number from {} to {}",
            i64::MIN,
            i64::MAX
        ),
        _ => return,
    };
    found.push(Mistake {
        span: Some(value.span()),
        message,
    });
}

/// Whether it is one of TOML's 64 bits.
fn fits(whole: &DeInteger<'_>) -> bool {
    i64::from_str_radix(whole.as_str(), whole.radix()).is_ok()
}
