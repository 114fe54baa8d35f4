//! The points of a section, read a range at a time: sections can be larger than memory.

use std::marker::PhantomData;
use std::ops::Range;

use super::container::Section;
use super::points::{FilePoint, read_range};
use super::{FileSource, FormatError, ReadAt};

/// Points that lie in a section one after the other, or every other one of them.
pub(crate) struct PointList<'a, P, R = FileSource> {
    section: Section<'a, R>,
    first: usize,
    step: usize,
    count: usize,
    point: PhantomData<P>,
}

impl<'a, P: FilePoint, R: ReadAt> PointList<'a, P, R> {
    /// A section that is nothing but `count` points.
    pub(crate) fn whole(section: Section<'a, R>, count: usize) -> Result<Self, FormatError> {
        section.expect_len(count as u64 * P::BYTES as u64)?;
        Self::part(section, 0, count)
    }

    /// `count` points of a section from the `first` on.
    pub(crate) fn part(section: Section<'a, R>, first: usize, count: usize) -> Result<Self, FormatError> {
        let end = (first as u64).saturating_add(count as u64) * P::BYTES as u64;
        if end > section.byte_len() {
            section.expect_len(end)?;
        }
        Ok(Self {
            section,
            first,
            step: 1,
            count,
            point: PhantomData,
        })
    }

    /// The second point, the fourth, and so on.
    pub(crate) fn odd(self) -> Self {
        Self {
            first: self.first + self.step,
            step: self.step * 2,
            count: self.count / 2,
            ..self
        }
    }

    /// How many points there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The points of a range, each known to be on its curve; fewer if there are fewer.
    pub(crate) fn read(&self, range: Range<usize>) -> Result<Vec<P>, FormatError> {
        let (start, end) = (range.start.min(self.count), range.end.min(self.count));
        let Some(last) = end.checked_sub(start).and_then(|count| count.checked_sub(1)) else {
            return Ok(Vec::new());
        };
        let mut points = vec![P::zero(); last * self.step + 1];
        read_range(&self.section, self.first + start * self.step, &mut points)?;
        if self.step > 1 {
            points = points.into_iter().step_by(self.step).collect();
        }
        Ok(points)
    }

    /// The only or first point.
    pub(crate) fn first(&self) -> Result<P, FormatError> {
        let first = self.read(0..1)?.pop();
        first.ok_or_else(|| self.wrong_point(0, "there is no point"))
    }

    /// Says that a point is wrong.
    pub(crate) fn wrong_point(&self, index: usize, what: &'static str) -> FormatError {
        let place = self.first + index * self.step;
        self.section.wrong_value(place as u64, what)
    }
}
