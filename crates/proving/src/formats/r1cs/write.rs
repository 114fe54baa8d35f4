//! Writes an r1cs file.

use std::io::{self, Write};
use std::path::Path;

use super::{FORMAT, R1cs, Term};
use crate::formats::FormatError;
use crate::formats::fields::{ELEMENT, scalar_modulus, scalar_to_plain};
use crate::formats::writer::ContainerWriter;

impl R1cs {
    /// Writes the file; it appears under its name when it is complete.
    pub fn write(&self, path: &Path) -> Result<(), FormatError> {
        let shape = &self.shape;
        let mut file = ContainerWriter::create(path, FORMAT, 3)?;
        file.section(1, |out| {
            out.write_all(&(ELEMENT as u32).to_le_bytes())?;
            out.write_all(&scalar_modulus())?;
            for count in [
                shape.wires,
                shape.public_outputs,
                shape.public_inputs,
                shape.private_inputs,
            ] {
                out.write_all(&count.to_le_bytes())?;
            }
            out.write_all(&shape.labels.to_le_bytes())?;
            out.write_all(&shape.constraints.to_le_bytes())
        })?;
        file.section(2, |out| {
            for ((a, b), c) in self.a.iter().zip(self.b.iter()).zip(self.c.iter()) {
                self.write_row(out, a)?;
                self.write_row(out, b)?;
                self.write_row(out, c)?;
            }
            Ok(())
        })?;
        file.section(3, |out| {
            self.labels
                .iter()
                .try_for_each(|label| out.write_all(&label.to_le_bytes()))
        })?;
        file.finish()
    }

    fn write_row(&self, out: &mut dyn Write, row: &[Term]) -> io::Result<()> {
        out.write_all(&(row.len() as u32).to_le_bytes())?;
        for term in row {
            let coefficient = self.coefficients.get(term.coefficient as usize);
            let coefficient = coefficient.ok_or(io::ErrorKind::InvalidData)?;
            out.write_all(&term.wire.to_le_bytes())?;
            out.write_all(&scalar_to_plain(coefficient))?;
        }
        Ok(())
    }
}
