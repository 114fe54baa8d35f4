//! A witness file: every wire's value, in the order of the wires.

use std::path::Path;

use super::container::{Container, Format};
use super::fields::{ELEMENT, scalar_from_plain, scalar_modulus, scalar_to_plain};
use super::writer::ContainerWriter;
use super::{FileSource, FormatError, ReadAt};
use crate::witness::Witness;

const FORMAT: Format = Format {
    magic: *b"wtns",
    name: "wtns",
    version: 2,
    sections: &["header", "values"],
};

impl Witness {
    /// Reads a witness file.
    pub fn read(path: &Path) -> Result<Self, FormatError> {
        Self::read_from(&FileSource::open(path)?, &path.display().to_string())
    }

    /// Reads from any source; `file` is its name in errors.
    pub fn read_from(source: &impl ReadAt, file: &str) -> Result<Self, FormatError> {
        let container = Container::open(source, file, FORMAT)?;
        let header = container.section(1)?;
        let mut cursor = header.cursor();
        if cursor.u32()? as usize != ELEMENT || cursor.bytes::<ELEMENT>()? != scalar_modulus() {
            return Err(header.wrong_field("the scalar field of BN254"));
        }
        let count = cursor.u32()?;
        cursor.finish()?;
        let section = container.section(2)?;
        section.expect_len(u64::from(count) * ELEMENT as u64)?;
        let mut cursor = section.cursor();
        let mut values = Vec::with_capacity(count as usize);
        for index in 0..count {
            let value = scalar_from_plain(&cursor.bytes()?)
                .ok_or_else(|| section.wrong_value(index.into(), "not below the field's order"))?;
            values.push(value);
        }
        Ok(Self::new(values))
    }

    /// Writes a witness file that only its owner can read: a witness holds secrets.
    pub fn write(&self, path: &Path) -> Result<(), FormatError> {
        let mut file = ContainerWriter::create(path, FORMAT, 2)?;
        file.section(1, |out| {
            out.write_all(&(ELEMENT as u32).to_le_bytes())?;
            out.write_all(&scalar_modulus())?;
            out.write_all(&(self.values().len() as u32).to_le_bytes())
        })?;
        file.section(2, |out| {
            self.values()
                .iter()
                .try_for_each(|value| out.write_all(&scalar_to_plain(value)))
        })?;
        file.finish_private()
    }
}
