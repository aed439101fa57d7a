//! A list that grows without moving: its memory rises by one chunk at a time.

/// Elements of a chunk.
const CHUNK: usize = 1 << 12;

/// A list in chunks. The first chunk grows as a [`Vec`] does, so a short list is small.
pub(crate) struct Chunked<T> {
    chunks: Vec<Vec<T>>,
    /// Room in all chunks but the first.
    room_beyond_first: usize,
}

impl<T> Chunked<T> {
    /// An empty list.
    pub(crate) fn new() -> Chunked<T> {
        Chunked {
            chunks: Vec::new(),
            room_beyond_first: 0,
        }
    }

    /// How many elements there are, if they were added one by one.
    pub(crate) fn len(&self) -> usize {
        let full = self.chunks.len().saturating_sub(1) * CHUNK;
        full + self.chunks.last().map_or(0, Vec::len)
    }

    /// Adds an element.
    pub(crate) fn push(&mut self, element: T) {
        self.last_with_room(1).push(element);
    }

    /// The element at a place.
    pub(crate) fn get(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }

    /// The element at a place.
    pub(crate) fn get_mut(&mut self, place: usize) -> &mut T {
        &mut self.chunks[place / CHUNK][place % CHUNK]
    }

    /// The elements from a place on, as far as they were added together.
    pub(crate) fn slice(&self, place: usize, length: usize) -> &[T] {
        if length == 0 {
            return &[];
        }
        &self.chunks[place / CHUNK][place % CHUNK..][..length]
    }

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        let first = self.chunks.first().map_or(0, Vec::capacity);
        (first + self.room_beyond_first) * size_of::<T>()
            + self.chunks.capacity() * size_of::<Vec<T>>()
    }

    fn last_with_room(&mut self, room: usize) -> &mut Vec<T> {
        let has_room = |chunk: &Vec<T>| chunk.len() + room <= CHUNK;
        if !self.chunks.last().is_some_and(has_room) {
            let is_first = self.chunks.is_empty();
            let size = if is_first { 0 } else { CHUNK.max(room) };
            self.chunks.push(Vec::with_capacity(size));
            self.room_beyond_first += size;
        }
        self.chunks.last_mut().expect("there is one")
    }
}

impl<T: Copy> Chunked<T> {
    /// Adds elements that stay together; gives their place.
    pub(crate) fn push_slice(&mut self, elements: &[T]) -> usize {
        let chunk = self.last_with_room(elements.len());
        let offset = chunk.len();
        chunk.extend_from_slice(elements);
        (self.chunks.len() - 1) * CHUNK + offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stay_where_they_are_put() {
        let mut list = Chunked::new();
        for element in 0..10_000_u64 {
            list.push(element);
            assert_eq!(list.len(), element as usize + 1);
        }
        *list.get_mut(5_000) = 7;
        assert_eq!(
            [*list.get(4_999), *list.get(5_000), *list.get(9_999)],
            [4_999, 7, 9_999]
        );
        assert!((80_000..120_000).contains(&list.memory_bytes()));
    }

    #[test]
    fn slices_stay_together_whatever_their_length() {
        let mut list = Chunked::new();
        let places: Vec<(usize, Vec<u64>)> = [0, 3, 4_000, 200, 9_000, 1, 4_096, 2]
            .into_iter()
            .map(|length| {
                let slice: Vec<u64> = (length..length * 2).collect();
                (list.push_slice(&slice), slice)
            })
            .collect();
        for (place, slice) in places {
            assert_eq!(list.slice(place, slice.len()), slice);
        }
    }
}
