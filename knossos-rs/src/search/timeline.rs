//! Which known operations may come next: the calls before the first return.
//!
//! A doubly linked list of the calls and returns not yet put in order, sorted by time, calls
//! before returns at equal times. An operation may come next if nothing still in the list
//! returned before its call, so the candidates are the calls at the front of the list, up to
//! the first return. Taking an operation unlinks its two events; putting it back, in reverse
//! order of taking, relinks them in place (the list of Lowe, "Testing for linearizability",
//! 2017, with the dancing links of Knuth).

/// The list. Event `2 * i` is the call of operation `i`, `2 * i + 1` its return.
pub(super) struct Timeline {
    next: Vec<u32>,
    previous: Vec<u32>,
    head: u32,
    left: usize,
}

impl Timeline {
    /// A timeline of all operations, given their calls (ascending) and returns.
    pub(super) fn new(times: &[(u64, u64)]) -> Timeline {
        debug_assert!(times.is_sorted_by_key(|(call, _)| *call));
        let head = u32::try_from(times.len() * 2).expect("fewer than 2^31 operations in a part");
        let mut returns: Vec<u32> = (0..head / 2).collect();
        returns.sort_by_key(|operation| times[*operation as usize].1);
        let mut timeline = Timeline {
            next: vec![head; times.len() * 2 + 1],
            previous: vec![head; times.len() * 2 + 1],
            head,
            left: times.len(),
        };
        let mut last = head;
        let mut calls = 0..head / 2;
        let mut returns = returns.into_iter().peekable();
        let mut call = calls.next();
        while call.is_some() || returns.peek().is_some() {
            let call_is_next = match (call, returns.peek()) {
                (Some(called), Some(returned)) => {
                    times[called as usize].0 <= times[*returned as usize].1
                }
                (called, _) => called.is_some(),
            };
            let event = if call_is_next {
                let called = call.expect("a call is next");
                call = calls.next();
                called * 2
            } else {
                returns.next().expect("a return is next") * 2 + 1
            };
            timeline.next[last as usize] = event;
            timeline.previous[event as usize] = last;
            last = event;
        }
        timeline.next[last as usize] = head;
        timeline.previous[head as usize] = last;
        timeline
    }

    /// Operations not yet taken.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// A walk over the candidates, in order of their calls. Operations may be taken on the way.
    pub(super) fn walk(&self) -> Walk {
        Walk { after: self.head }
    }

    /// Takes an operation out.
    pub(super) fn take(&mut self, operation: u32) {
        self.unlink(operation * 2);
        self.unlink(operation * 2 + 1);
        self.left -= 1;
    }

    /// Puts back the operation taken last.
    pub(super) fn put_back(&mut self, operation: u32) {
        self.relink(operation * 2 + 1);
        self.relink(operation * 2);
        self.left += 1;
    }

    /// The operation that returns first among those left.
    pub(super) fn first_to_return(&self) -> Option<u32> {
        let mut event = self.next[self.head as usize];
        while event != self.head && event & 1 == 0 {
            event = self.next[event as usize];
        }
        (event != self.head).then_some(event / 2)
    }

    /// Whether the operation is still in the list.
    pub(super) fn contains(&self, operation: u32) -> bool {
        let call = operation * 2;
        self.next[self.previous[call as usize] as usize] == call
    }

    fn unlink(&mut self, event: u32) {
        debug_assert!(self.next[self.previous[event as usize] as usize] == event);
        let (previous, next) = (self.previous[event as usize], self.next[event as usize]);
        self.next[previous as usize] = next;
        self.previous[next as usize] = previous;
    }

    fn relink(&mut self, event: u32) {
        let (previous, next) = (self.previous[event as usize], self.next[event as usize]);
        debug_assert!(
            self.next[previous as usize] == next,
            "put back out of order"
        );
        self.next[previous as usize] = event;
        self.previous[next as usize] = event;
    }
}

/// A place in a walk over the candidates: behind the last one that stayed.
pub(super) struct Walk {
    after: u32,
}

impl Walk {
    /// The next candidate; the one before it must by now be kept or taken.
    pub(super) fn peek(&self, timeline: &Timeline) -> Option<u32> {
        let event = timeline.next[self.after as usize];
        (event != timeline.head && event & 1 == 0).then_some(event / 2)
    }

    /// Leaves the candidate in the list and goes on behind it.
    pub(super) fn keep(&mut self, operation: u32) {
        self.after = operation * 2;
    }

    /// The next candidate, left in the list.
    pub(super) fn step(&mut self, timeline: &Timeline) -> Option<u32> {
        let operation = self.peek(timeline)?;
        self.keep(operation);
        Some(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(timeline: &Timeline) -> Vec<u32> {
        let mut walk = timeline.walk();
        std::iter::from_fn(|| walk.step(timeline)).collect()
    }

    #[test]
    fn candidates_are_the_calls_up_to_the_first_return() {
        let mut timeline = Timeline::new(&[(0, 30), (5, 10), (10, 40), (11, 12)]);
        assert_eq!(candidates(&timeline), [0, 1, 2]);
        assert_eq!(timeline.first_to_return(), Some(1));
        timeline.take(1);
        assert_eq!(candidates(&timeline), [0, 2, 3]);
        assert!(!timeline.contains(1) && timeline.contains(3));
        timeline.take(3);
        timeline.take(0);
        assert_eq!(candidates(&timeline), [2]);
        timeline.put_back(0);
        timeline.put_back(3);
        timeline.put_back(1);
        assert_eq!(candidates(&timeline), [0, 1, 2]);
        assert_eq!(timeline.left(), 4);
    }

    #[test]
    fn an_empty_timeline_has_no_candidates() {
        let timeline = Timeline::new(&[]);
        assert_eq!(candidates(&timeline), [0; 0]);
        assert_eq!(timeline.first_to_return(), None);
    }

    #[test]
    fn an_operation_that_returns_as_it_is_called_is_a_candidate() {
        assert_eq!(
            candidates(&Timeline::new(&[(5, 5), (5, 5), (6, 6)])),
            [0, 1]
        );
    }
}
