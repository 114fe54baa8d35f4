use std::sync::Arc;
use std::time::Duration;

use alloy::consensus::TxEnvelope;
use alloy::eips::eip2718::Encodable2718;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::network::{EthereumWallet, NetworkWallet, TransactionBuilder};
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use futures::future::{BoxFuture, FutureExt};
use maci_protocol::ids::EthAddress;
use tokio::sync::Mutex;

use super::fees::Fees;
use super::{
    Begun, Call, FeeCap, Intent, IntentLog, IntentState, Landed, Purpose, Revert, SendError, SignedTransaction, Submit,
};
use crate::rpc::{Rpc, RpcError};
use crate::words;

/// How transactions are priced and followed.
#[derive(Debug, Clone, Copy)]
pub struct SendSettings {
    /// The most paid per unit of gas.
    pub fee_cap: FeeCap,
    /// Gas allowed beyond the estimate, in percent.
    pub gas_margin_percent: u64,
    /// After this long without being mined, more is offered.
    pub outbid_after: Duration,
    /// After this long the caller is told that it is still pending.
    pub give_up_after: Duration,
    /// Blocks on top of the one it is in before it counts as landed.
    pub confirmations: u64,
}

impl Default for SendSettings {
    fn default() -> Self {
        Self {
            fee_cap: FeeCap::default(),
            gas_margin_percent: 25,
            outbid_after: Duration::from_secs(60),
            give_up_after: Duration::from_secs(1_800),
            confirmations: 0,
        }
    }
}

/// A wallet on a chain. Clones share the nonces.
#[derive(Debug, Clone)]
pub struct Sender {
    pub(super) rpc: Rpc,
    pub(super) wallet: EthereumWallet,
    pub(super) log: Arc<dyn IntentLog>,
    pub(super) settings: SendSettings,
    /// One nonce is chosen at a time; other processes are kept out by the log.
    nonces: Arc<Mutex<()>>,
}

impl Sender {
    /// A sender that signs with the wallet's default key; a single signer is a wallet too.
    pub fn new(rpc: Rpc, wallet: impl Into<EthereumWallet>, log: Arc<dyn IntentLog>, settings: SendSettings) -> Self {
        Self {
            rpc,
            wallet: wallet.into(),
            log,
            settings,
            nonces: Arc::new(Mutex::new(())),
        }
    }

    /// The address that signs and pays.
    pub fn address(&self) -> EthAddress {
        words::eth_address(NetworkWallet::<alloy::network::Ethereum>::default_signer_address(
            &self.wallet,
        ))
    }

    /// What the address has, in wei.
    pub async fn balance(&self) -> Result<U256, RpcError> {
        let balance = self
            .rpc
            .provider()
            .get_balance(words::address(self.address()))
            .latest()
            .await;
        balance.map_err(RpcError::doing("reading the sender's balance"))
    }

    /// Does the call unless its purpose has been fulfilled, and answers where it landed.
    ///
    /// A stored intent is taken up wherever it was left. Only without one, or after one that can
    /// no longer succeed, is the call tried out, priced, signed, stored and broadcast.
    pub async fn send(&self, call: Call) -> Result<Landed, SendError> {
        let intent = match self.log.newest(self.rpc.chain(), &call.purpose).await? {
            Some(intent) => match intent.state {
                IntentState::Live => intent,
                IntentState::Mined(_) => match self.confirm_mined(intent).await? {
                    Remembered::Landed(landed) => return Ok(landed),
                    Remembered::Live(intent) => intent,
                    Remembered::Gone => self.intend(&call).await?,
                },
                IntentState::Reverted(_) | IntentState::Superseded => self.intend(&call).await?,
            },
            None => self.intend(&call).await?,
        };
        self.follow(intent).await
    }

    /// What the log calls mined is looked up again: the chain may have been replaced since.
    async fn confirm_mined(&self, mut intent: Intent) -> Result<Remembered, SendError> {
        let count = self.mined_count(intent.sender).await?;
        if let Some(receipt) = self.receipt_of(&intent).await? {
            return self.landed(&intent, receipt).await.map(Remembered::Landed);
        }
        if count > intent.nonce {
            return Ok(Remembered::Gone);
        }
        tracing::warn!(purpose = %intent.purpose, "a mined transaction is gone with its block; sending the same bytes again");
        self.log.set_state(&intent, IntentState::Live).await?;
        intent.state = IntentState::Live;
        Ok(Remembered::Live(intent))
    }

    /// Tries the call out, prices it, signs it and stores it. Nothing is broadcast here.
    async fn intend(&self, call: &Call) -> Result<Intent, SendError> {
        let request = self.prepared(call).await?;
        let _one_at_a_time = self.nonces.lock().await;
        let sender = self.address();
        let mut nonce = self.next_nonce(sender).await?;
        loop {
            let signed = self.sign(&call.purpose, request.clone().with_nonce(nonce)).await?;
            let intent = Intent {
                purpose: call.purpose.clone(),
                chain: self.rpc.chain(),
                sender,
                nonce,
                state: IntentState::Live,
                attempts: vec![signed],
            };
            match self.log.begin(&intent).await? {
                Begun::Stored => return Ok(intent),
                Begun::NonceTaken => nonce = nonce.saturating_add(1),
                Begun::PurposeTaken => {
                    if let Some(other) = self.log.newest(self.rpc.chain(), &call.purpose).await? {
                        return Ok(other);
                    }
                }
            }
        }
    }

    async fn next_nonce(&self, sender: EthAddress) -> Result<u64, SendError> {
        let live = self.log.live(self.rpc.chain(), sender).await?;
        let after_ours = live.last().map_or(0, |intent| intent.nonce.saturating_add(1));
        Ok(self.mined_count(sender).await?.max(after_ours))
    }

    /// The call as a request with gas and fees, tried out against the newest block.
    async fn prepared(&self, call: &Call) -> Result<TransactionRequest, SendError> {
        let latest = BlockId::Number(BlockNumberOrTag::Latest);
        let mut request = TransactionRequest::default()
            .with_from(words::address(self.address()))
            .with_chain_id(self.rpc.chain().0)
            .with_input(call.data.clone());
        match call.to {
            Some(contract) => request.set_to(words::address(contract)),
            None => request.set_create(),
        }
        let provider = self.rpc.provider();
        let refused = |error| match Revert::from_failure(&error) {
            Some(reason) => SendError::WouldRevert {
                purpose: call.purpose.clone(),
                reason,
            },
            None => RpcError::doing("trying a transaction out")(error).into(),
        };
        let gas = match provider.estimate_gas(request.clone()).block(latest).await {
            Ok(gas) => gas,
            Err(error) if Revert::from_failure(&error).is_some() => return Err(refused(error)),
            // some nodes do not give the contract's reason with an estimate; a call has it
            Err(error) => {
                provider.call(request).block(latest).await.map_err(refused)?;
                return Err(refused(error));
            }
        };
        let gas = gas.saturating_add(gas.saturating_mul(self.settings.gas_margin_percent) / 100);
        request.set_gas_limit(gas);
        let market = Fees::of_the_market(&self.rpc).await?;
        self.affordable(&call.purpose, gas, market).await?;
        market.under(self.settings.fee_cap).apply(&mut request);
        Ok(request)
    }

    async fn affordable(&self, purpose: &Purpose, gas: u64, market: Fees) -> Result<(), SendError> {
        let cap = self.settings.fee_cap;
        let base = self.base_fee().await?.unwrap_or(market.most());
        if base > cap.0 {
            return Err(SendError::TooExpensive {
                purpose: purpose.clone(),
                asked: base,
                cap: cap.0,
            });
        }
        let needed = U256::from(market.under(cap).most()).saturating_mul(U256::from(gas));
        let balance = self.balance().await?;
        if balance < needed {
            return Err(SendError::Poor {
                purpose: purpose.clone(),
                sender: self.address(),
                balance: balance.to_string(),
                needed: needed.to_string(),
            });
        }
        Ok(())
    }

    async fn base_fee(&self) -> Result<Option<u128>, RpcError> {
        let block = self.rpc.provider().get_block_by_number(BlockNumberOrTag::Latest).await;
        let block = block.map_err(RpcError::doing("reading the base fee"))?;
        Ok(block.and_then(|block| block.header.base_fee_per_gas).map(u128::from))
    }

    pub(super) async fn sign(
        &self,
        purpose: &Purpose,
        request: TransactionRequest,
    ) -> Result<SignedTransaction, SendError> {
        let signed: Result<TxEnvelope, _> =
            NetworkWallet::<alloy::network::Ethereum>::sign_request(&self.wallet, request).await;
        let envelope = signed.map_err(|error| SendError::Signing {
            purpose: purpose.clone(),
            reason: error.to_string(),
        })?;
        Ok(SignedTransaction {
            hash: words::tx_hash(*envelope.tx_hash()),
            raw: envelope.encoded_2718(),
        })
    }

    /// Transactions of the sender that are mined, which is the next nonce the chain takes.
    pub(super) async fn mined_count(&self, sender: EthAddress) -> Result<u64, RpcError> {
        let count = self
            .rpc
            .provider()
            .get_transaction_count(words::address(sender))
            .latest()
            .await;
        count.map_err(RpcError::doing("reading the sender's nonce"))
    }
}

/// What became of an intent that the log calls mined.
enum Remembered {
    Landed(Landed),
    Live(Intent),
    Gone,
}

impl Submit for Sender {
    fn caller(&self) -> EthAddress {
        self.address()
    }

    fn submit(&self, call: Call) -> BoxFuture<'_, Result<Landed, SendError>> {
        self.send(call).boxed()
    }
}
