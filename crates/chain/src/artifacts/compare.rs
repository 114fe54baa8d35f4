use std::collections::BTreeMap;

use maci_protocol::ids::EthAddress;

use super::Artifact;

/// `PUSH1`, the first of the instructions that carry data.
const PUSH1: u8 = 0x60;
/// `PUSH20`, which a library's code begins with: its own address follows.
const PUSH20: u8 = 0x73;
/// `PUSH32`, which an immutable value follows.
const PUSH32: u8 = 0x7f;

/// Why code is not an artifact's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeMismatch {
    /// There is none.
    #[error("there is no contract at that address")]
    NoCode,
    /// It is of another length.
    #[error("its code has {found} bytes where the artifact {artifact} has {expected}")]
    Length {
        /// The artifact.
        artifact: String,
        /// The artifact's.
        expected: usize,
        /// The chain's.
        found: usize,
    },
    /// A byte differs that neither linking nor construction may change.
    #[error("its code differs from the artifact {artifact} at byte {byte}")]
    Byte {
        /// The artifact.
        artifact: String,
        /// The first that differs.
        byte: usize,
    },
    /// Only the hash of the metadata differs, which the compiler adds: the same instructions from another source text.
    #[error(
        "its code differs from the artifact {artifact} in the metadata only: it was compiled from another source text"
    )]
    Metadata {
        /// The artifact.
        artifact: String,
    },
    /// One library is linked at two addresses, or an immutable value is written in two ways.
    #[error("its code contradicts itself about {what}")]
    Contradiction {
        /// About what.
        what: String,
    },
}

/// What code has in the places that an artifact leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings {
    /// Libraries, by `source:name`.
    pub libraries: BTreeMap<String, EthAddress>,
    /// Immutable values, each once.
    pub immutables: Vec<[u8; 32]>,
}

impl Artifact {
    /// Compares the code found at an address with the artifact's, but for the places that linking and construction
    /// fill, and says what is in those.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&self, code: &[u8], at: EthAddress) -> Result<Openings, CodeMismatch> {
        let artifact = || self.id().to_owned();
        if code.is_empty() {
            return Err(CodeMismatch::NoCode);
        }
        let ours = self.deployed_code();
        if code.len() != ours.len() {
            return Err(CodeMismatch::Length {
                artifact: artifact(),
                expected: ours.len(),
                found: code.len(),
            });
        }
        let mut openings = Openings::default();
        let mut expected = ours.to_vec();
        for (library, start) in self.deployed_gaps() {
            let (Some(found), Some(place)) = (code.get(start..start + 20), expected.get_mut(start..start + 20)) else {
                continue;
            };
            place.copy_from_slice(found);
            let address = EthAddress(found.try_into().unwrap_or_default());
            let before = openings.libraries.insert(library.to_owned(), address);
            if before.is_some_and(|before| before != address) {
                return Err(CodeMismatch::Contradiction {
                    what: library.to_owned(),
                });
            }
        }
        if let [PUSH20, own @ ..] = expected.as_mut_slice()
            && let Some(own) = own.get_mut(..20)
            && own.iter().all(|byte| *byte == 0)
        {
            own.copy_from_slice(&at.0);
        }
        for start in immutable_places(ours) {
            let (Some(found), Some(place)) = (code.get(start..start + 32), expected.get_mut(start..start + 32)) else {
                continue;
            };
            place.copy_from_slice(found);
            let word: [u8; 32] = found.try_into().unwrap_or_default();
            if !openings.immutables.contains(&word) {
                openings.immutables.push(word);
            }
        }
        let instructions = expected.len().saturating_sub(metadata_length(&expected));
        match expected.iter().zip(code).position(|(ours, theirs)| ours != theirs) {
            None => Ok(openings),
            Some(byte) if byte >= instructions => Err(CodeMismatch::Metadata { artifact: artifact() }),
            Some(byte) => Err(CodeMismatch::Byte {
                artifact: artifact(),
                byte,
            }),
        }
    }
}

/// Where code has room for immutable values: 32 zeros behind a `PUSH32`, which the compiler writes for nothing else.
fn immutable_places(code: &[u8]) -> Vec<usize> {
    let (mut places, mut at) = (Vec::new(), 0);
    while let Some(instruction) = code.get(at) {
        at += 1;
        if (PUSH1..=PUSH32).contains(instruction) {
            let length = usize::from(instruction - PUSH1) + 1;
            let data = code.get(at..at + length);
            if *instruction == PUSH32 && data.is_some_and(|data| data.iter().all(|byte| *byte == 0)) {
                places.push(at);
            }
            at += length;
        }
    }
    places
}

/// How many bytes of metadata stand at the end: a map in CBOR, and its length in the last two bytes, which do not count
/// themselves. Code that was not compiled has none.
fn metadata_length(code: &[u8]) -> usize {
    let [.., high, low] = code else {
        return 0;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let start = code.len().checked_sub(length.saturating_add(2));
    let begins_a_map = |byte: &u8| (0xa1..=0xb7).contains(byte);
    if start.and_then(|start| code.get(start)).is_some_and(begins_a_map) {
        length.saturating_add(2)
    } else {
        0
    }
}
