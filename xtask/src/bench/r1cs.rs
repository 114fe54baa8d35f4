//! How many constraints an r1cs file has: its header, nothing more.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use anyhow::{Context, Result, bail};

const HEADER: u32 = 1;

/// Reads the number of constraints.
pub(crate) fn constraints(path: &Path) -> Result<u64> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    read(&mut BufReader::new(file)).with_context(|| format!("{} is not an r1cs file", path.display()))
}

fn read(file: &mut (impl Read + Seek)) -> Result<u64> {
    let mut magic = [0; 4];
    file.read_exact(&mut magic)?;
    if &magic != b"r1cs" {
        bail!("it does not start with `r1cs`");
    }
    let _version = u32_of(file)?;
    let sections = u32_of(file)?;
    for _ in 0..sections {
        let kind = u32_of(file)?;
        let size = u64_of(file)?;
        if kind == HEADER {
            let field_bytes = u32_of(file)?;
            // The prime; then wires, public outputs, public and private inputs (32 bits each); then labels (64 bits).
            file.seek(SeekFrom::Current(i64::from(field_bytes) + 4 * 4 + 8))?;
            return u32_of(file).map(u64::from);
        }
        file.seek(SeekFrom::Current(i64::try_from(size)?))?;
    }
    bail!("it has no header")
}

fn u32_of(file: &mut impl Read) -> Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn u64_of(file: &mut impl Read) -> Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::read;

    #[test]
    fn the_header_is_found_behind_other_sections() {
        let mut file = b"r1cs".to_vec();
        file.extend([1_u32, 2].into_iter().flat_map(u32::to_le_bytes));
        file.extend(2_u32.to_le_bytes());
        file.extend(3_u64.to_le_bytes());
        file.extend([0; 3]);
        file.extend(1_u32.to_le_bytes());
        file.extend(64_u64.to_le_bytes());
        file.extend(32_u32.to_le_bytes());
        file.extend([0; 32 + 16 + 8]);
        file.extend(522_493_u32.to_le_bytes());
        assert_eq!(read(&mut Cursor::new(file)).unwrap(), 522_493);
        assert!(read(&mut Cursor::new(b"zkey")).is_err());
    }
}
