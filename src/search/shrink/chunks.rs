//! Delta debugging over a list: large pieces are taken away first, then smaller
//! ones, down to single items.

use std::ops::ControlFlow;

/// Takes away as many items as `try_without` allows. It is given lists with a
/// piece missing, the first pieces first, and says which of them was accepted, or
/// that there is no time for more.
pub(super) fn take_away<T: Clone>(
    items: Vec<T>,
    at_once: usize,
    mut try_without: impl FnMut(Vec<Vec<T>>) -> ControlFlow<(), Option<usize>>,
) -> Vec<T> {
    assert!(at_once > 0, "something has to be tried");
    let mut items = items;
    let mut size = items.len();
    while size > 0 {
        let mut start = 0;
        while start < items.len() {
            let starts: Vec<usize> = (0..at_once)
                .map(|piece| start + piece * size)
                .take_while(|start| *start < items.len())
                .collect();
            let lists: Vec<Vec<T>> = starts
                .iter()
                .map(|start| without(&items, *start, size))
                .collect();
            let tried = starts.len();
            match try_without(lists) {
                ControlFlow::Break(()) => return items,
                ControlFlow::Continue(Some(place)) => {
                    items = without(&items, starts[place], size);
                    start = starts[place];
                }
                ControlFlow::Continue(None) => start += tried * size,
            }
        }
        size /= 2;
    }
    items
}

fn without<T: Clone>(items: &[T], start: usize, size: usize) -> Vec<T> {
    let end = (start + size).min(items.len());
    [&items[..start], &items[end..]].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_matters_stays_and_nothing_else_does(
            count in 0usize..60,
            needed in prop::collection::btree_set(0usize..60, 0..5),
            at_once in 1usize..4,
        ) {
            let needed: Vec<usize> = needed.into_iter().filter(|item| *item < count).collect();
            let left = take_away((0..count).collect(), at_once, |lists: Vec<Vec<usize>>| {
                let whole = |list: &Vec<usize>| needed.iter().all(|item| list.contains(item));
                ControlFlow::Continue(lists.iter().position(whole))
            });
            prop_assert_eq!(left, needed);
        }

        #[test]
        fn nothing_is_tried_once_the_time_is_over(count in 1usize..60, tries in 1usize..20) {
            let mut left = tries;
            take_away((0..count).collect(), 1, |_: Vec<Vec<usize>>| {
                assert!(left > 0, "it was over");
                left -= 1;
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(None) }
            });
        }
    }
}
