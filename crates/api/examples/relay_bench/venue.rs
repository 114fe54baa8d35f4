//! The measured service: a chain, MACI, a poll that names the relayer, and a voter who has joined.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use maci_api::{
    ApiState,
    auth::{AuthSettings, Authenticator, Door},
    limits::{AllowedOrigins, LimitSettings, Rate},
    router,
};
use maci_chain::artifacts::Artifacts;
use maci_chain::reader::PollReader;
use maci_chain::relaying::Guard;
use maci_chain::rpc::{Patience, Rpc};
use maci_chain::send::{MemoryIntentLog, SendSettings, Sender};
use maci_coordinator_core::access::{Transport, TransportSource};
use maci_coordinator_core::actor::{Actor, Role};
use maci_coordinator_core::chains::{ChainSettings, Chains, ChainsSettings};
use maci_coordinator_core::clock::SystemClock;
use maci_coordinator_core::finalise::{KeySet, ProvingLimits};
use maci_coordinator_core::ipfs::IpfsSettings;
use maci_coordinator_core::ledger::NoRelayedBatches;
use maci_coordinator_core::relay::{Allowance, RelaySettings};
use maci_coordinator_core::service::{DeployMaciRequest, DeployPollRequest, Parts, RoundSettings, Service};
use maci_coordinator_core::voter::{join, sign_up};
use maci_crypto::keys::PrivateKey;
use maci_crypto::trees::LazyTree;
use maci_custody::{Cost, Passphrase, SenderKey, Vault};
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::groth16::Proof;
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::statement::PollJoinedStatement;
use maci_protocol::vote::StateLeaf;
use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts, Prover};
use maci_store::Store;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::{Anvil, places};
use serde_json::json;

const CHAIN: ChainId = ChainId(31_337);
const DEPTH: u8 = 5;

/// Serves the whole interface on a free port, with limits that nobody reaches.
pub(crate) async fn listen(service: &Service) -> String {
    let authenticator = Authenticator::new(AuthSettings::new("localhost"), service.access());
    let plenty = Rate::a_minute(100_000_000);
    let limits = LimitSettings {
        acting: plenty,
        reading: plenty,
        ..LimitSettings::default()
    };
    let door = Door::new(authenticator, &limits, AllowedOrigins::default(), 1 << 20);
    let routes: Router = door.before(router(ApiState::new(service.clone())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

/// Deploys MACI and a poll.
pub(crate) async fn deploy(service: &Service, chain: &Anvil) -> PollRef {
    let operator = Actor {
        name: "the measurement".parse().unwrap(),
        role: Role::Operator,
    };
    let policy = json!({ "policyType": "FreeForAllPolicy", "checkerType": "FreeForAllChecker", "args": {} });
    let maci = json!({
        "policy": policy, "MACI": { "stateTreeDepth": DEPTH, "policy": "FreeForAllPolicy", "modes": [0] },
        "VerifyingKeysRegistry": { "args": { "stateTreeDepth": DEPTH, "pollStateTreeDepth": DEPTH,
            "tallyProcessingStateTreeDepth": 1, "voteOptionTreeDepth": 1, "messageBatchSize": 3 } },
    });
    let request = DeployMaciRequest {
        chain: CHAIN,
        config: serde_json::from_value(maci).unwrap(),
        sender: Default::default(),
    };
    let job = service.deploy_maci(&operator, request).await.unwrap();
    service.job_outcome(job.id).await.unwrap();
    let guard = Guard {
        owner: ACCOUNTS[1].address.parse().unwrap(),
    };
    let now = chain.timestamp().await.unwrap();
    let poll = json!({
        "startDate": now, "endDate": now + 100_000, "mode": 0, "tallyProcessingStateTreeDepth": 1,
        "messageBatchSize": 3, "pollStateTreeDepth": DEPTH, "voteOptionTreeDepth": 1, "policy": policy,
        "initialVoiceCreditsProxy": { "factoryType": "ConstantInitialVoiceCreditProxyFactory",
            "type": "ConstantInitialVoiceCreditProxy", "args": { "amount": 100 } },
        "relayers": [guard.address().to_string()], "voteOptions": 5,
    });
    let request = DeployPollRequest {
        chain: CHAIN,
        config: serde_json::from_value(poll).unwrap(),
        key: None,
        sender: Default::default(),
    };
    let job = service.deploy_poll(&operator, request).await.unwrap();
    let made = service.job_outcome(job.id).await.unwrap();
    PollRef {
        chain: CHAIN,
        maci: made["maci"].as_str().unwrap().parse().unwrap(),
        poll: made["pollId"].as_str().unwrap().parse().unwrap(),
    }
}

/// One voter joins; the proof that it has.
pub(crate) async fn joined_proof(chain: &Anvil, poll: PollRef) -> Proof {
    let rpc = Rpc::connect(vec![chain.url().parse().unwrap()], None, Patience::default())
        .await
        .unwrap();
    let wallet = SenderKey::from_private_key(ACCOUNTS[2].private_key)
        .unwrap()
        .on_chain(CHAIN)
        .unwrap();
    let sender = Sender::new(
        rpc.clone(),
        wallet,
        Arc::new(MemoryIntentLog::default()),
        SendSettings::default(),
    );
    let reader = PollReader::open(&rpc, poll.maci, poll.poll).await.unwrap();
    let key = PrivateKey::from_seed([9; 32]);
    sign_up(&sender, poll.maci, &key.public_key()).await.unwrap();
    let index = join(&sender, &reader, &prover(Template::PollJoining), &key)
        .await
        .unwrap();
    let leaf = StateLeaf {
        public_key: key.public_key().point(),
        voice_credit_balance: 100u64.into(),
    };
    let blank = StateLeaf::BLANK.hash();
    let mut tree = LazyTree::new(blank).unwrap();
    tree.push(blank).unwrap();
    tree.push(leaf.hash()).unwrap();
    let path = tree.complete_subtree_proof(index.0).unwrap();
    let statement = PollJoinedStatement::new(DEPTH, key.secret_scalar(), leaf.voice_credit_balance, path);
    let proved = prover(Template::PollJoined).prove(&statement.inputs(), &[statement.state_root]);
    proved.unwrap().proof().clone()
}

fn prover(template: Template) -> Prover {
    let circuit = CircuitId::with_parameters(template, &[DEPTH]).unwrap();
    let (keys, modules) = (
        places::circuit_cache().join("keys"),
        places::circuit_cache().join("modules"),
    );
    let artifacts = CircuitArtifacts::open(&keys, circuit).unwrap();
    Prover::load(&artifacts, Backend::default(), &ModuleCache::in_folder(&modules)).unwrap()
}

/// What the service is built of.
pub(crate) async fn parts(folder: &Path, chain: &Anvil) -> Parts {
    let described = ChainSettings {
        chain: CHAIN,
        endpoints: vec![chain.url().parse().unwrap()],
        confirmations: None,
        log_range: None,
        name: None,
        fee_cap: None,
        fees: None,
    };
    let keys = folder.join("keys");
    std::fs::create_dir_all(&keys).unwrap();
    let sender = SenderKey::from_private_key(ACCOUNTS[1].private_key).unwrap();
    let vault = Vault::at(&keys, Cost::LIGHT, Vec::new(), Some(sender));
    vault
        .unlock(Passphrase::new(b"a passphrase of a measurement".to_vec()).unwrap())
        .unwrap();
    let plenty = Allowance {
        count: NonZeroU32::MAX,
        per: Duration::from_secs(60),
    };
    Parts {
        store: Store::open(folder.join("store")).await.unwrap(),
        chains: Chains::new(ChainsSettings {
            chains: vec![described],
            ..ChainsSettings::default()
        })
        .unwrap(),
        keys: vault,
        transport: Transport::start(TransportSource::Files {
            public: None,
            private: folder.join("none"),
        }),
        circuits: KeySet::in_folder(places::circuit_cache().join("keys")),
        modules: Arc::new(ModuleCache::in_folder(&places::circuit_cache().join("modules"))),
        contracts: Some(Artifacts::open(&places::workspace_root().join("contracts")).unwrap()),
        listed: Default::default(),
        relayed: Arc::new(NoRelayedBatches),
        ipfs: IpfsSettings::default(),
        proving: ProvingLimits {
            parallel: Some(1),
            memory: 1 << 30,
        },
        sending: SendSettings::default(),
        senders: maci_coordinator_core::senders::SendersSettings::default(),
        clock: Arc::new(SystemClock),
        rounds: RoundSettings {
            check_open_polls: false,
            ..RoundSettings::default()
        },
        relayer: Some(RelaySettings {
            per_voter: u64::MAX,
            per_poll: u64::MAX,
            per_address: plenty,
            // what is measured is taking votes: nothing is sent meanwhile
            flush_at: u64::MAX,
            flush_after: Duration::from_secs(86_400),
            per_request: 1_000,
            ..RelaySettings::default()
        }),
    }
}
