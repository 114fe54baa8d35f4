//! Finding and reading vector files.

use std::path::PathBuf;

use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::fr_from_decimal;
use maci_crypto::keys::PrivateKey;
use maci_protocol::Message;
use maci_protocol::StateLeaf;
use serde_json::Value;

pub(crate) fn folder() -> PathBuf {
    match std::env::var_os("MACI_VECTORS") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors"),
    }
}

pub(crate) fn file(name: &str) -> Value {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn fr(value: &Value) -> Fr {
    fr_from_decimal(value.as_str().unwrap()).unwrap()
}

pub(crate) fn frs(value: &Value) -> Vec<Fr> {
    value.as_array().unwrap().iter().map(fr).collect()
}

/// A number that stands in the file as a number or as decimal text.
pub(crate) fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

pub(crate) fn point(value: &Value) -> Point {
    let [x, y] = <[Fr; 2]>::try_from(frs(value)).unwrap();
    Point { x, y }
}

pub(crate) fn message(data: &Value, key: &Value) -> Message {
    Message {
        data: frs(data).try_into().unwrap(),
        encryption_public_key: point(key),
    }
}

pub(crate) fn leaf(value: &Value) -> StateLeaf {
    let [x, y, voice_credit_balance] = <[Fr; 3]>::try_from(frs(value)).unwrap();
    StateLeaf {
        public_key: Point { x, y },
        voice_credit_balance,
    }
}

pub(crate) fn private_key(serialized: &Value) -> PrivateKey {
    PrivateKey::parse(serialized.as_str().unwrap()).unwrap()
}

/// A private key from its seed as a decimal number of up to 256 bits.
pub(crate) fn private_key_from_decimal(text: &Value) -> PrivateKey {
    let mut seed = [0u8; 32];
    for digit in text.as_str().unwrap().bytes() {
        let mut carry = u16::from(digit - b'0');
        for byte in seed.iter_mut().rev() {
            carry += u16::from(*byte) * 10;
            *byte = carry as u8;
            carry >>= 8;
        }
    }
    PrivateKey::from_seed(seed)
}
