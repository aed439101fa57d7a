//! Delta debugging over a list: large pieces are taken away first, then smaller
//! ones, down to single items.

/// Takes away as many items as `try_without` allows. It is given lists with a
/// piece missing, the first pieces first, and says which of them was accepted.
pub(super) fn take_away<T: Clone>(
    items: Vec<T>,
    at_once: usize,
    mut try_without: impl FnMut(Vec<Vec<T>>) -> Option<usize>,
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
                Some(place) => {
                    items = without(&items, starts[place], size);
                    start = starts[place];
                }
                None => start += tried * size,
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
                lists.iter().position(|list| needed.iter().all(|item| list.contains(item)))
            });
            prop_assert_eq!(left, needed);
        }
    }
}
