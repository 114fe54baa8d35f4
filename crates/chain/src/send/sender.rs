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

use super::data_fee::DataFee;
use super::fees::Fees;
use super::follow::Followed;
use super::mined::MinedCount;
use super::receipt::{ended, receipt_of};
use super::recover::mined_count;
use super::strategy::base_fee;
use super::{
    Begun, Call, FeeCap, FeeStrategy, Intent, IntentLog, IntentState, Landed, Permit, Purpose, Revert, SendError,
    SignedTransaction, Spending, Submit,
};
use crate::rpc::{Rpc, RpcError, causes};
use crate::words;

/// How transactions are priced and followed.
#[derive(Debug, Clone, Copy)]
pub struct SendSettings {
    /// The most paid per unit of gas.
    pub fee_cap: FeeCap,
    /// How what is offered is found.
    pub fees: FeeStrategy,
    /// Gas allowed beyond the estimate, in percent.
    pub gas_margin_percent: u64,
    /// After this long without being mined, more is offered.
    pub outbid_after: Duration,
    /// After this long the caller is told that it is still pending.
    pub give_up_after: Duration,
    /// Blocks on top of the one it is in before it counts as landed.
    pub confirmations: u64,
    /// What the sender keeps whatever is asked of it, in wei.
    pub min_balance: u128,
}

impl Default for SendSettings {
    fn default() -> Self {
        Self {
            fee_cap: FeeCap::default(),
            fees: FeeStrategy::default(),
            gas_margin_percent: 25,
            outbid_after: Duration::from_secs(60),
            give_up_after: Duration::from_secs(1_800),
            confirmations: 0,
            min_balance: 0,
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
    permit: Option<Arc<dyn Permit>>,
    data_fee: Arc<DataFee>,
    /// Nonces whose transactions somebody in this process follows, and so broadcasts.
    pub(super) followed: Arc<Followed>,
    /// How many of its transactions are mined, for all who follow one.
    pub(super) mined: Arc<MinedCount>,
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
            permit: None,
            data_fee: Arc::default(),
            followed: Arc::default(),
            mined: Arc::default(),
        }
    }

    /// The same, asking these rules before anything is signed.
    #[must_use]
    pub fn permitted_by(mut self, permit: Arc<dyn Permit>) -> Self {
        self.permit = Some(permit);
        self
    }

    /// The chain it sends on.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// The address that signs and pays.
    pub fn address(&self) -> EthAddress {
        words::eth_address(NetworkWallet::<alloy::network::Ethereum>::default_signer_address(
            &self.wallet,
        ))
    }

    /// What the address has, in wei.
    pub async fn balance(&self) -> Result<U256, RpcError> {
        balance_of(&self.rpc, self.address()).await
    }

    /// Does the call unless its purpose has been fulfilled, and answers where it landed.
    ///
    /// A stored intent is taken up wherever it was left. Only without one, or after one that can
    /// no longer succeed, is the call tried out, priced, signed, stored and broadcast.
    pub async fn send(&self, call: Call) -> Result<Landed, SendError> {
        let ready = self.ready(call).await?;
        self.finish(self.begin(ready).await?).await
    }

    /// Looks what became of the call before, and gets it ready to be signed if it is to be.
    pub(super) async fn ready(&self, call: Call) -> Result<Ready, SendError> {
        let intent = match self.log.newest(self.rpc.chain(), &call.purpose).await? {
            Some(intent) => match intent.state {
                IntentState::Live => Some(intent),
                IntentState::Mined(_) => match self.confirm_mined(intent).await? {
                    Remembered::Landed(landed) => return Ok(Ready::Landed(landed)),
                    Remembered::Live(intent) => Some(intent),
                    Remembered::Gone => None,
                },
                IntentState::Reverted(_) | IntentState::Superseded | IntentState::Cancelled(_) => None,
            },
            None => None,
        };
        if let Some(intent) = intent {
            return Ok(Ready::Live(intent));
        }
        let (request, most) = self.prepared(&call).await?;
        Ok(Ready::New(Box::new((call, request, most))))
    }

    /// Signs and stores what is new.
    pub(super) async fn begin(&self, ready: Ready) -> Result<Result<Landed, Intent>, SendError> {
        Ok(match ready {
            Ready::Landed(landed) => Ok(landed),
            Ready::Live(intent) => Err(intent),
            Ready::New(new) => {
                let (call, request, most) = *new;
                Err(self.intend(&call, request, most).await?)
            }
        })
    }

    async fn finish(&self, begun: Result<Landed, Intent>) -> Result<Landed, SendError> {
        match begun {
            Ok(landed) => Ok(landed),
            Err(intent) => self.follow(intent).await,
        }
    }

    /// What the log calls mined is looked up again: the chain may have been replaced since.
    async fn confirm_mined(&self, mut intent: Intent) -> Result<Remembered, SendError> {
        let count = mined_count(&self.rpc, intent.sender).await?;
        if let Some(receipt) = receipt_of(&self.rpc, &intent).await? {
            let landed = ended(&self.rpc, self.log.as_ref(), &intent, receipt).await;
            return landed.map(Remembered::Landed);
        }
        if count > intent.nonce {
            return Ok(Remembered::Gone);
        }
        tracing::warn!(purpose = %intent.purpose, "a mined transaction is gone with its block; sending the same bytes again");
        self.log.set_state(&intent, IntentState::Live).await?;
        intent.state = IntentState::Live;
        Ok(Remembered::Live(intent))
    }

    /// Signs what was tried out and priced, and stores it. Nothing is broadcast here.
    async fn intend(&self, call: &Call, request: TransactionRequest, most: u128) -> Result<Intent, SendError> {
        let _one_at_a_time = self.nonces.lock().await;
        let sender = self.address();
        let spending = Spending {
            purpose: call.purpose.clone(),
            chain: self.rpc.chain(),
            sender,
            most,
            reserved: 0,
        };
        self.permitted(&spending).await?;
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

    /// The lowest nonce that is neither mined nor promised.
    async fn next_nonce(&self, sender: EthAddress) -> Result<u64, SendError> {
        let mut next = mined_count(&self.rpc, sender).await?;
        for known in self.log.since(self.rpc.chain(), sender, next).await? {
            if known.nonce > next {
                break;
            }
            // what was mined and taken back will be mined again; what was superseded never
            if known.state != IntentState::Superseded {
                next = known.nonce.saturating_add(1);
            }
        }
        Ok(next)
    }

    /// Asks the operator's rules.
    pub(super) async fn permitted(&self, spending: &Spending) -> Result<(), SendError> {
        let Some(permit) = &self.permit else {
            return Ok(());
        };
        permit.permit(spending).await.map_err(|reason| SendError::Denied {
            purpose: spending.purpose.clone(),
            reason,
        })
    }

    /// The call as a request with gas and fees, tried out against the newest block, and the most it can cost in wei.
    async fn prepared(&self, call: &Call) -> Result<(TransactionRequest, u128), SendError> {
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
        let market = self.settings.fees.offer(&self.rpc).await?;
        market.under(self.settings.fee_cap).apply(&mut request);
        let data_fee = self.data_fee.of(&self.rpc, &call.data).await?;
        let most = self.affordable(&call.purpose, gas, market, data_fee).await?;
        Ok((request, most))
    }

    /// The most that so much gas can cost, if the sender has it and the chain asks for no more than the cap.
    async fn affordable(&self, purpose: &Purpose, gas: u64, market: Fees, data_fee: u128) -> Result<u128, SendError> {
        let cap = self.settings.fee_cap;
        let base = base_fee(&self.rpc).await?.unwrap_or(market.most());
        if base > cap.0 {
            return Err(SendError::TooExpensive {
                purpose: purpose.clone(),
                asked: base,
                cap: cap.0,
            });
        }
        // the price of data moves too
        let data_fee = data_fee.saturating_add(data_fee / 4);
        let most = market.under(cap).most().saturating_mul(u128::from(gas));
        let most = most.saturating_add(data_fee);
        let needed = U256::from(most).saturating_add(U256::from(self.settings.min_balance));
        let balance = self.balance().await?;
        if balance < needed {
            return Err(SendError::Poor {
                purpose: purpose.clone(),
                sender: self.address(),
                balance: balance.to_string(),
                needed: needed.to_string(),
            });
        }
        Ok(most)
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
            reason: causes(&error),
        })?;
        Ok(SignedTransaction {
            hash: words::tx_hash(*envelope.tx_hash()),
            raw: envelope.encoded_2718(),
            cancels: false,
        })
    }
}

/// What an address has, in wei.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn balance_of(rpc: &Rpc, account: EthAddress) -> Result<U256, RpcError> {
    let balance = rpc.provider().get_balance(words::address(account)).latest().await;
    balance.map_err(RpcError::doing("reading the sender's balance"))
}

/// A call that nothing keeps from being done.
pub(super) enum Ready {
    /// It was done before.
    Landed(Landed),
    /// It was signed before.
    Live(Intent),
    /// It is to be signed: the call, its request, and the most it can cost.
    New(Box<(Call, TransactionRequest, u128)>),
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

    /// Calls are in flight together, with consecutive nonces in their order.
    fn submit_all(&self, calls: Vec<Call>) -> BoxFuture<'_, Vec<Result<Landed, SendError>>> {
        self.fly(calls).boxed()
    }
}
