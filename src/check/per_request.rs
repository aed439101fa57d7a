//! Eight bytes per request: clients number theirs without large gaps.

use crate::observation::RequestId;

/// One number per request; 0 where nothing was set.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct PerRequest(Vec<Vec<u64>>);

impl PerRequest {
    #[inline]
    pub(super) fn get(&self, request: RequestId) -> u64 {
        self.0
            .get(request.client as usize)
            .and_then(|sequences| sequences.get(request.sequence as usize))
            .copied()
            .unwrap_or(0)
    }

    #[inline]
    pub(super) fn entry(&mut self, request: RequestId) -> &mut u64 {
        let (client, sequence) = (request.client as usize, request.sequence as usize);
        if client >= self.0.len() {
            self.0.resize_with(client + 1, Vec::new);
        }
        let sequences = &mut self.0[client];
        if sequence >= sequences.len() {
            sequences.resize(sequence + 1, 0);
        }
        &mut sequences[sequence]
    }

    /// The first request with this number. Looks at all of them.
    pub(super) fn find(&self, number: u64) -> Option<RequestId> {
        let requests = (0..).zip(&self.0).flat_map(|(client, sequences)| {
            let numbered = (0..).zip(sequences);
            numbered.map(move |(sequence, number)| (RequestId { client, sequence }, *number))
        });
        let mut found = requests.filter(|(_, other)| *other == number);
        found.next().map(|(request, _)| request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_per_client_and_sequence() {
        let request = |client, sequence| RequestId { client, sequence };
        let mut numbers = PerRequest::default();
        *numbers.entry(request(2, 3)) = 7;
        assert_eq!(numbers.get(request(2, 3)), 7);
        assert_eq!(numbers.get(request(3, 2)), 0);
        assert_eq!(numbers.get(request(2, 4)), 0);
        assert_eq!(numbers.find(7), Some(request(2, 3)));
        assert_eq!(numbers.find(8), None);
    }
}
