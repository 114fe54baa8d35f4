//! Segments of at most 148 bits, lowest bit first.

use super::montgomery::Montgomery;
use super::{NoWitness, add};
use crate::curve::Point;
use ark_ff::{BigInt, BitIteratorLE};

/// Bits of a full segment.
const SEGMENT_BITS: usize = 148;

/// The whole product: one segment per 148 bits, each starting where the doublings of the one before ended.
pub(super) fn multiply(scalar: &BigInt<4>, bits: usize, point: &Point) -> Result<Point, NoWitness> {
    let bits: Vec<bool> = BitIteratorLE::new(scalar).take(bits).collect();
    let mut product = None;
    let mut start = *point;
    let mut segments = bits.chunks(SEGMENT_BITS).peekable();
    while let Some(bits) = segments.next() {
        let Segment { result, last_power } = segment(bits, &start)?;
        product = Some(match product {
            Some(product) => add(&product, &result)?,
            None => result,
        });
        if segments.peek().is_some() {
            start = last_power.double()?.to_edwards()?;
        }
    }
    Ok(product.unwrap_or(Point::IDENTITY))
}

struct Segment {
    result: Point,
    /// The start, doubled once per bit after the first.
    last_power: Montgomery,
}

/// Both values of every selection are computed, as the circuit does.
fn segment(bits: &[bool], start: &Point) -> Result<Segment, NoWitness> {
    let mut power = Montgomery::from_edwards(start)?;
    let mut accumulator = power;
    for bit in bits.iter().skip(1) {
        power = power.double()?;
        let sum = power.add(accumulator)?;
        if *bit {
            accumulator = sum;
        }
    }
    let odd = accumulator.to_edwards()?;
    let even = add(&odd, &start.negate())?;
    let result = if bits.first() == Some(&true) { odd } else { even };
    Ok(Segment {
        result,
        last_power: power,
    })
}
