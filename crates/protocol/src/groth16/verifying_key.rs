use maci_crypto::Fq;
use serde::{Deserialize, Serialize};

use super::coordinate::{from_word, to_word};
use super::{G1, G2, Groth16Error};

/// A Groth16 verifying key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    /// α in G1.
    pub alpha1: G1,
    /// β in G2.
    pub beta2: G2,
    /// γ in G2.
    pub gamma2: G2,
    /// δ in G2.
    pub delta2: G2,
    /// One point for the constant and one for every public input.
    pub ic: Vec<G1>,
}

/// A G2 point as the contracts hold it: each coordinate imaginary part first.
pub type SolidityG2 = [[[u8; 32]; 2]; 2];

/// A verifying key as the contracts hold it; every number is 32 big-endian bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolidityVerifyingKey {
    /// `[x, y]`.
    pub alpha1: [[u8; 32]; 2],
    /// `[[x1, x0], [y1, y0]]`.
    pub beta2: SolidityG2,
    /// `[[x1, x0], [y1, y0]]`.
    pub gamma2: SolidityG2,
    /// `[[x1, x0], [y1, y0]]`.
    pub delta2: SolidityG2,
    /// `[x, y]` each.
    pub ic: Vec<[[u8; 32]; 2]>,
}

/// The part of snarkjs's `verification_key.json` that matters; `vk_alphabeta_12` is derived.
#[derive(Deserialize)]
struct Snarkjs {
    protocol: String,
    curve: String,
    #[serde(rename = "nPublic")]
    public: usize,
    vk_alpha_1: [String; 3],
    vk_beta_2: [[String; 2]; 3],
    vk_gamma_2: [[String; 2]; 3],
    vk_delta_2: [[String; 2]; 3],
    #[serde(rename = "IC")]
    ic: Vec<[String; 3]>,
}

impl VerifyingKey {
    /// How many public inputs a proof for this key has.
    pub fn public_input_count(&self) -> usize {
        self.ic.len().saturating_sub(1)
    }

    /// snarkjs's JSON, without `vk_alphabeta_12`, which its verifier does not read.
    pub fn to_snarkjs(&self) -> serde_json::Value {
        serde_json::json!({
            "protocol": "groth16",
            "curve": "bn128",
            "nPublic": self.public_input_count(),
            "vk_alpha_1": self.alpha1.to_snarkjs(),
            "vk_beta_2": self.beta2.to_snarkjs(),
            "vk_gamma_2": self.gamma2.to_snarkjs(),
            "vk_delta_2": self.delta2.to_snarkjs(),
            "IC": self.ic.iter().map(G1::to_snarkjs).collect::<Vec<_>>(),
        })
    }

    /// Reads snarkjs's JSON; a key of another system or curve is an error that says so.
    pub fn from_snarkjs(json: &serde_json::Value) -> Result<Self, Groth16Error> {
        let what = "the verifying key";
        let raw = Snarkjs::deserialize(json).map_err(|e| Groth16Error::NotSnarkjs {
            what,
            detail: e.to_string(),
        })?;
        expect_groth16_on_bn254(what, &raw.protocol, &raw.curve)?;
        if raw.ic.len().checked_sub(1) != Some(raw.public) {
            return Err(Groth16Error::IcLength {
                ic: raw.ic.len(),
                public: raw.public,
            });
        }
        let ic = raw.ic.iter().map(|point| G1::from_snarkjs("IC", point));
        Ok(Self {
            alpha1: G1::from_snarkjs("vk_alpha_1", &raw.vk_alpha_1)?,
            beta2: G2::from_snarkjs("vk_beta_2", &raw.vk_beta_2)?,
            gamma2: G2::from_snarkjs("vk_gamma_2", &raw.vk_gamma_2)?,
            delta2: G2::from_snarkjs("vk_delta_2", &raw.vk_delta_2)?,
            ic: ic.collect::<Result<_, _>>()?,
        })
    }

    /// The contracts' struct.
    pub fn to_solidity(&self) -> SolidityVerifyingKey {
        let g1 = |point: &G1| [to_word(&point.x), to_word(&point.y)];
        let swapped = |[real, imaginary]: &[Fq; 2]| [to_word(imaginary), to_word(real)];
        let g2 = |point: &G2| [swapped(&point.x), swapped(&point.y)];
        SolidityVerifyingKey {
            alpha1: g1(&self.alpha1),
            beta2: g2(&self.beta2),
            gamma2: g2(&self.gamma2),
            delta2: g2(&self.delta2),
            ic: self.ic.iter().map(g1).collect(),
        }
    }

    /// Reads the contracts' struct.
    pub fn from_solidity(words: &SolidityVerifyingKey) -> Result<Self, Groth16Error> {
        let read = |field: &'static str, word: &[u8; 32]| from_word(word).ok_or(Groth16Error::Coordinate { field });
        let g1 = |field: &'static str, [x, y]: &[[u8; 32]; 2]| {
            Ok(G1 {
                x: read(field, x)?,
                y: read(field, y)?,
            })
        };
        let g2 = |field: &'static str, [[x1, x0], [y1, y0]]: &SolidityG2| {
            Ok(G2 {
                x: [read(field, x0)?, read(field, x1)?],
                y: [read(field, y0)?, read(field, y1)?],
            })
        };
        Ok(Self {
            alpha1: g1("alpha1", &words.alpha1)?,
            beta2: g2("beta2", &words.beta2)?,
            gamma2: g2("gamma2", &words.gamma2)?,
            delta2: g2("delta2", &words.delta2)?,
            ic: words.ic.iter().map(|point| g1("ic", point)).collect::<Result<_, _>>()?,
        })
    }
}

pub(super) fn expect_groth16_on_bn254(what: &'static str, protocol: &str, curve: &str) -> Result<(), Groth16Error> {
    let shown = |text: &str| text.chars().take(40).collect();
    if protocol != "groth16" {
        return Err(Groth16Error::Protocol {
            what,
            found: shown(protocol),
        });
    }
    if !matches!(curve, "bn128" | "bn254") {
        return Err(Groth16Error::Curve {
            what,
            found: shown(curve),
        });
    }
    Ok(())
}

impl Serialize for VerifyingKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_snarkjs().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        Self::from_snarkjs(&json).map_err(serde::de::Error::custom)
    }
}
