//! Keys that are kept elsewhere: asked as the real services are, against stand-ins that check what those check.

use std::path::Path;

use alloy::consensus::transaction::SignerRecoverable;
use alloy::consensus::{Transaction, TxEnvelope};
use alloy::network::{Ethereum, EthereumWallet, NetworkWallet, TransactionBuilder};
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use maci_custody::{AwsKms, CustodyError, GcpKms, SignerSource, address_of};
use maci_protocol::ids::ChainId;
use maci_testkit::signers::{AwsKmsDouble, Cheat, GcpKmsDouble, RemoteSignerDouble};
use tempfile::TempDir;

const CHAIN: ChainId = ChainId(11_155_420);

fn request(nonce: u64) -> TransactionRequest {
    TransactionRequest::default()
        .with_chain_id(CHAIN.0)
        .with_to(Address::repeat_byte(0x42))
        .with_nonce(nonce)
        .with_gas_limit(50_000)
        .with_max_fee_per_gas(3_000_000_000)
        .with_max_priority_fee_per_gas(1_000_000_000)
        .with_input(vec![1, 2, 3, 4, 5])
}

async fn sign(wallet: &EthereumWallet, request: TransactionRequest) -> Result<TxEnvelope, String> {
    let signed = NetworkWallet::<Ethereum>::sign_request(wallet, request).await;
    signed.map_err(|error| format!("{error:?}"))
}

/// Signs enough to meet signatures of both kinds: with `s` low, and high.
async fn expect_to_sign(wallet: &EthereumWallet, address: &str) {
    assert_eq!(address_of(wallet).to_string(), address);
    for nonce in 0..12 {
        let signed = sign(wallet, request(nonce)).await.unwrap();
        assert_eq!(signed.recover_signer().unwrap().to_checksum(None), address);
        assert_eq!((signed.nonce(), signed.chain_id()), (nonce, Some(CHAIN.0)));
        let half = U256::from_str_radix("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", 16);
        assert!(signed.signature().s() <= half.unwrap(), "nodes refuse a high s");
    }
}

async fn amazon(folder: &Path, double: &AwsKmsDouble) -> AwsKms {
    let credentials = folder.join("credentials");
    std::fs::write(&credentials, double.credentials()).unwrap();
    AwsKms {
        key_id: double.key_id().to_owned(),
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(double.url().to_owned()),
        credentials_file: Some(credentials),
    }
}

#[tokio::test]
async fn a_key_in_aws_kms_signs_what_nodes_take() {
    let folder = TempDir::new().unwrap();
    let double = AwsKmsDouble::start(PrivateKeySigner::random()).await.unwrap();
    let source = SignerSource::AwsKms(amazon(folder.path(), &double).await);
    let wallet = source.wallet(CHAIN).await.unwrap();
    expect_to_sign(&wallet, &double.address()).await;
}

#[tokio::test]
async fn a_key_that_aws_kms_does_not_have_is_told_by_its_id() {
    let folder = TempDir::new().unwrap();
    let double = AwsKmsDouble::start(PrivateKeySigner::random()).await.unwrap();
    let mut key = amazon(folder.path(), &double).await;
    key.key_id = "alias/nobody".to_owned();
    let refused = SignerSource::AwsKms(key).wallet(CHAIN).await.unwrap_err();
    assert!(matches!(refused, CustodyError::Signer { .. }), "{refused}");
    assert!(refused.to_string().contains("alias/nobody"), "{refused}");
}

#[tokio::test]
async fn a_key_in_google_cloud_kms_signs_what_nodes_take() {
    let folder = TempDir::new().unwrap();
    let double = GcpKmsDouble::start(PrivateKeySigner::random()).await.unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let rsa = std::fs::read_to_string(vectors.join("rsa-private.pem")).unwrap();
    let credentials = folder.path().join("credentials.json");
    std::fs::write(&credentials, double.credentials(&rsa)).unwrap();
    let mut key = GcpKms {
        project: "maci".to_owned(),
        location: "global".to_owned(),
        key_ring: "ring".to_owned(),
        key: "sender".to_owned(),
        version: 1,
        endpoint: Some(double.url().to_owned()),
        credentials_file: Some(credentials),
    };
    let wallet = SignerSource::GcpKms(key.clone()).wallet(CHAIN).await.unwrap();
    expect_to_sign(&wallet, &double.address()).await;

    key.version = 2;
    let refused = SignerSource::GcpKms(key).wallet(CHAIN).await.unwrap_err();
    assert!(refused.to_string().contains("not found"), "{refused}");
}

#[tokio::test]
async fn a_remote_signer_signs_what_nodes_take() {
    let double = RemoteSignerDouble::start(PrivateKeySigner::random(), CHAIN.0)
        .await
        .unwrap();
    let source = SignerSource::Remote {
        url: double.url().parse().unwrap(),
        account: double.address().parse().unwrap(),
    };
    let wallet = source.wallet(CHAIN).await.unwrap();
    expect_to_sign(&wallet, &double.address()).await;
    let without_base_fee = TransactionRequest::default()
        .with_chain_id(CHAIN.0)
        .with_to(Address::repeat_byte(0x42))
        .with_nonce(0)
        .with_gas_limit(50_000)
        .with_gas_price(3_000_000_000);
    let signed = sign(&wallet, without_base_fee).await.unwrap();
    assert!(signed.is_legacy());
}

#[tokio::test]
async fn whatever_a_remote_signer_changes_is_refused_and_named() {
    let double = RemoteSignerDouble::start(PrivateKeySigner::random(), CHAIN.0)
        .await
        .unwrap();
    let source = SignerSource::Remote {
        url: double.url().parse().unwrap(),
        account: double.address().parse().unwrap(),
    };
    let wallet = source.wallet(CHAIN).await.unwrap();
    for cheat in Cheat::ALL {
        double.cheat(Some(cheat));
        let refused = sign(&wallet, request(7)).await.unwrap_err();
        let named = match cheat {
            Cheat::Receiver => "the receiver",
            Cheat::Value => "the value",
            Cheat::Nonce => "the nonce",
            Cheat::Fee => "the fee",
            Cheat::Data => "the data",
            Cheat::Chain => "the chain",
            Cheat::Key => "the signer",
            Cheat::Nonsense => "Unreadable",
        };
        assert!(refused.contains(named), "{cheat:?}: {refused}");
    }
    double.cheat(None);
    sign(&wallet, request(7)).await.unwrap();
}

#[tokio::test]
async fn a_remote_signer_without_the_account_is_refused_before_anything_is_signed() {
    let double = RemoteSignerDouble::start(PrivateKeySigner::random(), CHAIN.0)
        .await
        .unwrap();
    let source = SignerSource::Remote {
        url: double.url().parse().unwrap(),
        account: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap(),
    };
    let refused = source.wallet(CHAIN).await.unwrap_err();
    assert!(refused.to_string().contains(&double.address()), "{refused}");
}

#[tokio::test]
async fn what_is_secret_in_a_remote_signer_s_address_is_never_shown() {
    let source = SignerSource::Remote {
        url: "http://user:password@127.0.0.1:9/path?key=hidden".parse().unwrap(),
        account: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap(),
    };
    let refused = source.wallet(CHAIN).await.unwrap_err().to_string();
    let shown = format!("{refused} {source:?}");
    assert!(!shown.contains("password") && !shown.contains("hidden"), "{shown}");
}
