//! Sorting what is nearly sorted: what a history's clients did comes almost in order of time.
//!
//! Each element is moved back to its place. Where clients are few, that is a few places, and the
//! time is linear; if the moves become too many, the sort of the standard library goes on.

/// How many moves an element may cost on average.
const MOVES_PER_ELEMENT: usize = 24;

/// Sorts by a key; equal keys are in any order. O(n) where each element is a few places from
/// its own, O(n log n) for any.
///
/// ```
/// let mut list = [2, 1, 3, 5, 4];
/// knossos::nearly_sorted::sort_by_key(&mut list, |number| *number);
/// assert_eq!(list, [1, 2, 3, 4, 5]);
/// ```
pub fn sort_by_key<T: Copy, K: Ord + Copy>(list: &mut [T], key: impl Fn(&T) -> K) {
    let mut moves_left = list.len().saturating_mul(MOVES_PER_ELEMENT);
    for place in 1..list.len() {
        let element = list[place];
        let own = key(&element);
        let mut hole = place;
        while hole > 0 && own < key(&list[hole - 1]) {
            list[hole] = list[hole - 1];
            hole -= 1;
        }
        list[hole] = element;
        let moves = place - hole;
        if moves > moves_left {
            list.sort_unstable_by_key(key);
            return;
        }
        moves_left -= moves;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(
            numbers in prop::collection::vec(0_u64..50, 0..200),
            width in 0_u64..200,
        ) {
            let near = |(place, number): (u64, u64)| place + number % (width + 1);
            let mut list: Vec<u64> = (0..).zip(numbers).map(near).collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            sort_by_key(&mut list, |number| *number);
            prop_assert_eq!(list, expected);
        }
    }

    #[test]
    fn what_runs_backwards_is_sorted_too() {
        let mut list: Vec<u32> = (0..10_000).rev().collect();
        sort_by_key(&mut list, |number| *number);
        assert!(list.is_sorted());
    }
}
