//! How many clients a history has.

use crate::interner::Interner;

/// Names below this are bits of a map, of a hundred kilobytes at most.
const SMALL: u64 = 1 << 20;

/// The clients seen so far.
#[derive(Default)]
pub(crate) struct Clients {
    small: Vec<u64>,
    others: Option<Interner<u64>>,
    count: usize,
}

impl Clients {
    /// Notes a client.
    pub(crate) fn add(&mut self, client: u64) {
        let is_new = if client < SMALL {
            let (word, bit) = ((client / 64) as usize, 1 << (client % 64));
            if word >= self.small.len() {
                self.small.resize(word + 1, 0);
            }
            let is_new = self.small[word] & bit == 0;
            self.small[word] |= bit;
            is_new
        } else {
            let others = self.others.get_or_insert_with(Interner::new);
            others.intern(client).1
        };
        self.count += usize::from(is_new);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_counts_once_whatever_its_name() {
        let mut clients = Clients::default();
        for client in [0, 63, 64, SMALL - 1, SMALL, u64::MAX, 64, SMALL, 0] {
            clients.add(client);
        }
        assert_eq!(clients.count(), 6);
    }
}
