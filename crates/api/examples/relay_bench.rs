//! The relayer under load: how many votes a second it takes, and how long a voter waits at half of that.
//!
//! Service, chain, database and the clients who hand votes in share one machine. Every request has one message and a
//! proof of its own that was not seen before (one proof, blinded anew for each request), unless `MACI_RELAY_MESSAGES`
//! says how many messages a request has. The last line is JSON.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a measurement fails by panicking and reads how it is to measure"
)]

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ark_bn254::{Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Field;
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
use maci_crypto::curve::Point;
use maci_crypto::keys::{PrivateKey, PublicKey};
use maci_crypto::trees::LazyTree;
use maci_custody::{Cost, Passphrase, SenderKey, Vault};
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::groth16::{G1, G2, Proof};
use maci_protocol::ids::{ChainId, PollRef};
use maci_protocol::statement::PollJoinedStatement;
use maci_protocol::vote::StateLeaf;
use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts, Prover};
use maci_store::Store;
use maci_testkit::anvil::ACCOUNTS;
use maci_testkit::{Anvil, places};
use serde_json::{Value, json};

const CHAIN: ChainId = ChainId(31_337);
const DEPTH: u8 = 5;

/// Connections that hand votes in.
const CONNECTIONS: usize = 64;

/// How long each part is measured.
const MEASURED: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    let per_request: usize = number("MACI_RELAY_MESSAGES", 1);
    let requests: usize = number("MACI_RELAY_REQUESTS", 20_000);
    let folder = tempfile::tempdir().unwrap();
    let chain = Anvil::start().await.unwrap();
    let service = Service::start(parts(folder.path(), &chain).await).await.unwrap();
    let poll = deploy(&service, &chain).await;
    let proof = joined_proof(&chain, poll).await;
    let url = listen(&service).await;
    println!("{requests} requests with {per_request} messages each are made");
    let bodies: Arc<Vec<String>> = Arc::new((0..requests).map(|one| body(poll, &proof, one, per_request)).collect());

    let next = Arc::new(AtomicUsize::new(0));
    let (most, _) = load(&url, &bodies, &next, None).await;
    let votes = most * per_request as f64;
    println!("as fast as it goes: {votes:.0} votes a second");
    let (half, mut waits) = load(&url, &bodies, &next, Some(most / 2.0)).await;
    waits.sort_unstable();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    println!(
        "at {:.0} votes a second: p50 {:.1} ms, p99 {:.1} ms",
        half * per_request as f64,
        at(50),
        at(99)
    );
    println!(
        "{}",
        json!({ "votesPerSecond": votes, "halfLoad": half * per_request as f64, "p50": at(50), "p99": at(99) })
    );
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Hands bodies in on all connections for a while, as fast as answers come or at a pace; answers how many were taken a
/// second, and how long each took from when it was due.
async fn load(
    url: &str,
    bodies: &Arc<Vec<String>>,
    next: &Arc<AtomicUsize>,
    pace: Option<f64>,
) -> (f64, Vec<Duration>) {
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(CONNECTIONS)
        .build()
        .unwrap();
    let (begun, first) = (Instant::now(), next.load(Ordering::Relaxed));
    let workers = (0..CONNECTIONS).map(|_| {
        let (client, bodies, next, url) = (client.clone(), bodies.clone(), next.clone(), url.to_owned());
        tokio::spawn(async move {
            let mut waits = Vec::new();
            while begun.elapsed() < MEASURED {
                let one = next.fetch_add(1, Ordering::Relaxed);
                let Some(body) = bodies.get(one) else { break };
                let due = match pace {
                    Some(pace) => begun + Duration::from_secs_f64((one - first) as f64 / pace),
                    None => Instant::now(),
                };
                tokio::time::sleep_until(due.into()).await;
                let request = client.post(format!("{url}/v1/messages/publish"));
                let answer = request
                    .header("content-type", "application/json")
                    .body(body.clone())
                    .send()
                    .await;
                let answer = answer.unwrap();
                assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
                drop(answer.bytes().await.unwrap());
                waits.push(due.elapsed());
            }
            waits
        })
    });
    let mut waits = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        waits.extend(worker.await.unwrap());
    }
    (waits.len() as f64 / begun.elapsed().as_secs_f64(), waits)
}

/// A request like no other: other ciphertexts, and the proof blinded anew.
fn body(poll: PollRef, proof: &Proof, one: usize, messages: usize) -> String {
    let key = PublicKey::new(Point::BASE8).unwrap().serialize();
    let message = |number: usize| {
        let data: Vec<String> = (0..10)
            .map(|part| (1 + (one * messages + number) * 10 + part).to_string())
            .collect();
        json!({ "data": data, "publicKey": key })
    };
    let words = blinded(proof, one as u64 + 2).to_solidity();
    let words = words.map(|word| decimal(&word));
    json!({
        "stateLeafIndex": 1, "proof": words, "poll": poll.poll.0, "maciContractAddress": poll.maci.to_string(),
        "messages": (0..messages).map(message).collect::<Vec<Value>>(),
    })
    .to_string()
}

fn decimal(word: &[u8; 32]) -> String {
    alloy::primitives::U256::from_be_bytes(*word).to_string()
}

/// Another proof of the same: A is divided and B multiplied by a number.
fn blinded(proof: &Proof, by: u64) -> Proof {
    let by = Fr::from(by);
    let a = (G1Affine::new_unchecked(proof.a.x, proof.a.y) * by.inverse().unwrap()).into_affine();
    let pair = |[real, imaginary]: [ark_bn254::Fq; 2]| ark_bn254::Fq2::new(real, imaginary);
    let b = (G2Affine::new_unchecked(pair(proof.b.x), pair(proof.b.y)) * by).into_affine();
    let (a, b) = (a.xy().unwrap(), b.xy().unwrap());
    Proof {
        a: G1 { x: a.0, y: a.1 },
        b: G2 {
            x: [b.0.c0, b.0.c1],
            y: [b.1.c0, b.1.c1],
        },
        c: proof.c.clone(),
    }
}

async fn listen(service: &Service) -> String {
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

async fn deploy(service: &Service, chain: &Anvil) -> PollRef {
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
async fn joined_proof(chain: &Anvil, poll: PollRef) -> Proof {
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

async fn parts(folder: &Path, chain: &Anvil) -> Parts {
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
