use ark_ff::{One, Zero};
use maci_crypto::Fq;

use super::Groth16Error;
use super::coordinate::{from_decimal, to_decimal};

/// A point of G1 by its affine coordinates; infinity is (0, 0), as in the EVM's precompiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct G1 {
    /// First coordinate.
    pub x: Fq,
    /// Second coordinate.
    pub y: Fq,
}

/// A point of G2; each coordinate is `[real, imaginary]`, infinity is all zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct G2 {
    /// First coordinate.
    pub x: [Fq; 2],
    /// Second coordinate.
    pub y: [Fq; 2],
}

impl G1 {
    /// The neutral point.
    pub const INFINITY: Self = Self {
        x: ark_ff::MontFp!("0"),
        y: ark_ff::MontFp!("0"),
    };

    /// snarkjs's `[x, y, 1]`, or `[0, 1, 0]` for infinity.
    pub fn to_snarkjs(&self) -> [String; 3] {
        if *self == Self::INFINITY {
            return ["0", "1", "0"].map(str::to_owned);
        }
        [to_decimal(&self.x), to_decimal(&self.y), "1".to_owned()]
    }

    /// Reads what [`Self::to_snarkjs`] writes; `field` names the place in errors.
    pub fn from_snarkjs(field: &'static str, words: &[String; 3]) -> Result<Self, Groth16Error> {
        let [x, y, z] = words;
        let read = |text: &String| from_decimal(text).ok_or(Groth16Error::Coordinate { field });
        let (x, y, z) = (read(x)?, read(y)?, read(z)?);
        if z.is_zero() {
            return Ok(Self::INFINITY);
        }
        if !z.is_one() {
            return Err(Groth16Error::NotAffine { field });
        }
        Ok(Self { x, y })
    }
}

impl G2 {
    /// The neutral point.
    pub const INFINITY: Self = Self {
        x: [ark_ff::MontFp!("0"), ark_ff::MontFp!("0")],
        y: [ark_ff::MontFp!("0"), ark_ff::MontFp!("0")],
    };

    /// snarkjs's `[[x0, x1], [y0, y1], [1, 0]]`, or `[[0, 0], [1, 0], [0, 0]]` for infinity.
    pub fn to_snarkjs(&self) -> [[String; 2]; 3] {
        if *self == Self::INFINITY {
            return [["0", "0"], ["1", "0"], ["0", "0"]].map(|pair| pair.map(str::to_owned));
        }
        let pair = |value: &[Fq; 2]| value.each_ref().map(to_decimal);
        [pair(&self.x), pair(&self.y), ["1", "0"].map(str::to_owned)]
    }

    /// Reads what [`Self::to_snarkjs`] writes; `field` names the place in errors.
    pub fn from_snarkjs(field: &'static str, words: &[[String; 2]; 3]) -> Result<Self, Groth16Error> {
        let read = |[real, imaginary]: &[String; 2]| {
            let both = from_decimal(real).zip(from_decimal(imaginary));
            both.map(|(real, imaginary)| [real, imaginary])
                .ok_or(Groth16Error::Coordinate { field })
        };
        let [x, y, z] = words;
        let (x, y, z) = (read(x)?, read(y)?, read(z)?);
        if z.iter().all(Zero::is_zero) {
            return Ok(Self::INFINITY);
        }
        if z != [Fq::one(), Fq::zero()] {
            return Err(Groth16Error::NotAffine { field });
        }
        Ok(Self { x, y })
    }
}
