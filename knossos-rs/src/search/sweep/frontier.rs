//! The states that the object may be in, none of which does all that another one does.
//!
//! A state is the value held and a *burden*: bits for who waits and what is spent. Less is better.

/// The best states.
pub(super) struct Frontier {
    /// Words of a burden.
    width: usize,
    held: Vec<u32>,
    burdens: Vec<u64>,
}

impl Frontier {
    /// No states.
    pub(super) fn new(width: usize) -> Frontier {
        Frontier {
            width,
            held: Vec::new(),
            burdens: Vec::new(),
        }
    }

    /// How many states there are.
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Forgets all states.
    pub(super) fn make_empty(&mut self) {
        self.held.clear();
        self.burdens.clear();
    }

    /// The value held and the burden.
    pub(super) fn get(&self, state: usize) -> (u32, &[u64]) {
        (
            self.held[state],
            &self.burdens[state * self.width..][..self.width],
        )
    }

    /// Adds a state unless another is as good, and drops those that are no better; how many
    /// were compared.
    pub(super) fn add(&mut self, held: u32, burden: &[u64]) -> u64 {
        let (mut state, mut compared) = (0, 0);
        while state < self.held.len() {
            if self.held[state] != held {
                state += 1;
                continue;
            }
            compared += 1;
            let other = &self.burdens[state * self.width..][..self.width];
            if is_within(other, burden) {
                return compared;
            }
            if is_within(burden, other) {
                self.drop_state(state);
            } else {
                state += 1;
            }
        }
        self.held.push(held);
        self.burdens.extend_from_slice(burden);
        compared
    }

    /// How many states have this bit.
    pub(super) fn count_with(&self, bit: usize) -> usize {
        let words = self.burdens.iter().skip(bit / 64).step_by(self.width);
        words.filter(|word| **word >> (bit % 64) & 1 == 1).count()
    }

    /// Clears a bit of every state that has it.
    pub(super) fn clear(&mut self, bit: usize) {
        let words = self.burdens.iter_mut().skip(bit / 64).step_by(self.width);
        for word in words {
            *word &= !(1 << (bit % 64));
        }
    }

    /// Sets a bit of every state that holds another value.
    pub(super) fn set_unless_held(&mut self, bit: usize, held: Option<u32>) {
        let words = self.burdens.iter_mut().skip(bit / 64).step_by(self.width);
        for (word, value) in words.zip(&self.held) {
            *word |= u64::from(Some(*value) != held) << (bit % 64);
        }
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.held.capacity() * size_of::<u32>() + self.burdens.capacity() * size_of::<u64>()
    }

    fn drop_state(&mut self, state: usize) {
        let last = self.held.len() - 1;
        self.held.swap_remove(state);
        self.burdens.copy_within(
            last * self.width..(last + 1) * self.width,
            state * self.width,
        );
        self.burdens.truncate(last * self.width);
    }
}

/// Whether every bit of the one is in the other.
fn is_within(one: &[u64], other: &[u64]) -> bool {
    one.iter().zip(other).all(|(one, other)| one & !other == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_best_states_stay() {
        let mut frontier = Frontier::new(2);
        frontier.add(7, &[0b011, 0]);
        frontier.add(7, &[0b111, 0]);
        assert_eq!(frontier.len(), 1, "a heavier one is not added");
        frontier.add(8, &[0b111, 0]);
        frontier.add(7, &[0b100, 1]);
        assert_eq!(frontier.len(), 3, "others stay");
        frontier.add(7, &[0, 0]);
        assert_eq!(frontier.len(), 2, "the best replaces all");
        assert_eq!(frontier.get(0).0 + frontier.get(1).0, 15);
    }

    #[test]
    fn bits_are_set_counted_and_cleared_in_all_states() {
        let mut frontier = Frontier::new(2);
        frontier.add(7, &[1, 0]);
        frontier.add(8, &[0, 1]);
        frontier.set_unless_held(65, Some(7));
        assert_eq!([0, 64, 65].map(|bit| frontier.count_with(bit)), [1, 1, 1]);
        frontier.set_unless_held(65, None);
        assert_eq!(frontier.count_with(65), 2);
        frontier.clear(65);
        assert_eq!(frontier.get(1), (8, &[0, 1][..]));
    }
}
