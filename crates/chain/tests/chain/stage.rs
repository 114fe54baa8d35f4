//! A chain of the test's own, with our sender on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alloy::network::EthereumWallet;
use alloy::primitives::U256;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use maci_chain::artifacts::Artifacts;
use maci_chain::contracts::maci::IMaci;
use maci_chain::contracts::poll::IPoll;
use maci_chain::deploy::{
    Contracts, DeployError, Design, Forgetful, KeySet, Known, MaciContracts, MaciDesign, ModeKeys, NewMaci, Plan,
    Policy, PolicyDesign, PollContracts, PollDesign, VerifierKind, VoiceCredits, Watch, apply, plan,
};
use maci_chain::reader::Period;
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{Call, FeeCap, IntentLog, Landed, MemoryIntentLog, Purpose, SendError, SendSettings, Sender};
use maci_chain::words::word;
use maci_crypto::Fq;
use maci_crypto::curve::Point;
use maci_crypto::keys::PublicKey;
use maci_protocol::groth16::{G1, G2, VerifyingKey};
use maci_protocol::ids::EthAddress;
use maci_protocol::poll::{Mode, TreeDepths};
use maci_testkit::Anvil;
use maci_testkit::anvil::ACCOUNTS;

pub(crate) const STATE_DEPTH: u8 = 5;

pub(crate) struct Stage {
    pub(crate) anvil: Anvil,
    pub(crate) rpc: Rpc,
    pub(crate) log: Arc<MemoryIntentLog>,
    pub(crate) sender: Sender,
    pub(crate) memory: Forgetful,
}

pub(crate) fn artifacts() -> Artifacts {
    let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    Artifacts::open(&contracts).expect("the set-up installs the contracts")
}

pub(crate) async fn connect(urls: &[&str]) -> Rpc {
    let endpoints = urls.iter().map(|url| url.parse().unwrap()).collect();
    Rpc::connect(endpoints, None, patience()).await.unwrap()
}

pub(crate) fn patience() -> Patience {
    Patience {
        request: Duration::from_secs(5),
        rounds: 3,
        first_wait: Duration::from_millis(20),
    }
}

pub(crate) fn settings() -> SendSettings {
    SendSettings {
        fee_cap: FeeCap(1_000_000_000_000),
        outbid_after: Duration::from_millis(400),
        give_up_after: Duration::from_secs(60),
        ..SendSettings::default()
    }
}

pub(crate) fn wallet(account: usize) -> EthereumWallet {
    let signer: PrivateKeySigner = ACCOUNTS[account].private_key.parse().unwrap();
    signer.into()
}

impl Stage {
    pub(crate) async fn start() -> Self {
        let anvil = Anvil::start().await.unwrap();
        let rpc = connect(&[anvil.url()]).await;
        let log = Arc::new(MemoryIntentLog::default());
        let sender = Sender::new(rpc.clone(), wallet(0), log.clone() as Arc<dyn IntentLog>, settings());
        Self {
            anvil,
            rpc,
            log,
            sender,
            memory: Forgetful::default(),
        }
    }

    pub(crate) async fn deploy_maci(&self) -> MaciContracts {
        self.apply(&maci_design()).await.unwrap().maci
    }

    pub(crate) async fn deploy_poll(&self, maci: &MaciContracts) -> PollContracts {
        let design = poll_design(maci, self.anvil.timestamp().await.unwrap());
        self.apply(&design).await.unwrap().polls[0]
    }

    pub(crate) async fn apply(&self, design: &Design) -> Result<Contracts, DeployError> {
        self.apply_knowing(design, &Known::default(), &mut |_, _| {}).await
    }

    pub(crate) async fn apply_knowing(
        &self,
        design: &Design,
        known: &Known,
        watch: Watch<'_>,
    ) -> Result<Contracts, DeployError> {
        let artifacts = artifacts();
        apply(&self.rpc, &artifacts, &self.sender, &self.memory, known, design, watch).await
    }

    pub(crate) async fn plan(&self, design: &Design, known: &Known) -> Result<Plan, DeployError> {
        let caller = self.sender.address();
        plan(&self.rpc, &artifacts(), caller, &self.memory, known, design).await
    }

    /// Deploys a contract of the package that stands outside of MACI, such as a token.
    pub(crate) async fn outside(&self, name: &str, arguments: &[u8]) -> EthAddress {
        let code = outside_code(name);
        let call = Call {
            purpose: Purpose::new(format!("{name} {}", hex::encode(arguments))),
            to: None,
            data: [&code, arguments].concat(),
        };
        self.sender.send(call).await.unwrap().created.unwrap()
    }

    pub(crate) async fn call(&self, purpose: &str, to: EthAddress, data: Vec<u8>) -> Result<Landed, SendError> {
        let purpose = Purpose::new(purpose);
        self.sender
            .send(Call {
                purpose,
                to: Some(to),
                data,
            })
            .await
    }

    /// Signs up and joins with a key, whose proof the poll's verifier does not look at.
    pub(crate) async fn join(&self, maci: EthAddress, poll: EthAddress, key: Point, nullifier: u64) {
        let (x, y) = (word(&key.x), word(&key.y));
        let sign_up = IMaci::signUpCall {
            _publicKey: IMaci::PublicKey { x, y },
            _signUpPolicyData: Default::default(),
        };
        self.call(&format!("sign up {nullifier}"), maci, sign_up.abi_encode())
            .await
            .unwrap();
        let join = IPoll::joinPollCall {
            _nullifier: U256::from(nullifier),
            _publicKey: IPoll::PublicKey { x, y },
            _stateRootIndex: U256::from(1),
            _proof: [U256::ZERO; 8],
            _signUpPolicyData: Default::default(),
            _initialVoiceCreditProxyData: Default::default(),
        };
        self.call(&format!("join {nullifier}"), poll, join.abi_encode())
            .await
            .unwrap();
    }

    pub(crate) async fn publish(&self, poll: EthAddress, number: u64) {
        let publish = IPoll::publishMessageCall {
            _message: IPoll::Message {
                data: [U256::from(number); 10],
            },
            _encryptionPublicKey: IPoll::PublicKey {
                x: word(&Point::BASE8.x),
                y: word(&Point::BASE8.y),
            },
        };
        self.call(&format!("publish {number}"), poll, publish.abi_encode())
            .await
            .unwrap();
    }
}

/// The code of a contract of the package that stands outside of MACI.
fn outside_code(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../contracts/node_modules/@maci-protocol/contracts/build/artifacts");
    let folders = [
        "contracts/mocks",
        "@excubiae/contracts/contracts/test/extensions/mocks",
        "@excubiae/contracts/contracts/extensions/zupass",
    ];
    let paths = folders.map(|folder| root.join(folder).join(format!("{name}.sol/{name}.json")));
    let path = paths.iter().find(|path| path.is_file()).unwrap();
    let artifact: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    hex::decode(artifact["bytecode"].as_str().unwrap().trim_start_matches("0x")).unwrap()
}

pub(crate) fn maci_design() -> Design {
    Design {
        name: "maci".to_owned(),
        maci: MaciDesign::New(Box::new(new_maci())),
        polls: Vec::new(),
    }
}

pub(crate) fn new_maci() -> NewMaci {
    NewMaci {
        state_tree_depth: STATE_DEPTH,
        sign_up_policy: PolicyDesign::New(Policy::free_for_all()),
        verifier: VerifierKind::AcceptsEverything,
        registry: None,
        keys: vec![key_set(&[Mode::Qv])],
        poseidon: [None; 4],
    }
}

pub(crate) fn depths() -> TreeDepths {
    TreeDepths::new(1, 1, STATE_DEPTH).unwrap()
}

pub(crate) fn key_set(modes: &[Mode]) -> KeySet {
    let of_mode = |mode: &Mode| ModeKeys {
        mode: *mode,
        process: key(10 + u64::from(u8::from(*mode)), 10),
        tally: key(20 + u64::from(u8::from(*mode)), 6),
    };
    KeySet {
        depths: depths(),
        message_batch_size: 3,
        poll_joining: key(1, 6),
        poll_joined: key(2, 2),
        modes: modes.iter().map(of_mode).collect(),
    }
}

/// A key that checks nothing but can be told from others.
pub(crate) fn key(seed: u64, points: u64) -> VerifyingKey {
    let g1 = |n: u64| G1 {
        x: Fq::from(seed),
        y: Fq::from(n),
    };
    let g2 = |n: u64| G2 {
        x: [Fq::from(seed), Fq::from(n)],
        y: [Fq::from(n + 1), Fq::from(n + 2)],
    };
    VerifyingKey {
        alpha1: g1(1),
        beta2: g2(10),
        gamma2: g2(20),
        delta2: g2(30),
        ic: (0..points).map(|n| g1(100 + n)).collect(),
    }
}

pub(crate) fn poll_design(maci: &MaciContracts, now: u64) -> Design {
    Design {
        name: "poll".to_owned(),
        maci: there(maci),
        polls: vec![new_poll(now)],
    }
}

pub(crate) fn there(maci: &MaciContracts) -> MaciDesign {
    MaciDesign::There {
        maci: maci.maci,
        verifier_and_registry: maci.verifier.zip(maci.verifying_keys_registry),
        keys: Vec::new(),
    }
}

pub(crate) fn new_poll(now: u64) -> PollDesign {
    PollDesign {
        name: "spring".to_owned(),
        mode: Mode::Qv,
        depths: depths(),
        message_batch_size: 3,
        vote_options: 4,
        period: Period {
            start: now,
            end: now + 1_000,
        },
        coordinator: PublicKey::new(Point::BASE8).unwrap(),
        policy: PolicyDesign::New(Policy::free_for_all()),
        credits: VoiceCredits::Constant(100),
        relayers: Vec::new(),
    }
}
