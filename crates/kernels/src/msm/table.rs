//! Points at rest, those at infinity left out.

use std::borrow::Cow;

use super::lists::{Entry, Lists};
use crate::curve::{Curve, Point};
use crate::lanes::PrimeLanes;

/// The points of one sum, by the index of their scalar. Indices without a point have the point at infinity.
#[derive(Debug)]
pub(crate) struct Table<C: Curve> {
    points: Vec<Point<C::Packed>>,
    length: usize,
    /// Nothing if every index has a point.
    present: Option<Vec<Presence>>,
}

/// Which of 64 indices have a point, and how many points lie before them.
#[derive(Clone, Copy, Debug, Default)]
struct Presence {
    bits: u64,
    before: u32,
}

impl<C: Curve> Table<C> {
    /// Lays out points for the machine whose base field is `F`.
    pub(crate) fn new<F: PrimeLanes>(points: impl IntoIterator<Item = Option<C::Affine>>) -> Self {
        let mut packed = Vec::new();
        let mut present: Vec<Presence> = Vec::new();
        let mut length = 0usize;
        for point in points {
            if length.is_multiple_of(64) {
                present.push(Presence {
                    bits: 0,
                    before: packed.len() as u32,
                });
            }
            if let (Some(point), Some(last)) = (point.and_then(|p| C::pack::<F>(&p)), present.last_mut()) {
                last.bits |= 1 << (length % 64);
                packed.push(point);
            }
            length += 1;
        }
        packed.shrink_to_fit();
        let complete = packed.len() == length;
        Self {
            points: packed,
            length,
            present: (!complete).then_some(present),
        }
    }

    /// How many indices, with or without a point.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// The points that are there.
    pub(crate) fn points(&self) -> &[Point<C::Packed>] {
        &self.points
    }

    /// The lists without the entries that have no point here; indices become places in [`Self::points`].
    pub(crate) fn filter<'a>(&self, lists: &'a Lists) -> Cow<'a, Lists> {
        let Some(present) = &self.present else {
            return Cow::Borrowed(lists);
        };
        let mut starts = Vec::with_capacity(lists.starts.len());
        let mut entries = Vec::with_capacity(lists.entries.len());
        for list in lists.starts.windows(2) {
            starts.push(entries.len() as u32);
            for entry in &lists.entries[list[0] as usize..list[1] as usize] {
                let Presence { bits, before } = present.get(entry.index() / 64).copied().unwrap_or_default();
                let bit = entry.index() % 64;
                if bits >> bit & 1 == 1 {
                    let rank = (bits & ((1 << bit) - 1)).count_ones();
                    entries.push(Entry::new((before + rank) as usize, entry.sign() == 1));
                }
            }
        }
        starts.push(entries.len() as u32);
        Cow::Owned(Lists {
            buckets: lists.buckets,
            starts,
            entries,
        })
    }
}
