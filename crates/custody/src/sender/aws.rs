use std::path::PathBuf;

use alloy::network::EthereumWallet;
use maci_protocol::ids::ChainId;

use crate::error::CustodyError;

/// A key in AWS KMS: of the kind `ECC_SECG_P256K1`, for signing. Credentials are those of the environment, of a
/// profile, or of the machine, as with every AWS tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsKms {
    /// The key's id, ARN or alias.
    pub key_id: String,
    /// Its region; the environment's if not given.
    pub region: Option<String>,
    /// Another endpoint than the region's.
    pub endpoint: Option<String>,
    /// A file of credentials of its own, in the format of `~/.aws/credentials`.
    pub credentials_file: Option<PathBuf>,
}

#[cfg(feature = "aws-kms")]
impl AwsKms {
    pub(super) async fn wallet(&self, chain: ChainId) -> Result<EthereumWallet, CustodyError> {
        use alloy_signer_aws::AwsSigner;
        use aws_config::{BehaviorVersion, Region};
        use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(path) = &self.credentials_file {
            let files = EnvConfigFiles::builder().with_file(EnvConfigFileKind::Credentials, path);
            loader = loader.profile_files(files.build());
        }
        let shared = loader.load().await;
        let mut config = aws_sdk_kms::config::Builder::from(&shared);
        if let Some(endpoint) = &self.endpoint {
            config = config.endpoint_url(endpoint);
        }
        let client = aws_sdk_kms::Client::from_conf(config.build());
        let signer = AwsSigner::new(client, self.key_id.clone(), Some(chain.0)).await;
        let signer = signer.map_err(|error| CustodyError::signer("the key in AWS KMS", &error))?;
        Ok(EthereumWallet::new(signer))
    }
}

#[cfg(not(feature = "aws-kms"))]
impl AwsKms {
    pub(super) async fn wallet(&self, _: ChainId) -> Result<EthereumWallet, CustodyError> {
        Err(CustodyError::NotBuilt { feature: "aws-kms" })
    }
}
