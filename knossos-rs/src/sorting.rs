//! Sorting that is compiled once, whatever the model.
//!
//! A sort is much code, and a key that looks at the history of a model would have it compiled for
//! each model. Where sorting is not what takes the time, the key is better asked for by a call.

/// As [`slice::sort_by_key`].
pub(crate) fn sort_by_key<T, K: Ord>(list: &mut [T], key: &dyn Fn(&T) -> K) {
    list.sort_by_key(key);
}

/// As [`slice::select_nth_unstable_by_key`], which gives nothing back here.
pub(crate) fn select_nth_by_key<T, K: Ord>(list: &mut [T], nth: usize, key: &dyn Fn(&T) -> K) {
    list.select_nth_unstable_by_key(nth, key);
}
