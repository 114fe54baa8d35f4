use proptest::prelude::*;

use super::*;

#[test]
fn another_codec_is_not_a_batch() {
    // A CIDv1 of a raw block.
    let raw = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
    assert!(matches!(
        raw.parse::<ContentDigest>(),
        Err(CidError::OtherContent { .. })
    ));
}

#[test]
fn another_hash_function_of_the_same_length_is_not_a_batch() {
    const KECCAK_256: u64 = 0x1b;
    let hash = Multihash::wrap(KECCAK_256, &[7; 32]).unwrap();
    let text = Cid::new_v1(JSON, hash).to_string();
    assert!(matches!(
        text.parse::<ContentDigest>(),
        Err(CidError::OtherContent { .. })
    ));
}

proptest! {
    #[test]
    fn every_form_reads_back(bytes: [u8; 32]) {
        let digest = ContentDigest(bytes);
        for text in [digest.to_string(), digest.to_version_0(), digest.to_bytes32_hex()] {
            prop_assert_eq!(text.parse(), Ok(digest));
        }
        prop_assert!(digest.to_string().starts_with("bagaaiera"));
        prop_assert!(digest.to_version_0().starts_with("Qm"));
    }

    #[test]
    fn any_text_is_a_digest_or_an_error(text in ".*|bagaai[a-z2-7]*|Qm[1-9A-Za-z]*|0x[0-9a-f]*") {
        let _ = text.parse::<ContentDigest>();
    }
}
