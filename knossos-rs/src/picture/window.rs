//! Which operations are shown: the conflict, and what is near it.

use crate::history::Operation;

/// How many operations a picture shows at most.
pub(super) const SHOWN_MAX: usize = 1_000;

/// How many are shown around an operation of the conflict that lies far away.
const NEIGHBOURS: usize = 8;

/// The operations to show, in order of their calls.
///
/// `part` are those of the key, in order of their calls; `needed` must be shown; of the others,
/// those whose calls are the nearest to `centre`.
pub(super) fn choose<I, O>(
    history: &[Operation<I, O>],
    part: &[usize],
    needed: &[usize],
    centre: Option<usize>,
) -> Vec<usize> {
    if part.len() <= SHOWN_MAX {
        return part.to_vec();
    }
    let place = |index: usize| {
        let key = (history[index].call, index);
        part.partition_point(|other| (history[*other].call, *other) < key)
    };
    let mut shown: Vec<usize> = Vec::new();
    for index in needed.iter().take(SHOWN_MAX / (4 * NEIGHBOURS)) {
        let place = place(*index);
        let from = place.saturating_sub(NEIGHBOURS);
        shown.extend(from..(place + NEIGHBOURS).min(part.len()));
    }
    shown.sort_unstable();
    shown.dedup();
    let rest = SHOWN_MAX - shown.len();
    // More of what came before than of what came after.
    let centre = centre.map_or(0, place);
    let from = centre.saturating_sub(rest * 2 / 3);
    shown.extend(from..(from + rest).min(part.len()));
    shown.sort_unstable();
    shown.dedup();
    shown.into_iter().map(|place| part[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(length: u64) -> Vec<Operation<(), ()>> {
        (0..length)
            .map(|time| Operation::completed(0, (), (), time, time))
            .collect()
    }

    #[test]
    fn a_small_part_is_shown_whole() {
        let part: Vec<usize> = (0..SHOWN_MAX).collect();
        assert_eq!(choose(&history(2_000), &part, &[], Some(3)), part);
    }

    #[test]
    fn of_a_large_part_the_needed_are_shown_wherever_they_are() {
        let part: Vec<usize> = (0..100_000).collect();
        let shown = choose(&history(100_000), &part, &[7, 99_999], Some(50_000));
        assert!(shown.len() <= SHOWN_MAX);
        assert!(
            [7, 50_000, 99_999]
                .iter()
                .all(|index| shown.contains(index))
        );
        assert!(shown.is_sorted());
    }
}
