//! Curve points as snarkjs's files hold them: affine coordinates in Montgomery form, infinity all zeros.

use std::io::{self, Write};

use ark_bn254::{Fq, Fq2, Fr, g1, g2};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::Affine;
use rayon::prelude::*;

use crate::formats::container::Section;
use crate::formats::fields::{ELEMENT, base_from_montgomery, base_to_big_endian, base_to_montgomery};
use crate::formats::{FormatError, ReadAt};

/// Points read by one thread at a time.
const CHUNK: usize = 1 << 13;

const NOT_REDUCED: &str = "a coordinate is not below the base field's order";
const OFF_CURVE: &str = "a point that is not on the curve";

/// A group whose points the file holds.
pub(crate) trait FilePoint: AffineRepr<ScalarField = Fr> + Send {
    /// Bytes of one point.
    const BYTES: usize;
    /// Reads a point; the error says what is wrong with it.
    fn from_file(bytes: &[u8]) -> Result<Self, &'static str>;
    /// Writes a point.
    fn to_file(&self, out: &mut dyn Write) -> io::Result<()>;
    /// Writes a point as ceremonies hash it: plain coordinates, the highest byte first, and of the
    /// quadratic field's elements the second part first.
    fn to_transcript(&self, out: &mut dyn Write) -> io::Result<()>;
    /// Whether a point of the curve is in the group of prime order.
    fn is_in_group(&self) -> bool;
}

impl FilePoint for Affine<g1::Config> {
    const BYTES: usize = 2 * ELEMENT;

    fn from_file(bytes: &[u8]) -> Result<Self, &'static str> {
        let [x, y] = coordinates(bytes)?;
        if bytes.iter().all(|&byte| byte == 0) {
            return Ok(Self::identity());
        }
        let point = Self::new_unchecked(x, y);
        point.is_on_curve().then_some(point).ok_or(OFF_CURVE)
    }

    fn to_file(&self, out: &mut dyn Write) -> io::Result<()> {
        let (x, y) = self.xy().unwrap_or_default();
        write_all(out, &[x, y])
    }

    fn to_transcript(&self, out: &mut dyn Write) -> io::Result<()> {
        let (x, y) = self.xy().unwrap_or_default();
        hash_all(out, &[x, y])
    }

    fn is_in_group(&self) -> bool {
        true // the whole curve is the group
    }
}

impl FilePoint for Affine<g2::Config> {
    const BYTES: usize = 4 * ELEMENT;

    fn from_file(bytes: &[u8]) -> Result<Self, &'static str> {
        let [x0, x1, y0, y1] = coordinates(bytes)?;
        if bytes.iter().all(|&byte| byte == 0) {
            return Ok(Self::identity());
        }
        let point = Self::new_unchecked(Fq2::new(x0, x1), Fq2::new(y0, y1));
        point.is_on_curve().then_some(point).ok_or(OFF_CURVE)
    }

    fn to_file(&self, out: &mut dyn Write) -> io::Result<()> {
        let (x, y) = self.xy().unwrap_or_default();
        write_all(out, &[x.c0, x.c1, y.c0, y.c1])
    }

    fn to_transcript(&self, out: &mut dyn Write) -> io::Result<()> {
        let (x, y) = self.xy().unwrap_or_default();
        hash_all(out, &[x.c1, x.c0, y.c1, y.c0])
    }

    fn is_in_group(&self) -> bool {
        self.is_in_correct_subgroup_assuming_on_curve()
    }
}

/// Reads a section that is nothing but `count` points, on all threads.
pub(crate) fn read_points<P: FilePoint, R: ReadAt>(
    section: &Section<'_, R>,
    count: u64,
) -> Result<Vec<P>, FormatError> {
    section.expect_len(count * P::BYTES as u64)?;
    let mut points = vec![P::zero(); count as usize];
    read_range(section, 0, &mut points)?;
    Ok(points)
}

/// Fills `points` with those of a section from the `first` on, on all threads.
pub(crate) fn read_range<P: FilePoint, R: ReadAt>(
    section: &Section<'_, R>,
    first: usize,
    points: &mut [P],
) -> Result<(), FormatError> {
    let chunks = points.par_chunks_mut(CHUNK).enumerate();
    chunks.try_for_each(|(chunk, points)| {
        let first = first + chunk * CHUNK;
        let mut bytes = vec![0; points.len() * P::BYTES];
        section.read_at(&mut bytes, (first * P::BYTES) as u64)?;
        for (index, (point, bytes)) in (first..).zip(points.iter_mut().zip(bytes.chunks_exact(P::BYTES))) {
            *point = P::from_file(bytes).map_err(|what| section.wrong_value(index as u64, what))?;
        }
        Ok(())
    })
}

fn coordinates<const N: usize>(bytes: &[u8]) -> Result<[Fq; N], &'static str> {
    let mut read = [Fq::default(); N];
    for (coordinate, bytes) in read.iter_mut().zip(bytes.as_chunks::<ELEMENT>().0) {
        *coordinate = base_from_montgomery(bytes).ok_or(NOT_REDUCED)?;
    }
    Ok(read)
}

fn write_all(out: &mut dyn Write, coordinates: &[Fq]) -> io::Result<()> {
    coordinates
        .iter()
        .try_for_each(|each| out.write_all(&base_to_montgomery(each)))
}

fn hash_all(out: &mut dyn Write, coordinates: &[Fq]) -> io::Result<()> {
    coordinates
        .iter()
        .try_for_each(|each| out.write_all(&base_to_big_endian(each)))
}
