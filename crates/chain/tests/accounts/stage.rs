//! A chain with what smart accounts need, an owner, and session keys.

use std::sync::Arc;
use std::time::Duration;

use alloy::network::EthereumWallet;
use alloy::primitives::{Bytes, U256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolEvent};
use maci_chain::account::bindings::IKernel;
use maci_chain::account::{
    AccountError, AllowedCall, Approval, Bundler, Delegation, Draft, MemoryOperationLog, OperationLog, Policy, Route,
    SmartAccount, known,
};
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{Call, FeeCap, Landed, MemoryIntentLog, Purpose, SendSettings, Sender, Submit};
use maci_chain::words::{address, eth_address};
use maci_protocol::ids::{ChainId, EthAddress};
use maci_protocol::time::Timestamp;
use maci_testkit::Anvil;
use maci_testkit::accounts::{AccountContracts, AltoBundler};
use maci_testkit::anvil::{ACCOUNTS, AnvilOptions};
use serde_json::json;

alloy::sol! {
    interface IBell {
        event Rung(address indexed by, uint256 times);
        error Broken(uint256 times);
        function ring(uint256 times);
        function jam(uint256 times);
    }
}

pub(crate) const CHAIN: ChainId = ChainId(31_337);

pub(crate) struct Stage {
    pub(crate) anvil: Anvil,
    pub(crate) contracts: AccountContracts,
    pub(crate) rpc: Rpc,
    pub(crate) owner: PrivateKeySigner,
    pub(crate) bell: EthAddress,
}

/// A session key with its approval.
pub(crate) struct Session {
    pub(crate) key: PrivateKeySigner,
    pub(crate) approval: Approval,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        let options = AnvilOptions {
            large_contracts: true,
            ..AnvilOptions::default()
        };
        let anvil = Anvil::start_with(&options).await.unwrap();
        let contracts = AccountContracts::find().await.unwrap();
        contracts.install(&anvil).await.unwrap();
        let bell = contracts.bell(&anvil).await.unwrap().parse().unwrap();
        let rpc = Rpc::connect(vec![anvil.url().parse().unwrap()], None, patience())
            .await
            .unwrap();
        Self {
            anvil,
            contracts,
            rpc,
            owner: PrivateKeySigner::random(),
            bell,
        }
    }

    pub(crate) async fn bundler(&self) -> (AltoBundler, Bundler) {
        let alto = AltoBundler::start(&self.anvil).await.unwrap();
        let bundler = Bundler::connect(alto.url().parse().unwrap(), CHAIN, patience())
            .await
            .unwrap();
        (alto, bundler)
    }

    pub(crate) async fn now(&self) -> u64 {
        self.anvil.timestamp().await.unwrap()
    }

    /// An approval as the owner's wallet makes it, for a new session key.
    pub(crate) fn approve(&self, policies: Vec<Policy>, nonce: u32) -> Session {
        let key = PrivateKeySigner::random();
        let owner = eth_address(self.owner.address());
        let draft = Draft::new(owner, eth_address(key.address()), CHAIN, policies).nonce(nonce);
        let signature = self.owner.sign_hash_sync(&draft.digest()).unwrap();
        let approval = draft.signed(signature);
        // as it travels
        let approval = Approval::parse(&approval.to_text()).unwrap();
        Session { key, approval }
    }

    pub(crate) async fn fund(&self, account: EthAddress) {
        let ten = json!([account.to_string(), "0x8ac7230489e80000"]);
        self.anvil.rpc().call("anvil_setBalance", ten).await.unwrap();
    }

    pub(crate) async fn check(&self, session: &Session) -> Delegation {
        let now = Timestamp::from_unix_seconds(self.now().await);
        let address = eth_address(session.key.address());
        Delegation::check(session.approval.clone(), address, CHAIN, now, &[]).unwrap()
    }

    pub(crate) async fn account(&self, session: &Session, route: Route) -> SmartAccount {
        self.account_with(session, route, Arc::new(MemoryOperationLog::default()))
            .await
    }

    pub(crate) async fn account_with(
        &self,
        session: &Session,
        route: Route,
        log: Arc<dyn OperationLog>,
    ) -> SmartAccount {
        let delegation = self.check(session).await;
        let signer = Arc::new(session.key.clone());
        SmartAccount::connect(self.rpc.clone(), delegation, signer, route, log, settings())
            .await
            .unwrap()
    }

    /// What the owner tells the account, paying with a funded account: the EntryPoint is impersonated, as if the owner's
    /// own operation had been executed.
    pub(crate) async fn owner_tells(&self, account: EthAddress, call: impl SolCall) {
        let entry_point = known::ENTRY_POINT.to_string();
        let data = Bytes::from(call.abi_encode()).to_string();
        let told = self.anvil.call_as(&entry_point, &account.to_string(), &data).await;
        assert!(told.unwrap(), "the account refused its owner");
    }

    pub(crate) async fn invalidate(&self, account: EthAddress, nonce: u32) {
        self.owner_tells(account, IKernel::invalidateNonceCall { nonce }).await;
    }

    pub(crate) fn ring(&self, purpose: &str, times: u64) -> Call {
        let times = U256::from(times);
        self.call(purpose, IBell::ringCall { times })
    }

    pub(crate) fn call(&self, purpose: &str, call: impl SolCall) -> Call {
        Call {
            purpose: Purpose::new(purpose),
            to: Some(self.bell),
            data: call.abi_encode(),
        }
    }

    /// A call that makes another bell.
    pub(crate) fn make_bell(&self, purpose: &str) -> Call {
        Call {
            purpose: Purpose::new(purpose),
            to: None,
            data: self.contracts.bell_code().parse::<Bytes>().unwrap().to_vec(),
        }
    }

    pub(crate) fn payer(&self) -> Arc<dyn Submit> {
        let signer: PrivateKeySigner = ACCOUNTS[3].private_key.parse().unwrap();
        let wallet: EthereumWallet = signer.into();
        Arc::new(Sender::new(
            self.rpc.clone(),
            wallet,
            Arc::new(MemoryIntentLog::default()),
            settings(),
        ))
    }

    /// How often the bell was rung, as the chain's logs say.
    pub(crate) async fn rung(&self) -> usize {
        let filter = json!([{ "address": self.bell.to_string(), "fromBlock": "0x0" }]);
        let logs = self.anvil.rpc().call("eth_getLogs", filter).await.unwrap();
        logs.as_array().unwrap().len()
    }
}

/// Who rang, and how often, as a landed call's logs say.
pub(crate) fn rings(landed: &Landed) -> Vec<(EthAddress, u64)> {
    let decoded = landed.logs.iter().filter_map(|log| {
        let topics = log.topics.iter().copied().map(alloy::primitives::B256::from);
        IBell::Rung::decode_raw_log(topics, &log.data).ok()
    });
    decoded.map(|event| (eth_address(event.by), event.times.to())).collect()
}

pub(crate) fn why(error: &maci_chain::send::SendError) -> &AccountError {
    match error {
        maci_chain::send::SendError::Account { source, .. } => source,
        other => panic!("another error: {other}"),
    }
}

pub(crate) fn allowed(target: EthAddress, selector: [u8; 4]) -> AllowedCall {
    AllowedCall {
        call_type: Default::default(),
        target: address(target),
        selector: selector.into(),
        value_limit: U256::ZERO,
        arguments: Vec::new(),
    }
}

fn patience() -> Patience {
    Patience {
        request: Duration::from_secs(30),
        rounds: 3,
        first_wait: Duration::from_millis(20),
    }
}

pub(crate) fn settings() -> SendSettings {
    SendSettings {
        fee_cap: FeeCap(1_000_000_000_000),
        outbid_after: Duration::from_secs(20),
        give_up_after: Duration::from_secs(50),
        ..SendSettings::default()
    }
}
