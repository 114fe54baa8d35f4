//! Writes a zkey's sections.

use std::io;
use std::path::Path;

use ark_bn254::Fr;

use super::{COEFFICIENT, FORMAT, GROTH16, ZKeyHeader, section};
use crate::formats::FormatError;
use crate::formats::fields::{ELEMENT, base_modulus, montgomery_factor, scalar_modulus, scalar_to_montgomery};
use crate::formats::points::FilePoint;
use crate::formats::r1cs::R1cs;
use crate::formats::writer::ContainerWriter;

/// A zkey that is being written. The sections may come in any order, each once.
pub(crate) struct ZKeyWriter {
    file: ContainerWriter,
}

impl ZKeyWriter {
    /// Starts the file with its two first sections.
    pub(crate) fn create(path: &Path, header: &ZKeyHeader) -> Result<Self, FormatError> {
        let mut file = ContainerWriter::create(path, FORMAT, 10)?;
        file.section(section::PROTOCOL, |out| out.write_all(&GROTH16.to_le_bytes()))?;
        file.section(section::HEADER, |out| {
            for modulus in [base_modulus(), scalar_modulus()] {
                out.write_all(&(ELEMENT as u32).to_le_bytes())?;
                out.write_all(&modulus)?;
            }
            for count in [header.wires, header.publics, header.domain] {
                out.write_all(&count.to_le_bytes())?;
            }
            header.alpha1.to_file(out)?;
            header.beta1.to_file(out)?;
            header.beta2.to_file(out)?;
            header.gamma2.to_file(out)?;
            header.delta1.to_file(out)?;
            header.delta2.to_file(out)
        })?;
        Ok(Self { file })
    }

    /// Writes a section of points, which arrive in pieces.
    pub(crate) fn points<P: FilePoint>(
        &mut self,
        section: u32,
        pieces: impl Iterator<Item = Vec<P>>,
    ) -> Result<(), FormatError> {
        self.points_fallible(section, pieces.map(Ok))
    }

    /// Writes a section of points, which arrive in pieces from another file.
    pub(crate) fn points_fallible<P: FilePoint>(
        &mut self,
        section: u32,
        pieces: impl Iterator<Item = Result<Vec<P>, FormatError>>,
    ) -> Result<(), FormatError> {
        let mut unread = None;
        let written = self.file.section(section, |out| {
            for piece in pieces {
                let piece = piece.map_err(|error| {
                    unread = Some(error);
                    io::ErrorKind::InvalidData
                })?;
                piece.iter().try_for_each(|point| point.to_file(out))?;
            }
            Ok(())
        });
        unread.map_or(written, Err)
    }

    /// Writes the matrices A and B, then the rows that bind the public values.
    pub(crate) fn coefficients(&mut self, r1cs: &R1cs) -> Result<(), FormatError> {
        let count = r1cs.a.nonzeros() + r1cs.b.nonzeros() + r1cs.shape.publics() as usize + 1;
        self.file.section(section::COEFFICIENTS, |out| {
            out.write_all(&u32::try_from(count).map_err(io::Error::other)?.to_le_bytes())?;
            r1cs.key_entries().try_for_each(|entry| out.write_all(&entry))
        })
    }

    /// Writes the last section of a key that nobody contributed to, and puts the file in its place.
    /// `circuit_hash` is where a ceremony would begin; all zeros where there will be none.
    pub(crate) fn finish(mut self, circuit_hash: &[u8; 64]) -> Result<(), FormatError> {
        self.file.section(section::CONTRIBUTIONS, |out| {
            out.write_all(circuit_hash)?;
            out.write_all(&0u32.to_le_bytes())
        })?;
        self.file.finish()
    }
}

impl R1cs {
    /// The entries of A and B row by row, then those that bind the public values, as bytes of a
    /// zkey: matrix, row, wire, value times R² for Montgomery's R.
    pub(crate) fn key_entries(&self) -> impl Iterator<Item = [u8; COEFFICIENT as usize]> + '_ {
        let factor = montgomery_factor();
        let stored = move |value: &Fr| scalar_to_montgomery(&(*value * factor));
        let values: Vec<[u8; ELEMENT]> = self.coefficients.iter().map(stored).collect();
        let rows = (0..).zip(self.a.iter().zip(self.b.iter()));
        let entries = rows.flat_map(|(row, (a, b))| {
            let a = a.iter().map(move |term| (0, row, *term));
            a.chain(b.iter().map(move |term| (1, row, *term)))
        });
        let entries = entries.map(move |(matrix, row, term)| {
            let value = values.get(term.coefficient as usize).copied().unwrap_or_default();
            entry(matrix, row, term.wire, &value)
        });
        let (one, constraints) = (stored(&Fr::from(1)), self.shape.constraints);
        entries.chain((0..=self.shape.publics()).map(move |wire| entry(0, constraints + wire, wire, &one)))
    }
}

fn entry(matrix: u32, row: u32, wire: u32, value: &[u8; ELEMENT]) -> [u8; COEFFICIENT as usize] {
    let mut bytes = [0; COEFFICIENT as usize];
    let (numbers, last) = bytes.split_at_mut(COEFFICIENT as usize - ELEMENT);
    for (place, number) in numbers.as_chunks_mut::<4>().0.iter_mut().zip([matrix, row, wire]) {
        *place = number.to_le_bytes();
    }
    last.copy_from_slice(value);
    bytes
}
