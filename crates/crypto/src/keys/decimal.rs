//! Decimal text of a 256-bit seed, without leaving copies of it behind.

use zeroize::Zeroizing;

/// Decimal digits of the largest 256-bit number.
const MAX_DIGITS: usize = 78;

/// The number's decimal digits as text, without leading zeros; `0` for zero.
pub(super) fn decimal(seed: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut rest = Zeroizing::new(*seed);
    let mut digits = Zeroizing::new(Vec::with_capacity(MAX_DIGITS));
    loop {
        let mut remainder = 0u16;
        for byte in rest.iter_mut() {
            let value = remainder << 8 | u16::from(*byte);
            *byte = (value / 10) as u8;
            remainder = value % 10;
        }
        digits.push(b'0' + remainder as u8);
        if rest.iter().all(|byte| *byte == 0) {
            break;
        }
    }
    digits.reverse();
    digits
}

#[cfg(test)]
mod tests {
    use super::decimal;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    #[test]
    fn zero_is_one_digit() {
        assert_eq!(decimal(&[0; 32]).as_slice(), b"0");
    }

    proptest! {
        #[test]
        fn it_equals_the_big_integers_text(seed: [u8; 32]) {
            let expected = BigUint::from_bytes_be(&seed).to_string();
            prop_assert_eq!(decimal(&seed).to_vec(), expected.into_bytes());
        }
    }
}
