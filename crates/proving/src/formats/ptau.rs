//! A powers-of-tau file of snarkjs: powers of a number τ that nobody knows, in both groups, made by
//! many parties for circuits of any kind.
//!
//! After `prepare phase2` the file also holds, for every domain of 2^k elements, the Lagrange bases
//! at τ: the sums that each row of a circuit contributes to its proving key.

use std::path::Path;

use ark_bn254::{G1Affine, G2Affine};

use super::container::{Container, Format};
use super::fields::{ELEMENT, base_modulus};
use super::{FileSource, FormatError, PointList};

const FORMAT: Format = Format {
    magic: *b"ptau",
    name: "powers of tau",
    version: 1,
    sections: &[
        "header",
        "powers of tau in G1",
        "powers of tau in G2",
        "powers of tau times alpha",
        "powers of tau times beta",
        "beta in G2",
        "contributions",
        "unused",
        "unused",
        "unused",
        "unused",
        "Lagrange bases in G1",
        "Lagrange bases in G2",
        "Lagrange bases times alpha",
        "Lagrange bases times beta",
    ],
};

/// The largest exponent of two that is read: the field has no larger domain.
const MOST_POWER: u32 = 28;

/// By what the powers in G1 are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Factor {
    /// Nothing.
    One,
    /// The secret α.
    Alpha,
    /// The secret β.
    Beta,
}

impl Factor {
    fn powers(self) -> u32 {
        match self {
            Self::One => 2,
            Self::Alpha => 4,
            Self::Beta => 5,
        }
    }

    fn bases(self) -> u32 {
        match self {
            Self::One => 12,
            Self::Alpha => 14,
            Self::Beta => 15,
        }
    }
}

/// An open file. Only its header has been read.
#[derive(Debug)]
pub struct PtauFile {
    container: Container<FileSource>,
    power: u32,
}

impl PtauFile {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        let file = path.display().to_string();
        let container = Container::open(FileSource::open(path)?, &file, FORMAT)?;
        let header = container.section(1)?;
        let mut cursor = header.cursor();
        if cursor.u32()? as usize != ELEMENT || cursor.bytes::<ELEMENT>()? != base_modulus() {
            return Err(header.wrong_field("the base field of BN254"));
        }
        let power = cursor.u32()?;
        cursor.u32()?; // the power of the ceremony that this file may have been cut out of
        cursor.finish()?;
        if power > MOST_POWER {
            return Err(header.wrong_value(0, "more powers than BN254's scalar field has domains for"));
        }
        Ok(Self { container, power })
    }

    /// The file's name in messages.
    pub fn name(&self) -> &str {
        self.container.file()
    }

    /// The file serves circuits with a domain of up to two to this power.
    pub fn power(&self) -> u32 {
        self.power
    }

    /// Whether the file holds Lagrange bases (`snarkjs powersoftau prepare phase2`).
    pub fn is_prepared(&self) -> bool {
        [12, 13, 14, 15].into_iter().all(|id| self.container.has(id))
    }

    /// 1, τ, τ² … in G1, as many as the file has: twice its domain less one, for α and β once.
    pub(crate) fn powers_g1(&self, factor: Factor) -> Result<PointList<'_, G1Affine>, FormatError> {
        let domain = 1usize << self.power;
        let count = match factor {
            Factor::One => 2 * domain - 1,
            Factor::Alpha | Factor::Beta => domain,
        };
        PointList::whole(self.container.section(factor.powers())?, count)
    }

    /// 1, τ, τ² … in G2.
    pub(crate) fn powers_g2(&self) -> Result<PointList<'_, G2Affine>, FormatError> {
        PointList::whole(self.container.section(3)?, 1 << self.power)
    }

    /// β in G2.
    pub(crate) fn beta_g2(&self) -> Result<G2Affine, FormatError> {
        PointList::whole(self.container.section(6)?, 1)?.first()
    }

    /// The Lagrange bases of the domain of 2^`level` elements in G1. They exist up to the file's
    /// power, and without a factor one level further.
    pub(crate) fn bases_g1(&self, factor: Factor, level: u32) -> Result<PointList<'_, G1Affine>, FormatError> {
        let section = self.container.section(factor.bases())?;
        PointList::part(section, (1 << level) - 1, 1 << level)
    }

    /// The same in G2.
    pub(crate) fn bases_g2(&self, level: u32) -> Result<PointList<'_, G2Affine>, FormatError> {
        PointList::part(self.container.section(13)?, (1 << level) - 1, 1 << level)
    }

    /// The 64 bytes behind the last power of τ in G1: no point, but the next section's heading and
    /// what follows it.
    pub(crate) fn behind_the_powers(&self) -> Result<[u8; 2 * ELEMENT], FormatError> {
        let section = self.container.section(Factor::One.powers())?;
        let mut bytes = [0; 2 * ELEMENT];
        section.read_beyond(&mut bytes, section.byte_len())?;
        Ok(bytes)
    }
}
