//! Reads an r1cs file. Every length is checked before anything of that length is allocated.

use std::collections::HashMap;
use std::path::Path;

use ark_bn254::Fr;

use super::{FORMAT, R1cs, Rows, Shape, Term};
use crate::formats::container::{Container, Cursor, Section};
use crate::formats::fields::{ELEMENT, scalar_from_plain, scalar_modulus};
use crate::formats::{FileSource, FormatError, ReadAt};

/// The smallest row: three term counts.
const SMALLEST_ROW: u64 = 3 * 4;

impl R1cs {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, FormatError> {
        Self::read_from(&FileSource::open(path)?, &path.display().to_string())
    }

    /// Reads from any source; `file` is its name in errors.
    pub fn read_from(source: &impl ReadAt, file: &str) -> Result<Self, FormatError> {
        let container = Container::open(source, file, FORMAT)?;
        let shape = read_shape(&container.section(1)?)?;
        let labels = read_labels(&container.section(3)?, &shape)?;
        let section = container.section(2)?;
        if u64::from(shape.constraints).saturating_mul(SMALLEST_ROW) > section.byte_len() {
            section.expect_len(u64::from(shape.constraints) * SMALLEST_ROW)?;
        }
        let mut rows = RowReader {
            cursor: section.cursor(),
            section: &section,
            wires: shape.wires,
            known: HashMap::new(),
            coefficients: Vec::new(),
        };
        let (mut a, mut b, mut c) = (Rows::default(), Rows::default(), Rows::default());
        for row in 0..shape.constraints {
            rows.read_into(&mut a, row)?;
            rows.read_into(&mut b, row)?;
            rows.read_into(&mut c, row)?;
        }
        rows.cursor.finish()?;
        Ok(Self {
            shape,
            a,
            b,
            c,
            coefficients: rows.coefficients,
            labels,
        })
    }

    /// Reads only the header of a file.
    pub fn read_shape(path: &Path) -> Result<Shape, FormatError> {
        let source = FileSource::open(path)?;
        let file = path.display().to_string();
        read_shape(&Container::open(&source, &file, FORMAT)?.section(1)?)
    }
}

fn read_shape<R: ReadAt>(section: &Section<'_, R>) -> Result<Shape, FormatError> {
    const SCALARS: &str = "the scalar field of BN254";
    let mut cursor = section.cursor();
    if cursor.u32()? as usize != ELEMENT || cursor.bytes::<ELEMENT>()? != scalar_modulus() {
        return Err(section.wrong_field(SCALARS));
    }
    let shape = Shape {
        wires: cursor.u32()?,
        public_outputs: cursor.u32()?,
        public_inputs: cursor.u32()?,
        private_inputs: cursor.u32()?,
        labels: cursor.u64()?,
        constraints: cursor.u32()?,
    };
    cursor.finish()?;
    let named = 1 + u64::from(shape.public_outputs) + u64::from(shape.public_inputs) + u64::from(shape.private_inputs);
    if named > u64::from(shape.wires) {
        return Err(section.wrong_value(0, "more inputs and outputs than wires"));
    }
    Ok(shape)
}

fn read_labels<R: ReadAt>(section: &Section<'_, R>, shape: &Shape) -> Result<Vec<u64>, FormatError> {
    section.expect_len(u64::from(shape.wires) * 8)?;
    let mut cursor = section.cursor();
    (0..shape.wires).map(|_| cursor.u64()).collect()
}

struct RowReader<'s, 'a, R> {
    cursor: Cursor<'s, 'a, R>,
    section: &'s Section<'a, R>,
    wires: u32,
    known: HashMap<[u8; ELEMENT], u32>,
    coefficients: Vec<Fr>,
}

impl<R: ReadAt> RowReader<'_, '_, R> {
    fn read_into(&mut self, rows: &mut Rows, row: u32) -> Result<(), FormatError> {
        let wrong = |what| self.section.wrong_value(row.into(), what);
        let terms = self.cursor.u32()?;
        for _ in 0..terms {
            let wire = self.cursor.u32()?;
            if wire >= self.wires {
                return Err(wrong("names a wire that the header does not count"));
            }
            let bytes = self.cursor.bytes::<ELEMENT>()?;
            let coefficient = match self.known.get(&bytes) {
                Some(&known) => known,
                None => {
                    let value = scalar_from_plain(&bytes)
                        .ok_or_else(|| wrong("a coefficient is not below the field's order"))?;
                    let new = self.coefficients.len() as u32;
                    self.coefficients.push(value);
                    self.known.insert(bytes, new);
                    new
                }
            };
            rows.push_term(Term { wire, coefficient });
        }
        rows.end_row();
        Ok(())
    }
}
