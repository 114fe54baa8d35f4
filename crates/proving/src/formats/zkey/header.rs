//! The second section: sizes of the circuit and the points that every proof uses.

use ark_bn254::{G1Affine, G2Affine};
use ark_ff::FftField;

use crate::formats::container::{Cursor, Section};
use crate::formats::fields::{ELEMENT, base_modulus, scalar_modulus};
use crate::formats::points::FilePoint;
use crate::formats::{FormatError, ReadAt};

/// What a zkey says of its circuit, and its fixed points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZKeyHeader {
    /// Wires of the circuit, the constant included.
    pub wires: u32,
    /// Public values, outputs and inputs.
    pub publics: u32,
    /// Size of the evaluation domain, a power of two.
    pub domain: u32,
    /// α in G1.
    pub alpha1: G1Affine,
    /// β in G1.
    pub beta1: G1Affine,
    /// β in G2.
    pub beta2: G2Affine,
    /// γ in G2.
    pub gamma2: G2Affine,
    /// δ in G1.
    pub delta1: G1Affine,
    /// δ in G2.
    pub delta2: G2Affine,
}

impl ZKeyHeader {
    /// Wires that are neither the constant nor public.
    pub fn private_wires(&self) -> u32 {
        self.wires.saturating_sub(self.publics + 1)
    }

    pub(super) fn read<R: ReadAt>(section: &Section<'_, R>) -> Result<Self, FormatError> {
        let mut cursor = section.cursor();
        for (modulus, field) in [
            (base_modulus(), "the base field of BN254"),
            (scalar_modulus(), "the scalar field of BN254"),
        ] {
            if cursor.u32()? as usize != ELEMENT || cursor.bytes::<ELEMENT>()? != modulus {
                return Err(section.wrong_field(field));
            }
        }
        let (wires, publics, domain) = (cursor.u32()?, cursor.u32()?, cursor.u32()?);
        let header = Self {
            wires,
            publics,
            domain,
            alpha1: point::<64, _, _>(section, &mut cursor)?,
            beta1: point::<64, _, _>(section, &mut cursor)?,
            beta2: point::<128, _, _>(section, &mut cursor)?,
            gamma2: point::<128, _, _>(section, &mut cursor)?,
            delta1: point::<64, _, _>(section, &mut cursor)?,
            delta2: point::<128, _, _>(section, &mut cursor)?,
        };
        cursor.finish()?;
        if wires == 0 || publics >= wires {
            return Err(section.wrong_value(0, "more public values than wires"));
        }
        if !domain.is_power_of_two() || domain.trailing_zeros() >= ark_bn254::Fr::TWO_ADICITY {
            return Err(section.wrong_value(0, "the domain's size is not a power of two up to 2^27"));
        }
        if domain <= publics {
            return Err(section.wrong_value(0, "the domain has no room for the public values"));
        }
        Ok(header)
    }
}

fn point<const N: usize, P: FilePoint, R: ReadAt>(
    section: &Section<'_, R>,
    cursor: &mut Cursor<'_, '_, R>,
) -> Result<P, FormatError> {
    let bytes = cursor.bytes::<N>()?;
    P::from_file(&bytes).map_err(|what| section.wrong_value(0, what))
}
