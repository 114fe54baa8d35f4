use proptest::prelude::*;

use super::*;

#[test]
fn an_address_is_written_with_its_checksum() {
    // The first example of EIP-55.
    let text = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    let address: EthAddress = text.to_lowercase().parse().unwrap();
    assert_eq!(address.to_string(), text);
    assert_eq!(text.parse::<EthAddress>().unwrap(), address);
}

#[test]
fn an_address_with_a_wrong_capital_is_refused() {
    let text = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert!(matches!(text.parse::<EthAddress>(), Err(IdError::Checksum { .. })));
}

#[test]
fn a_signed_or_spaced_number_is_not_a_poll_id() {
    for text in ["+1", " 1", "1 ", "-1", "", "18446744073709551616", "0x1"] {
        assert!(text.parse::<PollId>().is_err(), "{text:?}");
    }
    assert_eq!("18446744073709551615".parse(), Ok(PollId(u64::MAX)));
}

proptest! {
    #[test]
    fn any_text_is_an_id_or_an_error(text in ".*") {
        let _ = text.parse::<EthAddress>();
        let _ = text.parse::<TxHash>();
        let _ = text.parse::<PollId>();
        let _ = text.parse::<ChainId>();
    }

    #[test]
    fn an_id_reads_back_as_written(bytes: [u8; 20], hash: [u8; 32], number: u64) {
        prop_assert_eq!(EthAddress(bytes).to_string().parse(), Ok(EthAddress(bytes)));
        prop_assert_eq!(TxHash(hash).to_string().parse(), Ok(TxHash(hash)));
        prop_assert_eq!(number.to_string().parse(), Ok(BlockNumber(number)));
    }
}
