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
            let steps = Steps::new(pieces, entries);
            C::Lanes::<M::Base>::vectorize(SumBlock::<C, _> {
                steps: &steps,
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

/// The entries of a block in the order of use: for every depth, the entries of all pieces that reach it, in eights.
struct Steps {
    entries: Vec<[Entry; LANES]>,
    /// For each depth, how many pieces reach it.
    reach: Vec<usize>,
}

impl Steps {
    /// Turns pieces, which lie one after the other, into steps down all of them.
    fn new(pieces: &[Piece], entries: &[Entry]) -> Self {
        let depth = pieces.first().map_or(0, |longest| longest.length as usize);
        let mut reach = vec![0; depth];
        let mut rest = pieces;
        for (depth, reach) in reach.iter_mut().enumerate() {
            // Longest first.
            rest = &rest[..rest.partition_point(|piece| piece.length as usize > depth)];
            *reach = rest.len();
        }
        let mut starts = Vec::with_capacity(depth);
        let mut vectors = 0;
        for reach in &reach {
            starts.push(vectors * LANES);
            vectors += reach.div_ceil(LANES);
        }
        let mut steps = vec![[Entry::default(); LANES]; vectors];
        let flat = steps.as_flattened_mut();
        for (i, piece) in pieces.iter().enumerate() {
            let start = piece.start as usize;
            for (entry, start) in entries[start..start + piece.length as usize].iter().zip(&starts) {
                flat[start + i] = *entry;
            }
        }
        Self { entries: steps, reach }
    }
}

/// Sums the pieces of one block.
struct SumBlock<'a, C: Curve, F> {
    steps: &'a Steps,
    table: &'a [Point<C::Packed>],
    field: PhantomData<F>,
}

impl<C: Curve, F: Lanes<Packed = C::Packed>> Kernel for SumBlock<'_, C, F> {
    type Output = Sums<F>;

    #[inline(always)]
    fn run(self) -> Sums<F> {
        let Self { steps, table, .. } = self;
        let mut sums = Sums::at_infinity(steps.reach.first().map_or(0, |pieces| pieces.div_ceil(LANES)));
        let mut scratch = Scratch::new();
        let mut rest: &[[Entry; LANES]] = &steps.entries;
        for (depth, &pieces) in steps.reach.iter().enumerate() {
            let (entries, below) = rest.split_at(pieces.div_ceil(LANES));
            rest = below;
            let step = Step::<C> { entries, pieces, table };
            if depth == 0 {
                for i in 0..entries.len() {
                    sums.points[i] = step.load(i);
                    sums.present[i] = step.lanes(i);
                }
            } else {
                add(&mut sums, &step, &mut scratch);
            }
        }
        sums
    }
}

/// One step down all pieces of a block that are long enough.
struct Step<'a, C: Curve> {
    entries: &'a [[Entry; LANES]],
    pieces: usize,
    table: &'a [Point<C::Packed>],
}

impl<C: Curve> Step<'_, C> {
    /// The lanes of a vector that have a piece.
    #[inline(always)]
    fn lanes(&self, i: usize) -> Mask {
        let left = self.pieces - i * LANES;
        if left >= LANES { ALL } else { (1 << left) - 1 }
    }

    #[inline(always)]
    fn load<F: Lanes<Packed = C::Packed>>(&self, i: usize) -> Points<F> {
        let entries = &self.entries[i];
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

impl<C: Curve, F: Lanes<Packed = C::Packed>> Batch<F> for Step<'_, C> {
    #[inline(always)]
    fn len(&self) -> usize {
        self.entries.len()
    }

    #[inline(always)]
    fn target(&self, i: usize) -> usize {
        i
    }

    #[inline(always)]
    fn present(&self, _: &Sums<F>, i: usize) -> Mask {
        self.lanes(i)
    }

    #[inline(always)]
    fn x(&self, _: &Sums<F>, i: usize) -> F {
        if let Some(entries) = self.entries.get(i + AHEAD) {
            for entry in entries {
                let point = &self.table[entry.index()];
                prefetch(point);
                if size_of::<Point<C::Packed>>() > 64 {
                    prefetch(&point.y);
                }
            }
        }
        let entries = &self.entries[i];
        let mut xs = [&self.table[entries[0].index()].x; LANES];
        for lane in 1..LANES {
            xs[lane] = &self.table[entries[lane].index()].x;
        }
        F::gather(xs)
    }

    #[inline(always)]
    fn points(&self, _: &Sums<F>, i: usize) -> Points<F> {
        self.load(i)
    }
}
