//! A list that is never copied to grow: at millions of entries the old copy, and what it left unused, would be the peak of memory.

/// Entries of a piece: 512 KiB of eight bytes each.
const PIECE: usize = 1 << 16;

/// A list in pieces of one size.
#[derive(Debug)]
pub struct Pieces<T> {
    pieces: Vec<Vec<T>>,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<T: Copy> Pieces<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| (self.pieces.len() - 1) * PIECE + last.len())
    }

    /// Adds one.
    pub fn push(&mut self, entry: T) {
        match self.pieces.last_mut().filter(|last| last.len() < PIECE) {
            Some(last) => last.push(entry),
            None => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(entry);
                self.pieces.push(piece);
            }
        }
    }

    /// The entry at a place that is taken.
    pub fn at(&self, place: usize) -> T {
        self.pieces[place / PIECE][place % PIECE]
    }

    /// Those of a range of places.
    pub fn range(&self, places: std::ops::Range<usize>) -> impl ExactSizeIterator<Item = T> {
        places.map(|place| self.at(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_where_they_were_put() {
        let mut pieces = Pieces::default();
        for entry in 0..=2 * PIECE {
            assert_eq!(pieces.len(), entry);
            pieces.push(entry);
        }
        for around in [0, PIECE, 2 * PIECE] {
            assert_eq!(pieces.at(around), around);
        }
        assert!(pieces.range(PIECE - 2..PIECE + 2).eq(PIECE - 2..PIECE + 2));
    }
}
