//! The points of a section one after the other, a piece in memory at a time.

use crate::formats::container::Section;
use crate::formats::points::{FilePoint, read_range};
use crate::formats::{FormatError, ReadAt};

/// Points in memory at a time.
const PIECE: usize = 1 << 16;

/// Yields a section's points. After an error it ends.
pub(crate) struct PointStream<'a, P, R> {
    section: Section<'a, R>,
    count: usize,
    next: usize,
    piece: std::vec::IntoIter<P>,
}

impl<'a, P: FilePoint, R: ReadAt> PointStream<'a, P, R> {
    /// Starts at the first of `count` points.
    pub(crate) fn new(section: Section<'a, R>, count: u32) -> Result<Self, FormatError> {
        section.expect_len(u64::from(count) * P::BYTES as u64)?;
        Ok(Self {
            section,
            count: count as usize,
            next: 0,
            piece: Vec::new().into_iter(),
        })
    }
}

impl<P: FilePoint, R: ReadAt> Iterator for PointStream<'_, P, R> {
    type Item = Result<P, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(point) = self.piece.next() {
            return Some(Ok(point));
        }
        if self.next >= self.count {
            return None;
        }
        let mut piece = vec![P::zero(); PIECE.min(self.count - self.next)];
        if let Err(error) = read_range(&self.section, self.next, &mut piece) {
            self.next = self.count;
            return Some(Err(error));
        }
        self.next += piece.len();
        self.piece = piece.into_iter();
        self.piece.next().map(Ok)
    }
}
