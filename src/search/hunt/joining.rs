//! Catches of which shrinking left the same become one.

use super::catch::Catch;
use super::form::Form;

/// Notes what shrinking left of the catch at `place`. If it left the same of an earlier one, the
/// catch joins that: gives its place.
pub(super) fn join(catches: &mut Vec<Catch>, place: usize, form: Form) -> Option<usize> {
    let is_same = |catch: &Catch| {
        let other = catch.form.as_ref();
        other.is_some_and(|other| other.is_same(&form))
    };
    let Some(first) = catches[..place].iter().position(is_same) else {
        catches[place].form = Some(form);
        return None;
    };
    let mut joins = catches.remove(place);
    let others = std::mem::take(&mut joins.joined);
    catches[first].joined.push(joins.into());
    catches[first].joined.extend(others);
    Some(first)
}

#[cfg(test)]
mod tests;
