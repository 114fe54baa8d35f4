//! The sum of every list of a window.
//!
//! Lists are cut into pieces of bounded length, pieces sorted by length, and blocks of them summed side by side: each
//! lane walks down one piece, and every step is one batch of additions. Lists that were cut have several sums, which
//! go through the same again.

use std::marker::PhantomData;

use rayon::prelude::*;

use super::additions::{Batch, Points, Scratch, Sums, add};
use super::lists::{Entry, Lists, turn_counts_into_starts};
use crate::curve::{Curve, Point};
use crate::lanes::{ALL, Kernel, LANES, Lanes, Machine, Mask, prefetch};

/// Pieces summed side by side: as many as keep their sums in the second-level cache.
const BLOCK: usize = 4096;
/// How many vectors ahead points are asked for.
const AHEAD: usize = 4;

/// The sums of all lists: sum `i` is lane `i % 8` of vector `i / 8`.
pub(super) fn sums_of_lists<M: Machine, C: Curve>(
    lists: &Lists,
    table: &[Point<C::Packed>],
) -> Sums<C::Lanes<M::Base>> {
    let mut buckets = Sums::at_infinity((2 * lists.buckets).div_ceil(LANES));
    let starts = &lists.starts;
    let mut left = sum_pieces::<M, C>(starts, &lists.entries, table, &mut buckets);
    while !left.points.is_empty() {
        left = sum_pieces::<M, C>(&left.starts, &left.entries, &left.points, &mut buckets);
    }
    buckets
}

/// Lists with more than one sum so far.
struct Left<P> {
    starts: Vec<u32>,
    entries: Vec<Entry>,
    points: Vec<Point<P>>,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    start: u32,
    length: u32,
    list: u32,
    /// Whether it is the whole list.
    whole: bool,
}

/// Cuts lists into pieces, longest first.
fn pieces(starts: &[u32]) -> Vec<Piece> {
    let lists = starts.len() - 1;
    let used = starts.windows(2).filter(|list| list[0] != list[1]).count().max(1);
    let longest = (2 * starts[lists] / used as u32 + 16).next_power_of_two();
    let mut counts = vec![0u32; longest as usize + 1];
    let cut = |list: usize| {
        let (start, end) = (starts[list], starts[list + 1]);
        (start..end).step_by(longest as usize).map(move |start_of_piece| Piece {
            start: start_of_piece,
            length: longest.min(end - start_of_piece),
            list: list as u32,
            whole: end - start <= longest,
        })
    };
    for piece in (0..lists).flat_map(cut) {
        counts[(longest - piece.length) as usize] += 1;
    }
    let total = turn_counts_into_starts(&mut counts);
    let mut pieces = vec![Piece::default(); total];
    for piece in (0..lists).flat_map(cut) {
        let place = &mut counts[(longest - piece.length) as usize];
        pieces[*place as usize] = piece;
        *place += 1;
    }
    pieces
}

/// Sums all pieces; whole lists go to their bucket, the sums of the others are handed back as new lists.
fn sum_pieces<M: Machine, C: Curve>(
    starts: &[u32],
    entries: &[Entry],
    table: &[Point<C::Packed>],
    buckets: &mut Sums<C::Lanes<M::Base>>,
) -> Left<C::Packed> {
    let pieces = pieces(starts);
    let blocks: Vec<_> = pieces
        .par_chunks(BLOCK)
        .map(|pieces| {
            C::Lanes::<M::Base>::vectorize(SumBlock::<C, _> {
                pieces,
                entries,
                table,
                field: PhantomData,
            })
        })
        .collect();
    let mut parts: Vec<(u32, Point<C::Packed>)> = Vec::new();
    for (pieces, block) in pieces.chunks(BLOCK).zip(&blocks) {
        for (i, piece) in pieces.iter().enumerate() {
            let (vector, lane) = (i / LANES, i % LANES);
            if block.present[vector] >> lane & 1 == 0 {
                continue;
            }
            let from = &block.points[vector];
            if piece.whole {
                let (to, to_lane) = (piece.list as usize / LANES, piece.list as usize % LANES);
                buckets.points[to].x.copy_lane(to_lane, &from.x, lane);
                buckets.points[to].y.copy_lane(to_lane, &from.y, lane);
                buckets.present[to] |= 1 << to_lane;
            } else {
                parts.push((
                    piece.list,
                    Point {
                        x: from.x.unpack()[lane],
                        y: from.y.unpack()[lane],
                    },
                ));
            }
        }
    }
    // New lists, under the same numbers.
    parts.sort_by_key(|(list, _)| *list);
    let mut new_starts = vec![0u32; starts.len()];
    for (list, _) in &parts {
        new_starts[*list as usize] += 1;
    }
    turn_counts_into_starts(&mut new_starts);
    Left {
        starts: new_starts,
        entries: (0..parts.len()).map(|i| Entry::new(i, false)).collect(),
        points: parts.into_iter().map(|(_, point)| point).collect(),
    }
}

/// Sums the pieces of one block.
struct SumBlock<'a, C: Curve, F> {
    pieces: &'a [Piece],
    entries: &'a [Entry],
    table: &'a [Point<C::Packed>],
    field: PhantomData<F>,
}

impl<C: Curve, F: Lanes<Packed = C::Packed>> Kernel for SumBlock<'_, C, F> {
    type Output = Sums<F>;

    #[inline(always)]
    fn run(self) -> Sums<F> {
        let mut sums = Sums::at_infinity(self.pieces.len().div_ceil(LANES));
        for vector in 0..sums.points.len() {
            let (entries, present) = self.entries(vector, 0);
            sums.points[vector] = self.points(entries);
            sums.present[vector] = present;
        }
        let mut scratch = Scratch::new();
        let mut pieces = self.pieces.len();
        for depth in 1.. {
            while pieces > 0 && self.pieces[pieces - 1].length as usize <= depth {
                pieces -= 1;
            }
            if pieces == 0 {
                break;
            }
            add(
                &mut sums,
                &Step {
                    block: &self,
                    depth,
                    vectors: pieces.div_ceil(LANES),
                },
                &mut scratch,
            );
        }
        sums
    }
}

impl<C: Curve, F: Lanes<Packed = C::Packed>> SumBlock<'_, C, F> {
    /// The entries of a vector's lanes at some depth, and the lanes that reach that deep.
    #[inline(always)]
    fn entries(&self, vector: usize, depth: usize) -> ([Entry; LANES], Mask) {
        let mut entries = [Entry::default(); LANES];
        let mut present = 0;
        let pieces = &self.pieces[vector * LANES..self.pieces.len().min((vector + 1) * LANES)];
        for (lane, piece) in pieces.iter().enumerate() {
            if depth < piece.length as usize {
                entries[lane] = self.entries[piece.start as usize + depth];
                present |= 1 << lane;
            }
        }
        (entries, present)
    }

    #[inline(always)]
    fn points(&self, entries: [Entry; LANES]) -> Points<F> {
        let first = &self.table[entries[0].index()];
        let (mut xs, mut ys, mut signs) = ([&first.x; LANES], [&first.y; LANES], 0);
        for lane in 0..LANES {
            let point = &self.table[entries[lane].index()];
            xs[lane] = &point.x;
            ys[lane] = &point.y;
            signs |= entries[lane].sign() << lane;
        }
        Points {
            x: F::gather(xs),
            y: F::gather(ys).flip(signs),
        }
    }
}

/// One step down all pieces of a block that are long enough.
struct Step<'a, 'b, C: Curve, F> {
    block: &'a SumBlock<'b, C, F>,
    depth: usize,
    vectors: usize,
}

impl<C: Curve, F: Lanes<Packed = C::Packed>> Batch<F> for Step<'_, '_, C, F> {
    #[inline(always)]
    fn len(&self) -> usize {
        self.vectors
    }

    #[inline(always)]
    fn target(&self, i: usize) -> usize {
        i
    }

    #[inline(always)]
    fn present(&self, _: &Sums<F>, i: usize) -> Mask {
        // Pieces are sorted by length: only the last vector can have lanes that have ended.
        if i + 1 < self.vectors {
            ALL
        } else {
            self.block.entries(i, self.depth).1
        }
    }

    #[inline(always)]
    fn x(&self, _: &Sums<F>, i: usize) -> F {
        if i + AHEAD < self.vectors {
            for entry in self.block.entries(i + AHEAD, self.depth).0 {
                let point = &self.block.table[entry.index()];
                prefetch(point);
                if size_of::<Point<C::Packed>>() > 64 {
                    prefetch(&point.y);
                }
            }
        }
        let (entries, _) = self.block.entries(i, self.depth);
        let mut xs = [&self.block.table[entries[0].index()].x; LANES];
        for lane in 1..LANES {
            xs[lane] = &self.block.table[entries[lane].index()].x;
        }
        F::gather(xs)
    }

    #[inline(always)]
    fn points(&self, _: &Sums<F>, i: usize) -> Points<F> {
        self.block.points(self.block.entries(i, self.depth).0)
    }
}
