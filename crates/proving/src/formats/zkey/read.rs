//! Reads a zkey, each section when it is asked for.

use std::collections::HashMap;
use std::path::Path;

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ff::Field;
use maci_protocol::groth16::VerifyingKey;

use super::{COEFFICIENT, Ceremony, FORMAT, GROTH16, PointStream, ZKeyHeader, section};
use crate::formats::container::Container;
use crate::formats::fields::{montgomery_factor, scalar_from_montgomery};
use crate::formats::points::read_points;
use crate::formats::r1cs::{R1cs, Rows, Term};
use crate::formats::{FileSource, FormatError, PointList, ReadAt};
use crate::prove::verifying_key_of;

/// An open proving key. The header has been read; everything else is read on demand, with every
/// point checked to be on its curve.
#[derive(Debug)]
pub struct ZKeyFile<R = FileSource> {
    container: Container<R>,
    header: ZKeyHeader,
}

/// The matrices A and B of the constraints.
///
/// Behind the constraints come rows that bind the constant and each public value: the wire itself
/// in A, nothing in B.
#[derive(Debug, Clone)]
pub struct Coefficients {
    /// How many constraints there are.
    pub constraints: u32,
    /// The left factors: the constraints, then the binding rows.
    pub a: Rows,
    /// The right factors: as many rows.
    pub b: Rows,
    /// The distinct values that the rows' terms name.
    pub values: Vec<Fr>,
}

impl ZKeyFile {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        Self::open_from(FileSource::open(path)?, &path.display().to_string())
    }
}

impl<R: ReadAt> ZKeyFile<R> {
    /// Opens any source; `file` is its name in errors.
    pub fn open_from(source: R, file: &str) -> Result<Self, FormatError> {
        let container = Container::open(source, file, FORMAT)?;
        let protocol = container.section(section::PROTOCOL)?;
        if protocol.cursor().u32()? != GROTH16 {
            return Err(protocol.wrong_value(0, "a proving key of another system than Groth16"));
        }
        let header = ZKeyHeader::read(&container.section(section::HEADER)?)?;
        Ok(Self { container, header })
    }

    /// The circuit's sizes and the fixed points.
    pub fn header(&self) -> &ZKeyHeader {
        &self.header
    }

    /// The verifying key's points for the constant and the public values.
    pub fn ic(&self) -> Result<Vec<G1Affine>, FormatError> {
        self.points_g1(section::IC, self.header.publics + 1)
    }

    /// The verifying key that belongs to this proving key.
    pub fn verifying_key(&self) -> Result<VerifyingKey, FormatError> {
        Ok(verifying_key_of(&self.header, &self.ic()?))
    }

    /// One point for each wire: its part in the left factors.
    pub fn a(&self) -> Result<Vec<G1Affine>, FormatError> {
        self.points_g1(section::A, self.header.wires)
    }

    /// One point for each wire: its part in the right factors, in G1.
    pub fn b1(&self) -> Result<Vec<G1Affine>, FormatError> {
        self.points_g1(section::B1, self.header.wires)
    }

    /// One point for each wire: its part in the right factors, in G2.
    pub fn b2(&self) -> Result<Vec<G2Affine>, FormatError> {
        read_points(&self.container.section(section::B2)?, self.header.wires.into())
    }

    /// One point for each wire that is neither the constant nor public.
    pub fn c(&self) -> Result<Vec<G1Affine>, FormatError> {
        self.points_g1(section::C, self.header.private_wires())
    }

    /// One point for each element of the domain: the quotient polynomial's values.
    pub fn h(&self) -> Result<Vec<G1Affine>, FormatError> {
        self.points_g1(section::H, self.header.domain)
    }

    pub(crate) fn stream_a(&self) -> Result<PointStream<'_, G1Affine, R>, FormatError> {
        PointStream::new(self.container.section(section::A)?, self.header.wires)
    }

    pub(crate) fn stream_b2(&self) -> Result<PointStream<'_, G2Affine, R>, FormatError> {
        PointStream::new(self.container.section(section::B2)?, self.header.wires)
    }

    pub(crate) fn stream_c(&self) -> Result<PointStream<'_, G1Affine, R>, FormatError> {
        PointStream::new(self.container.section(section::C)?, self.header.private_wires())
    }

    pub(crate) fn stream_h(&self) -> Result<PointStream<'_, G1Affine, R>, FormatError> {
        PointStream::new(self.container.section(section::H)?, self.header.domain)
    }

    /// How many entries the matrices have, without reading them.
    pub fn coefficient_count(&self) -> Result<u32, FormatError> {
        let section = self.container.section(section::COEFFICIENTS)?;
        let count = section.cursor().u32()?;
        section.expect_len(4 + u64::from(count) * COEFFICIENT)?;
        Ok(count)
    }

    /// The matrices.
    pub fn coefficients(&self) -> Result<Coefficients, FormatError> {
        let count = self.coefficient_count()?;
        let section = self.container.section(section::COEFFICIENTS)?;
        let mut cursor = section.cursor();
        cursor.u32()?;
        let mut values = Vec::new();
        let mut known = HashMap::new();
        let mut entries = [Vec::new(), Vec::new()];
        // The file holds values times R², that is the Montgomery form of values times R.
        let excess = montgomery_factor().inverse().unwrap_or_default();
        for index in 0..count {
            let wrong = |what| section.wrong_value(index.into(), what);
            let (matrix, row, wire) = (cursor.u32()?, cursor.u32()?, cursor.u32()?);
            let bytes = cursor.bytes()?;
            if row >= self.header.domain || wire >= self.header.wires {
                return Err(wrong("names a row or a wire that the header does not count"));
            }
            let coefficient = match known.get(&bytes) {
                Some(&known) => known,
                None => {
                    let value = scalar_from_montgomery(&bytes)
                        .ok_or_else(|| wrong("a coefficient is not below the field's order"))?;
                    values.push(value * excess);
                    let new = (values.len() - 1) as u32;
                    known.insert(bytes, new);
                    new
                }
            };
            let entries = entries
                .get_mut(matrix as usize)
                .ok_or_else(|| wrong("names a matrix other than A and B"))?;
            entries.push((row, Term { wire, coefficient }));
        }
        let rows = entries.iter().flatten().map(|&(row, _)| row + 1).max().unwrap_or(0);
        let [a, b] = entries.map(|entries| Rows::from_entries(rows, entries));
        let visible = self.header.publics + 1;
        let constraints = rows.saturating_sub(visible);
        let binds = |wire: u32| match a.row((constraints + wire) as usize) {
            [term] => term.wire == wire && values.get(term.coefficient as usize) == Some(&Fr::ONE),
            _ => false,
        };
        if rows < visible || !(0..visible).all(binds) {
            return Err(section.wrong_value(u64::from(count), "the last rows do not bind the public values"));
        }
        if u64::from(rows).next_power_of_two() != u64::from(self.header.domain) {
            return Err(section.wrong_value(u64::from(count), "the number of rows does not fit the domain's size"));
        }
        Ok(Coefficients {
            constraints,
            a,
            b,
            values,
        })
    }

    /// The points for the constant and the public values, read a range at a time.
    pub(crate) fn list_ic(&self) -> Result<PointList<'_, G1Affine, R>, FormatError> {
        PointList::whole(self.container.section(section::IC)?, self.header.publics as usize + 1)
    }

    /// [`Self::a`], read a range at a time.
    pub(crate) fn list_a(&self) -> Result<PointList<'_, G1Affine, R>, FormatError> {
        PointList::whole(self.container.section(section::A)?, self.header.wires as usize)
    }

    /// [`Self::b1`], read a range at a time.
    pub(crate) fn list_b1(&self) -> Result<PointList<'_, G1Affine, R>, FormatError> {
        PointList::whole(self.container.section(section::B1)?, self.header.wires as usize)
    }

    /// [`Self::b2`], read a range at a time.
    pub(crate) fn list_b2(&self) -> Result<PointList<'_, G2Affine, R>, FormatError> {
        PointList::whole(self.container.section(section::B2)?, self.header.wires as usize)
    }

    /// [`Self::c`], read a range at a time.
    pub(crate) fn list_c(&self) -> Result<PointList<'_, G1Affine, R>, FormatError> {
        let count = self.header.private_wires() as usize;
        PointList::whole(self.container.section(section::C)?, count)
    }

    /// [`Self::h`], read a range at a time.
    pub(crate) fn list_h(&self) -> Result<PointList<'_, G1Affine, R>, FormatError> {
        PointList::whole(self.container.section(section::H)?, self.header.domain as usize)
    }

    /// Compares the matrices with those of a constraint system, entry by entry in the order in
    /// which they are written; gives the first that differs.
    pub(crate) fn first_other_coefficient(&self, r1cs: &R1cs) -> Result<Option<u32>, FormatError> {
        let section = self.container.section(section::COEFFICIENTS)?;
        let mut cursor = section.cursor();
        let found = cursor.u32()?;
        section.expect_len(4 + u64::from(found) * COEFFICIENT)?;
        let mut entries = 0;
        for expected in r1cs.key_entries() {
            if entries == found || cursor.bytes()? != expected {
                return Ok(Some(entries));
            }
            entries += 1;
        }
        Ok((entries != found).then_some(entries))
    }

    /// Who contributed to the key.
    pub fn ceremony(&self) -> Result<Ceremony, FormatError> {
        Ceremony::read(&self.container.section(section::CONTRIBUTIONS)?)
    }

    /// How many parties took part in the ceremony; none for a key that one party made.
    pub fn contributions(&self) -> Result<u32, FormatError> {
        /// The hash of the circuit stands first.
        const HASH: u64 = 64;
        let mut count = [0; 4];
        self.container
            .section(section::CONTRIBUTIONS)?
            .read_at(&mut count, HASH)?;
        Ok(u32::from_le_bytes(count))
    }

    fn points_g1(&self, id: u32, count: u32) -> Result<Vec<G1Affine>, FormatError> {
        read_points(&self.container.section(id)?, count.into())
    }
}
