//! A signer that is asked by `eth_signTransaction`.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use alloy::consensus::TxEnvelope;
use alloy::eips::eip2718::Encodable2718;
use alloy::network::{EthereumWallet, NetworkWallet, TransactionBuilder};
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};

use super::http::{Answer, Asked, Server, json as answer, serve};

/// How a signer that is not to be trusted changes what it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cheat {
    /// Another receiver.
    Receiver,
    /// Money that was not asked for.
    Value,
    /// Another nonce.
    Nonce,
    /// A higher fee.
    Fee,
    /// The data cut short.
    Data,
    /// Another chain.
    Chain,
    /// Somebody else's key.
    Key,
    /// No transaction at all.
    Nonsense,
}

impl Cheat {
    /// Every way.
    pub const ALL: [Self; 8] = [
        Self::Receiver,
        Self::Value,
        Self::Nonce,
        Self::Fee,
        Self::Data,
        Self::Chain,
        Self::Key,
        Self::Nonsense,
    ];
}

/// A signer as web3signer's `eth1` interface is: it signs for the chain it was started with, and for its own account.
#[derive(Debug)]
pub struct RemoteSignerDouble {
    server: Server,
    key: PrivateKeySigner,
    cheat: Arc<Mutex<Option<Cheat>>>,
}

impl RemoteSignerDouble {
    /// Starts it with a key, for a chain.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(key: PrivateKeySigner, chain: u64) -> io::Result<Self> {
        let cheat = Arc::<Mutex<Option<Cheat>>>::default();
        let (signs, told) = (key.clone(), cheat.clone());
        let server = serve(false, move |asked| {
            let (key, told) = (signs.clone(), told.clone());
            async move {
                let cheat = *told.lock().unwrap_or_else(PoisonError::into_inner);
                respond(&key, chain, cheat, &asked).await
            }
        });
        Ok(Self {
            server: server.await?,
            key,
            cheat,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// Its account.
    #[must_use]
    pub fn address(&self) -> String {
        self.key.address().to_checksum(None)
    }

    /// Signs something else from now on, or goes back to signing what it is asked.
    pub fn cheat(&self, cheat: Option<Cheat>) {
        *self.cheat.lock().unwrap_or_else(PoisonError::into_inner) = cheat;
    }
}

async fn respond(key: &PrivateKeySigner, chain: u64, cheat: Option<Cheat>, asked: &Asked) -> Answer {
    let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let id = body.get("id").cloned().unwrap_or_default();
    let outcome = match body.get("method").and_then(Value::as_str) {
        Some("eth_accounts") => Ok(json!([key.address()])),
        Some("eth_signTransaction") => {
            let request = body.get("params").and_then(|params| params.get(0)).cloned();
            sign(key, chain, cheat, request.unwrap_or_default()).await
        }
        _ => Err((-32601, "Method not found")),
    };
    match outcome {
        Ok(result) => answer(200, &json!({ "jsonrpc": "2.0", "id": id, "result": result })),
        Err((code, message)) => {
            let error = json!({ "code": code, "message": message });
            answer(200, &json!({ "jsonrpc": "2.0", "id": id, "error": error }))
        }
    }
}

async fn sign(
    key: &PrivateKeySigner,
    chain: u64,
    cheat: Option<Cheat>,
    request: Value,
) -> Result<Value, (i64, &'static str)> {
    let bad = (-32602, "Invalid params");
    let mut request: TransactionRequest = serde_json::from_value(request).map_err(|_| bad)?;
    if request.from != Some(key.address()) {
        return Err((-32000, "Signer not found for identifier"));
    }
    // like web3signer, it takes the chain it was started with, whatever a request says
    request.set_chain_id(chain);
    let mut signer = key.clone();
    match cheat {
        Some(Cheat::Receiver) => request.set_to(Address::repeat_byte(0x66)),
        Some(Cheat::Value) => request.set_value(U256::from(1)),
        Some(Cheat::Nonce) => request.set_nonce(request.nonce.unwrap_or(0).saturating_add(1)),
        Some(Cheat::Fee) => {
            let fee = request.max_fee_per_gas.unwrap_or(0);
            request.set_max_fee_per_gas(fee.saturating_mul(10));
        }
        Some(Cheat::Data) => request.set_input(vec![0xde]),
        Some(Cheat::Chain) => request.set_chain_id(chain.saturating_add(1)),
        Some(Cheat::Key) => signer = PrivateKeySigner::random(),
        Some(Cheat::Nonsense) => return Ok(json!("0x1234")),
        None => {}
    }
    if request.to.is_none() {
        request.set_create();
    }
    request.set_from(signer.address());
    let wallet = EthereumWallet::from(signer);
    let signed = NetworkWallet::<alloy::network::Ethereum>::sign_request(&wallet, request).await;
    let signed: TxEnvelope = signed.map_err(|_| bad)?;
    Ok(json!(format!("0x{}", hex::encode(signed.encoded_2718()))))
}
