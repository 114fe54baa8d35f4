//! Reading vector files.

use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::fr_from_decimal;
use num_bigint::BigUint;
use serde_json::Value;
use std::path::PathBuf;

/// Parses `<folder>/<name>.json`.
pub(crate) fn load(name: &str) -> Value {
    let folder = std::env::var_os("MACI_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors")),
        PathBuf::from,
    );
    let path = folder.join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The elements of a list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

/// A text field.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// A decimal or plain JSON number.
pub(crate) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| text(value).parse().unwrap())
}

/// A field element.
pub(crate) fn fr(value: &Value) -> Fr {
    value
        .as_u64()
        .map_or_else(|| fr_from_decimal(text(value)).unwrap(), Fr::from)
}

/// A list of field elements.
pub(crate) fn frs(value: &Value) -> Vec<Fr> {
    list(value).iter().map(fr).collect()
}

/// A pair of coordinates.
pub(crate) fn point(value: &Value) -> Point {
    let [x, y] = frs(value).try_into().unwrap();
    Point { x, y }
}

/// A 256-bit number as big-endian bytes.
pub(crate) fn bytes32(value: &Value) -> [u8; 32] {
    let number: BigUint = text(value).parse().unwrap();
    let bytes = number.to_bytes_be();
    let mut padded = [0; 32];
    padded[32 - bytes.len()..].copy_from_slice(&bytes);
    padded
}
