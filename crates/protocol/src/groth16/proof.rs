use serde::{Deserialize, Serialize};

use super::coordinate::{from_word, to_word};
use super::{G1, G2, Groth16Error};

/// A Groth16 proof, not yet checked against anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// A, in G1.
    pub a: G1,
    /// B, in G2.
    pub b: G2,
    /// C, in G1.
    pub c: G1,
}

/// The layout of snarkjs's `proof.json`.
#[derive(Serialize, Deserialize)]
struct Snarkjs {
    pi_a: [String; 3],
    pi_b: [[String; 2]; 3],
    pi_c: [String; 3],
    protocol: String,
    curve: String,
}

impl Proof {
    /// snarkjs's JSON.
    pub fn to_snarkjs(&self) -> serde_json::Value {
        serde_json::json!({
            "pi_a": self.a.to_snarkjs(),
            "pi_b": self.b.to_snarkjs(),
            "pi_c": self.c.to_snarkjs(),
            "protocol": "groth16",
            "curve": "bn128",
        })
    }

    /// Reads snarkjs's JSON; a proof of another system or curve is an error that says so.
    pub fn from_snarkjs(json: &serde_json::Value) -> Result<Self, Groth16Error> {
        let what = "the proof";
        let raw = Snarkjs::deserialize(json).map_err(|e| Groth16Error::NotSnarkjs {
            what,
            detail: e.to_string(),
        })?;
        super::verifying_key::expect_groth16_on_bn254(what, &raw.protocol, &raw.curve)?;
        Ok(Self {
            a: G1::from_snarkjs("pi_a", &raw.pi_a)?,
            b: G2::from_snarkjs("pi_b", &raw.pi_b)?,
            c: G1::from_snarkjs("pi_c", &raw.pi_c)?,
        })
    }

    /// The contracts' `uint256[8]`, each as 32 big-endian bytes: the parts of a coordinate of B
    /// stand imaginary first.
    pub fn to_solidity(&self) -> [[u8; 32]; 8] {
        let Self { a, b, c } = self;
        let [x_real, x_imaginary] = b.x;
        let [y_real, y_imaginary] = b.y;
        [a.x, a.y, x_imaginary, x_real, y_imaginary, y_real, c.x, c.y].map(|word| to_word(&word))
    }

    /// Reads the contracts' form.
    pub fn from_solidity(words: &[[u8; 32]; 8]) -> Result<Self, Groth16Error> {
        let read = |field, word| from_word(word).ok_or(Groth16Error::Coordinate { field });
        let [ax, ay, bx1, bx0, by1, by0, cx, cy] = words;
        Ok(Self {
            a: G1 {
                x: read("a", ax)?,
                y: read("a", ay)?,
            },
            b: G2 {
                x: [read("b", bx0)?, read("b", bx1)?],
                y: [read("b", by0)?, read("b", by1)?],
            },
            c: G1 {
                x: read("c", cx)?,
                y: read("c", cy)?,
            },
        })
    }
}

impl Serialize for Proof {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_snarkjs().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Proof {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        Self::from_snarkjs(&json).map_err(serde::de::Error::custom)
    }
}
