use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use alloy::consensus::transaction::SignerRecoverable;
use alloy::consensus::{SignableTransaction, Transaction, TxEnvelope, Typed2718};
use alloy::eips::eip2718::Decodable2718;
use alloy::network::TxSigner;
use alloy::primitives::{Address, Bytes, Signature, hex};
use async_trait::async_trait;
use maci_protocol::ids::{ChainId, EthAddress};
use reqwest::Url;
use serde_json::{Value, json};

use crate::error::CustodyError;

const WHAT: &str = "the remote signer";

/// How long a signer may take; behind some of them somebody presses a button.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a remote signer listens. Only scheme, host and port are ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct RemoteUrl(Url);

impl FromStr for RemoteUrl {
    type Err = CustodyError;

    fn from_str(text: &str) -> Result<Self, CustodyError> {
        let url = Url::parse(text).map_err(|_| CustodyError::NotASignerUrl)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(CustodyError::NotASignerUrl);
        }
        Ok(Self(url))
    }
}

impl fmt::Display for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or("?"))?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteUrl({self})")
    }
}

/// Asks another program to sign: `eth_signTransaction` as web3signer's `eth1` interface has it. What comes back is
/// read, and refused unless it is the transaction that was asked for, signed by the account that was asked.
#[derive(Debug, Clone)]
pub(super) struct RemoteSigner {
    url: RemoteUrl,
    http: reqwest::Client,
    account: Address,
    chain: ChainId,
}

/// A transaction was not signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum RemoteError {
    /// No answer, or none in JSON.
    #[error("{url} does not answer {method}: {source}")]
    Unanswered {
        url: RemoteUrl,
        method: &'static str,
        source: reqwest::Error,
    },
    /// The signer refused.
    #[error("{url} refuses {method}: {reason}")]
    Refused {
        url: RemoteUrl,
        method: &'static str,
        reason: String,
    },
    /// The answer is no signed transaction.
    #[error("{url} answers {method} with something else than a signed transaction")]
    Unreadable { url: RemoteUrl, method: &'static str },
    /// It has not the account.
    #[error("{url} has no key of {account}; it has {known}")]
    NoAccount {
        url: RemoteUrl,
        account: Address,
        known: String,
    },
    /// Another transaction was signed.
    #[error("{url} signed another transaction than it was asked to: {field} is {found}, not {asked}; nothing was sent")]
    Altered {
        url: RemoteUrl,
        field: &'static str,
        asked: String,
        found: String,
    },
}

impl RemoteSigner {
    /// The signer at an address, which must have the account's key.
    pub(super) async fn open(url: RemoteUrl, account: EthAddress, chain: ChainId) -> Result<Self, CustodyError> {
        let http = reqwest::Client::builder().timeout(PATIENCE).build();
        let http = http.map_err(|error| CustodyError::signer(WHAT, &error))?;
        let signer = Self {
            url,
            http,
            account: Address::from(account.0),
            chain,
        };
        let known = signer.accounts().await;
        let known = known.map_err(|error| CustodyError::signer(WHAT, &error))?;
        if known.contains(&signer.account) {
            return Ok(signer);
        }
        let known: Vec<String> = known.iter().take(5).map(ToString::to_string).collect();
        Err(CustodyError::signer(
            WHAT,
            &RemoteError::NoAccount {
                url: signer.url,
                account: signer.account,
                known: if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                },
            },
        ))
    }

    async fn accounts(&self) -> Result<Vec<Address>, RemoteError> {
        const METHOD: &str = "eth_accounts";
        let answer = self.call(METHOD, json!([])).await?;
        serde_json::from_value(answer).map_err(|_| self.unreadable(METHOD))
    }

    async fn call(&self, method: &'static str, params: Value) -> Result<Value, RemoteError> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        // an address may have a password in it, and the library repeats it
        let unanswered = |source: reqwest::Error| RemoteError::Unanswered {
            url: self.url.clone(),
            method,
            source: source.without_url(),
        };
        let sent = self.http.post(self.url.0.clone()).json(&request).send().await;
        let answer = sent.map_err(unanswered)?.json::<Value>().await;
        let mut answer = answer.map_err(unanswered)?;
        match answer.get("error").filter(|error| !error.is_null()) {
            Some(error) => Err(RemoteError::Refused {
                url: self.url.clone(),
                method,
                reason: error.to_string().chars().take(300).collect(),
            }),
            None => Ok(answer.get_mut("result").map(Value::take).unwrap_or_default()),
        }
    }

    fn unreadable(&self, method: &'static str) -> RemoteError {
        let url = self.url.clone();
        RemoteError::Unreadable { url, method }
    }

    async fn sign(&self, asked: &dyn SignableTransaction<Signature>) -> Result<Signature, RemoteError> {
        const METHOD: &str = "eth_signTransaction";
        let answer = self.call(METHOD, json!([self.request(asked)])).await?;
        // web3signer answers the bytes, nodes answer them beside what they read in them
        let text = answer.as_str().or_else(|| answer.get("raw")?.as_str());
        let bytes = text.and_then(|text| hex::decode(text).ok());
        let bytes = bytes.ok_or_else(|| self.unreadable(METHOD))?;
        let signed = TxEnvelope::decode_2718_exact(&bytes).map_err(|_| self.unreadable(METHOD))?;
        self.compare(asked, &signed)?;
        let by = signed.recover_signer().map_err(|_| self.unreadable(METHOD))?;
        if by != self.account {
            return Err(self.altered("the signer", self.account, by));
        }
        Ok(*signed.signature())
    }

    fn request(&self, asked: &dyn SignableTransaction<Signature>) -> Value {
        let quantity = |number: u128| format!("{number:#x}");
        let mut request = json!({
            "from": self.account,
            "nonce": quantity(asked.nonce().into()),
            "gas": quantity(asked.gas_limit().into()),
            "value": format!("{:#x}", asked.value()),
            "data": Bytes::copy_from_slice(asked.input()),
            "chainId": quantity(self.chain.0.into()),
        });
        let mut set = |field: &str, value: Value| {
            if let Some(object) = request.as_object_mut() {
                object.insert(field.to_owned(), value);
            }
        };
        if let Some(contract) = asked.to() {
            set("to", json!(contract));
        }
        match asked.max_priority_fee_per_gas() {
            Some(tip) => {
                set("maxFeePerGas", json!(quantity(asked.max_fee_per_gas())));
                set("maxPriorityFeePerGas", json!(quantity(tip)));
            }
            None => set("gasPrice", json!(quantity(asked.max_fee_per_gas()))),
        }
        request
    }

    /// Every field of the answer against what was asked, so that an error can name the one that differs; then the
    /// whole, in case there is a field that nobody thought of.
    fn compare(&self, asked: &dyn SignableTransaction<Signature>, signed: &TxEnvelope) -> Result<(), RemoteError> {
        let fields = [
            ("its type", asked.ty().to_string(), signed.ty().to_string()),
            ("the chain", told(asked.chain_id()), told(signed.chain_id())),
            ("the nonce", asked.nonce().to_string(), signed.nonce().to_string()),
            ("the receiver", told(asked.to()), told(signed.to())),
            ("the value", asked.value().to_string(), signed.value().to_string()),
            ("the data", hex::encode(asked.input()), hex::encode(signed.input())),
            ("the gas", asked.gas_limit().to_string(), signed.gas_limit().to_string()),
            (
                "the fee",
                asked.max_fee_per_gas().to_string(),
                signed.max_fee_per_gas().to_string(),
            ),
            (
                "the tip",
                told(asked.max_priority_fee_per_gas()),
                told(signed.max_priority_fee_per_gas()),
            ),
            (
                "the whole",
                asked.signature_hash().to_string(),
                signed.signature_hash().to_string(),
            ),
        ];
        match fields.into_iter().find(|(_, asked, found)| asked != found) {
            Some((field, asked, found)) => Err(self.altered(field, asked, found)),
            None => Ok(()),
        }
    }

    fn altered(&self, field: &'static str, asked: impl ToString, found: impl ToString) -> RemoteError {
        let short = |text: String| text.chars().take(80).collect();
        RemoteError::Altered {
            url: self.url.clone(),
            field,
            asked: short(asked.to_string()),
            found: short(found.to_string()),
        }
    }
}

fn told(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

#[async_trait]
impl TxSigner<Signature> for RemoteSigner {
    fn address(&self) -> Address {
        self.account
    }

    async fn sign_transaction(
        &self,
        transaction: &mut dyn SignableTransaction<Signature>,
    ) -> alloy::signers::Result<Signature> {
        if !transaction.set_chain_id_checked(self.chain.0) {
            return Err(alloy::signers::Error::TransactionChainIdMismatch {
                signer: self.chain.0,
                tx: transaction.chain_id().unwrap_or_default(),
            });
        }
        self.sign(transaction).await.map_err(alloy::signers::Error::other)
    }
}
