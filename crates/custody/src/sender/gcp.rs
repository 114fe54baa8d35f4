use std::path::PathBuf;

use alloy::network::EthereumWallet;
use maci_protocol::ids::ChainId;

use crate::error::CustodyError;

/// A key in Google Cloud KMS: of the algorithm `EC_SIGN_SECP256K1_SHA256`. Credentials are a service account's file, or
/// those of the environment or the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GcpKms {
    /// The project.
    pub project: String,
    /// Where the key ring is, such as `global`.
    pub location: String,
    /// The key ring.
    pub key_ring: String,
    /// The key.
    pub key: String,
    /// Its version.
    pub version: u64,
    /// Another endpoint than Google's.
    pub endpoint: Option<String>,
    /// A service account's credentials, as Google's console writes them.
    pub credentials_file: Option<PathBuf>,
}

#[cfg(feature = "gcp-kms")]
impl GcpKms {
    pub(super) async fn wallet(&self, chain: ChainId) -> Result<EthereumWallet, CustodyError> {
        use alloy_signer_gcp::{GcpKeyRingRef, GcpSigner, KeySpecifier};
        use gcloud_sdk::google::cloud::kms::v1::key_management_service_client::KeyManagementServiceClient;
        use gcloud_sdk::{GCP_DEFAULT_SCOPES, GoogleApi, TokenSourceType};

        super::claims::install();
        const WHAT: &str = "the key in Google Cloud KMS";
        const GOOGLE: &str = "https://cloudkms.googleapis.com";
        let credentials = match &self.credentials_file {
            Some(path) => TokenSourceType::File(path.clone()),
            None => TokenSourceType::Default,
        };
        let client = GoogleApi::from_function_with_token_source(
            KeyManagementServiceClient::new,
            self.endpoint.as_deref().unwrap_or(GOOGLE),
            None,
            GCP_DEFAULT_SCOPES.clone(),
            credentials,
        );
        let client = client.await.map_err(|error| CustodyError::signer(WHAT, &error))?;
        let ring = GcpKeyRingRef::new(&self.project, &self.location, &self.key_ring);
        let key = KeySpecifier::new(ring, &self.key, self.version);
        let signer = GcpSigner::new(client, key, Some(chain.0)).await;
        let signer = signer.map_err(|error| CustodyError::signer(WHAT, &error))?;
        Ok(EthereumWallet::new(signer))
    }
}

#[cfg(not(feature = "gcp-kms"))]
impl GcpKms {
    pub(super) async fn wallet(&self, _: ChainId) -> Result<EthereumWallet, CustodyError> {
        Err(CustodyError::NotBuilt { feature: "gcp-kms" })
    }
}
