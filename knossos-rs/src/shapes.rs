//! How intervals can lie on a line: what tests of all small histories draw their times from.
//!
//! Beyond the order of calls and returns, times mean nothing to a checker, so these are all the
//! histories there are of a size. The tests in `tests/trust/` include this file, too.

/// Every way that `count` intervals can lie on a line, by call: call `c` is at `2 * c`, and a
/// return at `2 * c + 1` lies after call `c` and before the next one.
pub(crate) fn shapes(count: usize) -> Vec<Vec<(u64, u64)>> {
    let count = count as u64;
    let mut shapes = vec![Vec::new()];
    for index in 0..count {
        shapes = shapes
            .into_iter()
            .flat_map(|shape: Vec<(u64, u64)>| {
                (index..count).map(move |end| {
                    let mut longer = shape.clone();
                    longer.push((index * 2, end * 2 + 1));
                    longer
                })
            })
            .collect();
    }
    shapes
}
