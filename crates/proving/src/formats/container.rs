//! The container that r1cs, wtns and zkey files share: a four-letter name, a version, and numbered
//! sections with their lengths, all little-endian.

use super::{FormatError, ReadAt};

/// More sections than any known format has; a header that claims more is lying.
const MOST_SECTIONS: u32 = 64;
/// Bytes fetched at a time by a cursor.
const CHUNK: usize = 1 << 20;

/// One format of the family.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    /// The first four bytes.
    pub magic: [u8; 4],
    /// Its name in messages.
    pub name: &'static str,
    /// The only version that is read.
    pub version: u32,
    /// What the sections are called in messages, from section 1.
    pub sections: &'static [&'static str],
}

impl Format {
    fn section_name(&self, id: u32) -> String {
        let known = (id as usize).checked_sub(1).and_then(|i| self.sections.get(i));
        known.map_or_else(|| format!("section {id}"), |name| format!("section {id} ({name})"))
    }
}

/// The table of contents of one file.
#[derive(Debug)]
pub(crate) struct Container<R> {
    source: R,
    file: String,
    format: Format,
    sections: Vec<(u32, u64, u64)>,
}

impl<R: ReadAt> Container<R> {
    /// Reads the table of contents; `file` is the name used in messages.
    pub(crate) fn open(source: R, file: &str, format: Format) -> Result<Self, FormatError> {
        let total = source.byte_len();
        let io = |source| FormatError::Io {
            file: file.to_owned(),
            action: "read",
            source,
        };
        let mut magic = vec![0; total.min(4) as usize];
        source.read_exact_at(&mut magic, 0).map_err(io)?;
        if magic != format.magic {
            return Err(FormatError::NotThisFormat {
                file: file.to_owned(),
                expected: format.name,
                found: magic,
            });
        }
        let truncated = |section: String, expected| FormatError::Truncated {
            file: file.to_owned(),
            section,
            expected,
            found: total,
        };
        if total < 12 {
            return Err(truncated("the file's header".into(), 12));
        }
        let mut head = [0; 8];
        source.read_exact_at(&mut head, 4).map_err(io)?;
        let [v0, v1, v2, v3, n0, n1, n2, n3] = head;
        let version = u32::from_le_bytes([v0, v1, v2, v3]);
        if version != format.version {
            return Err(FormatError::Version {
                file: file.to_owned(),
                format: format.name,
                expected: format.version,
                found: version,
            });
        }
        let count = u32::from_le_bytes([n0, n1, n2, n3]);
        if count > MOST_SECTIONS {
            return Err(FormatError::Value {
                file: file.to_owned(),
                section: "the file's header".into(),
                index: 0,
                what: "states more sections than the format has",
            });
        }
        let mut sections = Vec::new();
        let mut at = 12u64;
        for number in 1..=count {
            let body = at.saturating_add(12);
            if body > total {
                return Err(truncated(format!("the heading of section {number} of {count}"), body));
            }
            let mut heading = [0; 12];
            source.read_exact_at(&mut heading, at).map_err(io)?;
            let [i0, i1, i2, i3, length @ ..] = heading;
            let id = u32::from_le_bytes([i0, i1, i2, i3]);
            let length = u64::from_le_bytes(length);
            let end = body.saturating_add(length);
            if end > total {
                return Err(truncated(format.section_name(id), end));
            }
            sections.push((id, body, length));
            at = end;
        }
        Ok(Self {
            source,
            file: file.to_owned(),
            format,
            sections,
        })
    }

    /// The name used in messages.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Whether there is a section with this number.
    pub(crate) fn has(&self, id: u32) -> bool {
        self.sections.iter().any(|(each, ..)| *each == id)
    }

    /// The only section with this number.
    pub(crate) fn section(&self, id: u32) -> Result<Section<'_, R>, FormatError> {
        let mut found = self.sections.iter().filter(|(each, ..)| *each == id);
        match (found.next(), found.count()) {
            (Some(&(_, offset, length)), 0) => Ok(Section {
                source: &self.source,
                file: &self.file,
                name: self.format.section_name(id),
                offset,
                length,
            }),
            (first, more) => Err(FormatError::Section {
                file: self.file.clone(),
                section: self.format.section_name(id),
                found: usize::from(first.is_some()) + more,
            }),
        }
    }
}

/// One section of a file.
pub(crate) struct Section<'a, R> {
    source: &'a R,
    file: &'a str,
    name: String,
    offset: u64,
    length: u64,
}

impl<R: ReadAt> Section<'_, R> {
    /// The section's length in bytes.
    pub(crate) fn byte_len(&self) -> u64 {
        self.length
    }

    /// Refuses the section unless it has exactly this many bytes.
    pub(crate) fn expect_len(&self, expected: u64) -> Result<(), FormatError> {
        if self.length == expected {
            return Ok(());
        }
        Err(FormatError::Length {
            file: self.file.to_owned(),
            section: self.name.clone(),
            expected,
            found: self.length,
        })
    }

    /// Says that an entry is wrong.
    pub(crate) fn wrong_value(&self, index: u64, what: &'static str) -> FormatError {
        FormatError::Value {
            file: self.file.to_owned(),
            section: self.name.clone(),
            index,
            what,
        }
    }

    /// Says that the section belongs to another field.
    pub(crate) fn wrong_field(&self, expected: &'static str) -> FormatError {
        FormatError::WrongField {
            file: self.file.to_owned(),
            section: self.name.clone(),
            expected,
        }
    }

    /// Fills `buffer` from byte `at` of the section.
    pub(crate) fn read_at(&self, buffer: &mut [u8], at: u64) -> Result<(), FormatError> {
        let end = at.saturating_add(buffer.len() as u64);
        if end > self.length {
            return Err(FormatError::Length {
                file: self.file.to_owned(),
                section: self.name.clone(),
                expected: end,
                found: self.length,
            });
        }
        self.read_beyond(buffer, at)
    }

    /// Fills `buffer` from byte `at` of the section, whether or not the section reaches that far.
    pub(crate) fn read_beyond(&self, buffer: &mut [u8], at: u64) -> Result<(), FormatError> {
        self.source
            .read_exact_at(buffer, self.offset.saturating_add(at))
            .map_err(|source| FormatError::Io {
                file: self.file.to_owned(),
                action: "read",
                source,
            })
    }

    /// Starts reading from the section's first byte.
    pub(crate) fn cursor(&self) -> Cursor<'_, '_, R> {
        Cursor {
            section: self,
            at: 0,
            chunk: Vec::new(),
            used: 0,
        }
    }
}

/// Reads a section from front to back, a megabyte at a time.
pub(crate) struct Cursor<'s, 'a, R> {
    section: &'s Section<'a, R>,
    at: u64,
    chunk: Vec<u8>,
    used: usize,
}

impl<R: ReadAt> Cursor<'_, '_, R> {
    /// How many bytes of the section are unread.
    pub(crate) fn left(&self) -> u64 {
        let buffered = self.chunk.len() - self.used;
        self.section.length - self.at + buffered as u64
    }

    /// The next `N` bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        if self.chunk.len() - self.used < N {
            self.refill(N)?;
        }
        let taken = self.chunk.get(self.used..).and_then(|rest| rest.first_chunk::<N>());
        self.used += N;
        taken.copied().ok_or_else(|| self.ended(0))
    }

    /// The next 32-bit number.
    pub(crate) fn u32(&mut self) -> Result<u32, FormatError> {
        Ok(u32::from_le_bytes(self.bytes()?))
    }

    /// The next 64-bit number.
    pub(crate) fn u64(&mut self) -> Result<u64, FormatError> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    /// Refuses bytes behind the last value.
    pub(crate) fn finish(&self) -> Result<(), FormatError> {
        self.section.expect_len(self.section.length - self.left())
    }

    fn refill(&mut self, wanted: usize) -> Result<(), FormatError> {
        if self.left() < wanted as u64 {
            return Err(self.ended(wanted as u64));
        }
        self.chunk.drain(..self.used);
        self.used = 0;
        let kept = self.chunk.len();
        let unread = self.section.length - self.at;
        let fetched = unread.min(CHUNK as u64) as usize;
        self.chunk.resize(kept + fetched, 0);
        let (_, fresh) = self.chunk.split_at_mut(kept);
        self.section.read_at(fresh, self.at)?;
        self.at += fetched as u64;
        Ok(())
    }

    fn ended(&self, wanted: u64) -> FormatError {
        FormatError::Length {
            file: self.section.file.to_owned(),
            section: self.section.name.clone(),
            expected: self.section.length - self.left() + wanted,
            found: self.section.length,
        }
    }
}
