//! Writes a zkey's sections in snarkjs's order.

use std::io::{self, Write};
use std::path::Path;

use ark_bn254::Fr;

use super::points::FilePoint;
use super::{FORMAT, GROTH16, ZKeyHeader, section};
use crate::formats::FormatError;
use crate::formats::fields::{ELEMENT, base_modulus, montgomery_factor, scalar_modulus, scalar_to_montgomery};
use crate::formats::r1cs::R1cs;
use crate::formats::writer::ContainerWriter;

/// A zkey that is being written. The sections are to be given in ascending order.
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
        self.file.section(section, |out| {
            for piece in pieces {
                piece.iter().try_for_each(|point| point.to_file(out))?;
            }
            Ok(())
        })
    }

    /// Writes the matrices A and B, then the rows that bind the public values.
    pub(crate) fn coefficients(&mut self, r1cs: &R1cs) -> Result<(), FormatError> {
        let publics = r1cs.shape.publics();
        let count = r1cs.a.nonzeros() + r1cs.b.nonzeros() + publics as usize + 1;
        let factor = montgomery_factor();
        let stored: Vec<[u8; ELEMENT]> = r1cs
            .coefficients
            .iter()
            .map(|value| scalar_to_montgomery(&(*value * factor)))
            .collect();
        let entry = |out: &mut dyn Write, matrix: u32, row: u32, wire: u32, value: &[u8; ELEMENT]| {
            for number in [matrix, row, wire] {
                out.write_all(&number.to_le_bytes())?;
            }
            out.write_all(value)
        };
        self.file.section(section::COEFFICIENTS, |out| {
            out.write_all(&u32::try_from(count).map_err(io::Error::other)?.to_le_bytes())?;
            for (row, (a, b)) in (0..).zip(r1cs.a.iter().zip(r1cs.b.iter())) {
                for (matrix, terms) in [(0, a), (1, b)] {
                    for term in terms {
                        let value = stored.get(term.coefficient as usize);
                        let value = value.ok_or(io::ErrorKind::InvalidData)?;
                        entry(out, matrix, row, term.wire, value)?;
                    }
                }
            }
            let one = scalar_to_montgomery(&(Fr::from(1) * factor));
            (0..=publics).try_for_each(|wire| entry(out, 0, r1cs.shape.constraints + wire, wire, &one))
        })
    }

    /// Writes the last section, which names no contribution, and puts the file in its place.
    pub(crate) fn finish(mut self) -> Result<(), FormatError> {
        self.file.section(section::CONTRIBUTIONS, |out| {
            out.write_all(&[0; 64])?; // the hash of the ceremony's circuit; there was no ceremony
            out.write_all(&0u32.to_le_bytes())
        })?;
        self.file.finish()
    }
}
