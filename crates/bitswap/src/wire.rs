use bytes::Bytes;

/// The longest number, in bytes.
const LONGEST: usize = 10;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number, or a word for one.
    Number(u64),
    /// Bytes: a text, a message within the message, or just bytes.
    Bytes(Bytes),
    /// Something that no field of ours is.
    Other,
}

/// Bytes that are no protocol buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it ends within a field, or has one of a kind that there is not")]
pub(crate) struct Torn;

/// The fields of a protocol buffer, one after the other. Nothing is copied, and nothing is kept of what was read.
#[derive(Debug, Clone)]
pub(crate) struct Fields(Bytes);

impl Fields {
    pub(crate) fn of(bytes: Bytes) -> Self {
        Self(bytes)
    }

    fn number(&mut self) -> Result<u64, Torn> {
        let (number, rest) = unsigned_varint::decode::u64(&self.0).map_err(|_| Torn)?;
        let read = self.0.len() - rest.len();
        let _ = self.0.split_to(read);
        Ok(number)
    }

    fn bytes(&mut self, length: u64) -> Result<Bytes, Torn> {
        let length = usize::try_from(length).map_err(|_| Torn)?;
        if length > self.0.len() {
            return Err(Torn);
        }
        Ok(self.0.split_to(length))
    }

    fn field(&mut self) -> Result<(u64, Value), Torn> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Other)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.bytes(4).map(|_| Value::Other)?,
            _ => return Err(Torn),
        };
        Ok((key >> 3, value))
    }
}

impl Iterator for Fields {
    type Item = Result<(u64, Value), Torn>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            // what follows cannot be told apart
            self.0.clear();
        }
        Some(field)
    }
}

/// Numbers one after the other, as the head of a block has them.
pub(crate) fn numbers(bytes: &Bytes) -> Result<Vec<u64>, Torn> {
    let mut fields = Fields(bytes.clone());
    let mut numbers = Vec::new();
    while !fields.0.is_empty() && numbers.len() < LONGEST {
        numbers.push(fields.number()?);
    }
    Ok(numbers)
}

/// Writes a number.
pub(crate) fn put_number(out: &mut Vec<u8>, number: u64) {
    let mut buffer = unsigned_varint::encode::u64_buffer();
    out.extend_from_slice(unsigned_varint::encode::u64(number, &mut buffer));
}

/// Writes a field that is a number; nothing if it is what an absent field means.
pub(crate) fn put_field(out: &mut Vec<u8>, field: u64, number: u64) {
    if number != 0 {
        put_number(out, field << 3);
        put_number(out, number);
    }
}

/// Writes a field of bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_number(out, (field << 3) | 2);
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, Value)>, Torn> {
        Fields::of(Bytes::copy_from_slice(bytes)).collect()
    }

    #[test]
    fn fields_read_back_as_written() {
        let mut out = Vec::new();
        put_field(&mut out, 2, 300);
        put_field(&mut out, 3, 0);
        put_bytes(&mut out, 15, b"abc");
        put_bytes(&mut out, 16, b"");
        let expected = vec![
            (2, Value::Number(300)),
            (15, Value::Bytes(Bytes::from_static(b"abc"))),
            (16, Value::Bytes(Bytes::new())),
        ];
        assert_eq!(read(&out), Ok(expected));
    }

    #[test]
    fn fields_of_other_kinds_are_passed_over() {
        assert_eq!(
            read(&[0x0d, 1, 2, 3, 4, 0x10, 7]),
            Ok(vec![(1, Value::Other), (2, Value::Number(7))])
        );
    }

    #[test]
    fn torn_bytes_are_refused() {
        for bytes in [
            &[0x0a, 5, 1][..],
            &[0x08],
            &[0x0b],
            &[0xff; 11],
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
        ] {
            assert_eq!(read(bytes), Err(Torn), "{bytes:?}");
        }
    }
}
