//! The last section: which circuit a ceremony was about, and what each party added.

use ark_bn254::{G1Affine, G2Affine};

use crate::formats::container::{Cursor, Section};
use crate::formats::points::FilePoint;
use crate::formats::{FormatError, ReadAt};

/// The smallest contribution: four points, a hash, a kind and the length of the notes.
const SMALLEST: u64 = 3 * 64 + 128 + 64 + 2 * 4;

/// A ceremony's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// BLAKE2b-512 of the key before anybody contributed; all zeros for keys made without one.
    pub circuit_hash: [u8; 64],
    /// What was added, in order.
    pub contributions: Vec<Contribution>,
}

/// What one party added: a secret factor of δ, with the proof that the party knew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// δ in G1 with this party's factor and all before it.
    pub delta: G1Affine,
    /// A point the party chose.
    pub base: G1Affine,
    /// The same times the secret.
    pub base_times_secret: G1Affine,
    /// The point of G2 that the transcript gives, times the secret.
    pub challenge_times_secret: G2Affine,
    /// BLAKE2b-512 of everything before this party's proof.
    pub transcript: [u8; 64],
    /// The party's name, as it gave it.
    pub name: Option<String>,
    /// Where the secret came from if it was public randomness.
    pub beacon: Option<Beacon>,
}

/// Public randomness that nobody could foresee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beacon {
    /// What everybody could read, such as a block's hash.
    pub value: Vec<u8>,
    /// It was hashed two to this power times.
    pub iterations_exponent: u8,
}

impl Ceremony {
    pub(super) fn read<R: ReadAt>(section: &Section<'_, R>) -> Result<Self, FormatError> {
        let mut reader = Reader {
            section,
            cursor: section.cursor(),
            index: 0,
        };
        let circuit_hash = reader.cursor.bytes()?;
        let count = reader.cursor.u32()?;
        if u64::from(count).saturating_mul(SMALLEST) > reader.cursor.left() {
            return Err(section.wrong_value(0, "the section is too short for the contributions it counts"));
        }
        let mut contributions = Vec::with_capacity(count as usize);
        for index in 0..count {
            reader.index = index.into();
            contributions.push(reader.contribution()?);
        }
        reader.cursor.finish()?;
        Ok(Self {
            circuit_hash,
            contributions,
        })
    }
}

struct Reader<'s, 'a, R> {
    section: &'s Section<'a, R>,
    cursor: Cursor<'s, 'a, R>,
    index: u64,
}

impl<R: ReadAt> Reader<'_, '_, R> {
    fn contribution(&mut self) -> Result<Contribution, FormatError> {
        let [delta, base, base_times_secret] = [self.point::<64, _>()?, self.point::<64, _>()?, self.point::<64, _>()?];
        let challenge_times_secret = self.point::<128, _>()?;
        let transcript = self.cursor.bytes()?;
        let kind = self.cursor.u32()?;
        let notes = self.notes()?;
        let beacon = match (kind, notes.beacon, notes.iterations_exponent) {
            (0, ..) => None,
            (1, Some(value), Some(iterations_exponent)) => Some(Beacon {
                value,
                iterations_exponent,
            }),
            (1, ..) => return Err(self.wrong("a beacon without its value")),
            _ => return Err(self.wrong("neither a party's contribution nor a beacon")),
        };
        Ok(Contribution {
            delta,
            base,
            base_times_secret,
            challenge_times_secret,
            transcript,
            name: notes.name,
            beacon,
        })
    }

    /// Numbered notes in ascending order, as many bytes as their length says.
    fn notes(&mut self) -> Result<Notes, FormatError> {
        let length = u64::from(self.cursor.u32()?);
        let Some(end) = self.cursor.left().checked_sub(length) else {
            return Err(self.wrong("notes that are longer than the section"));
        };
        let (mut notes, mut last) = (Notes::default(), 0);
        while self.cursor.left() > end {
            let [number] = self.cursor.bytes()?;
            if number <= last {
                return Err(self.wrong("notes out of order"));
            }
            last = number;
            match number {
                1 => notes.name = Some(String::from_utf8_lossy(&self.text()?).into_owned()),
                2 => notes.iterations_exponent = Some(self.cursor.bytes::<1>()?[0]),
                3 => notes.beacon = Some(self.text()?),
                _ => return Err(self.wrong("a note of an unknown kind")),
            }
        }
        if self.cursor.left() != end {
            return Err(self.wrong("notes of another length than stated"));
        }
        Ok(notes)
    }

    fn text(&mut self) -> Result<Vec<u8>, FormatError> {
        let [length] = self.cursor.bytes()?;
        (0..length)
            .map(|_| self.cursor.bytes::<1>().map(|[byte]| byte))
            .collect()
    }

    fn point<const N: usize, P: FilePoint>(&mut self) -> Result<P, FormatError> {
        let bytes = self.cursor.bytes::<N>()?;
        P::from_file(&bytes).map_err(|what| self.wrong(what))
    }

    fn wrong(&self, what: &'static str) -> FormatError {
        self.section.wrong_value(self.index, what)
    }
}

#[derive(Default)]
struct Notes {
    name: Option<String>,
    iterations_exponent: Option<u8>,
    beacon: Option<Vec<u8>>,
}
