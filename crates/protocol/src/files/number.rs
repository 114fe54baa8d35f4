//! Field elements in files: hex hexadecimal and decimal text.

/// `#[serde(with = "number::hex")]`: `0x` and no leading zeros.
pub(super) mod hex {
    use maci_crypto::Fr;
    use maci_crypto::field::{fr_from_hex, fr_to_hex};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(in crate::files) fn serialize<S: Serializer>(value: &Fr, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&fr_to_hex(value))
    }

    pub(in crate::files) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fr, D::Error> {
        let text = String::deserialize(deserializer)?;
        if !text.starts_with("0x") {
            return Err(de::Error::custom("expected a number in hexadecimal, starting with 0x"));
        }
        fr_from_hex(&text).map_err(de::Error::custom)
    }
}

/// `#[serde(with = "number::decimal")]`: one decimal string.
pub(super) mod decimal {
    use maci_crypto::Fr;
    use maci_crypto::field::{fr_from_decimal, fr_to_decimal};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(in crate::files) fn serialize<S: Serializer>(value: &Fr, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&fr_to_decimal(value))
    }

    pub(in crate::files) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fr, D::Error> {
        fr_from_decimal(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// `#[serde(with = "number::decimals")]`: a list of decimal strings.
pub(super) mod decimals {
    use maci_crypto::Fr;
    use maci_crypto::field::{fr_from_decimal, fr_to_decimal};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(in crate::files) fn serialize<S: Serializer>(values: &[Fr], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(fr_to_decimal))
    }

    pub(in crate::files) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fr>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let values = texts.iter().map(|text| fr_from_decimal(text));
        values.collect::<Result<_, _>>().map_err(de::Error::custom)
    }
}
