//! A chain behind a node that can be told to fail, a data folder, and processes that can be killed.

use std::future::Future;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::StreamExt;
use maci_chain::artifacts::Artifacts;
use maci_chain::rpc::Patience;
use maci_chain::send::SendSettings;
use maci_coordinator_core::access::{Transport, TransportSource};
use maci_coordinator_core::actor::{Actor, Role};
use maci_coordinator_core::chains::{Chains, ChainsSettings};
use maci_coordinator_core::clock::{Clock, MovedClock};
use maci_coordinator_core::events::{Cursor, Event, EventFilter, EventKind};
use maci_coordinator_core::finalise::{KeySet, ProvingLimits};
use maci_coordinator_core::ipfs::IpfsSettings;
use maci_coordinator_core::ledger::NoRelayedBatches;
use maci_coordinator_core::relay::RelaySettings;
use maci_coordinator_core::senders::SenderChoice;
use maci_coordinator_core::service::{
    DeployMaciRequest, DeployPollRequest, JobHandle, Parts, RoundSettings, Service, ServiceError,
};
use maci_custody::{Cost, Passphrase, SenderKey, Vault};
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::ids::{ChainId, EthAddress, PollRef};
use maci_protocol::poll::Mode;
use maci_protocol::time::Timestamp;
use maci_proving::artifacts::{build, develop};
use maci_proving::compile::Compiler;
use maci_proving::witness::ModuleCache;
use maci_store::Store;
use maci_testkit::anvil::{ACCOUNTS, AnvilOptions};
use maci_testkit::clients::Round;
use maci_testkit::places::zkeys;
use maci_testkit::script::{Joining, Stage};
use maci_testkit::{Anvil, Clients, RpcProxy, Script, places, script};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The chain's id.
pub(crate) const CHAIN: ChainId = ChainId(31_337);

/// How long a test waits for what must come, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the processes of a test live in.
pub(crate) struct Venue {
    pub(crate) chain: Anvil,
    pub(crate) node: RpcProxy,
    pub(crate) clock: MovedClock,
    folder: TempDir,
    outside: Runtime,
}

/// A process with a service in it.
pub(crate) struct Process {
    runtime: Runtime,
    pub(crate) service: Service,
    clock: MovedClock,
}

impl Venue {
    /// A chain with nothing on it.
    pub(crate) fn open() -> Self {
        Self::open_with(&AnvilOptions::default())
    }

    /// A chain of this kind with nothing on it.
    pub(crate) fn open_with(options: &AnvilOptions) -> Self {
        make_circuits();
        let outside = runtime();
        let (chain, node, now) = outside.block_on(async {
            let chain = Anvil::start_with(options).await.unwrap();
            let node = RpcProxy::before(chain.url()).await.unwrap();
            let now = chain.timestamp().await.unwrap();
            (chain, node, now)
        });
        Self {
            chain,
            node,
            clock: MovedClock::at(Timestamp::from_unix_seconds(now)),
            folder: TempDir::new().unwrap(),
            outside,
        }
    }

    /// A new process on the same data folder.
    pub(crate) fn begin(&self) -> Process {
        self.begin_as(|_| ())
    }

    /// The same, with gateways and those who pin.
    pub(crate) fn begin_with(&self, ipfs: IpfsSettings) -> Process {
        self.begin_as(|parts| parts.ipfs = ipfs)
    }

    /// A new process on the same data folder, built otherwise.
    pub(crate) fn begin_as(&self, change: impl FnOnce(&mut Parts)) -> Process {
        let runtime = runtime();
        let service = runtime.block_on(async {
            let mut parts = self.parts().await;
            change(&mut parts);
            Service::start(parts).await.unwrap()
        });
        Process {
            runtime,
            service,
            clock: self.clock.clone(),
        }
    }

    /// The chain's and everybody's clocks show this moment, in Unix seconds.
    pub(crate) fn time_passes_to(&self, seconds: u64) {
        self.outside(self.chain.advance_to(seconds)).unwrap();
        self.clock.move_to(Timestamp::from_unix_seconds(seconds));
    }

    /// Now, in Unix seconds.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now().unix_seconds()
    }

    /// Lets the voters of a script join and vote in a poll.
    pub(crate) fn vote(&self, script: &Script, poll: PollRef) {
        let clients = Clients::find().unwrap();
        let round = Round {
            rpc: self.chain.url().to_owned(),
            maci: poll.maci.to_string(),
            sender: 0,
        };
        let joining = Joining::tiny().unwrap();
        let stage = Stage {
            clients: &clients,
            round: &round,
            poll_id: poll.poll.0,
            joining: &joining,
        };
        self.outside(script.play(&stage)).unwrap();
    }

    /// Waits for something outside of every process.
    pub(crate) fn outside<T>(&self, what: impl Future<Output = T>) -> T {
        self.outside.block_on(what)
    }

    /// What the next process is built of.
    pub(crate) async fn parts(&self) -> Parts {
        parts(self.folder.path(), self.node.url(), &self.clock).await
    }

    /// Where processes keep what survives them.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// What a service on this folder, node and clock is built of.
async fn parts(folder: &Path, node: &str, clock: &MovedClock) -> Parts {
    let chains = ChainsSettings {
        any: vec![node.parse().unwrap()],
        patience: Patience {
            request: Duration::from_secs(20),
            rounds: 2,
            first_wait: Duration::from_millis(20),
        },
        ..ChainsSettings::default()
    };
    let sender = SenderKey::from_private_key(ACCOUNTS[1].private_key).unwrap();
    let keys = Vault::at(&folder.join("keys"), Cost::LIGHT, Vec::new(), Some(sender));
    keys.unlock(Passphrase::new(b"a passphrase for tests only".to_vec()).unwrap())
        .unwrap();
    Parts {
        store: Store::open(folder.join("data")).await.unwrap(),
        chains: Chains::new(chains).unwrap(),
        keys,
        transport: Transport::start(TransportSource::Files {
            public: None,
            private: folder.join("none"),
        }),
        circuits: KeySet::in_folder(zkeys()),
        modules: Arc::new(ModuleCache::in_folder(&places::circuit_cache().join("modules"))),
        contracts: Some(Artifacts::open(&places::workspace_root().join("contracts")).unwrap()),
        listed: Default::default(),
        relayed: Arc::new(NoRelayedBatches),
        ipfs: IpfsSettings::default(),
        proving: ProvingLimits {
            parallel: Some(2),
            memory: 2 << 30,
        },
        sending: SendSettings::default(),
        senders: maci_coordinator_core::senders::SendersSettings::default(),
        clock: Arc::new(clock.clone()),
        rounds: RoundSettings::default(),
        relayer: Some(RelaySettings {
            flush_after: Duration::from_secs(5),
            hurry_before_end: Duration::from_secs(60),
            close_before_end: Duration::from_secs(20),
            try_again_after: Duration::from_secs(1),
            ..RelaySettings::default()
        }),
    }
}

impl Process {
    /// A process on a folder and a node that another process has made.
    pub(crate) fn on(folder: &Path, node: &str, now: u64) -> Self {
        Self::on_as(folder, node, now, |_| ())
    }

    /// The same, built otherwise.
    pub(crate) fn on_as(folder: &Path, node: &str, now: u64, change: impl FnOnce(&mut Parts)) -> Self {
        let (runtime, clock) = (runtime(), MovedClock::at(Timestamp::from_unix_seconds(now)));
        let service = runtime.block_on(async {
            let mut parts = parts(folder, node, &clock).await;
            change(&mut parts);
            Service::start(parts).await.unwrap()
        });
        Self {
            runtime,
            service,
            clock,
        }
    }

    /// Waits for something inside the process.
    pub(crate) fn run<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Dies: everything that was under way stops wherever it is.
    pub(crate) fn crash(self) {
        drop(self.service);
        self.runtime.shutdown_timeout(PATIENCE);
    }

    /// Begins something and waits for what comes of it.
    pub(crate) fn done(
        &self,
        begun: impl Future<Output = Result<JobHandle, ServiceError>>,
    ) -> Result<Value, ServiceError> {
        self.run(async { self.service.job_outcome(begun.await?.id).await })
    }

    /// Deploys MACI with the tiny circuits.
    pub(crate) fn deploy_maci(&self) {
        self.deploy_maci_by(SenderChoice::ChainDefault);
    }

    /// Deploys MACI by a sender.
    pub(crate) fn deploy_maci_by(&self, sender: SenderChoice) {
        self.done(self.service.deploy_maci(&operator(), maci_by(sender)))
            .unwrap();
    }

    /// Deploys a poll that takes votes from now on.
    pub(crate) fn deploy_poll(&self, start: u64, end: u64) -> PollRef {
        self.deploy_relayed_poll(start, end, &[])
    }

    /// The same, with these relayers.
    pub(crate) fn deploy_relayed_poll(&self, start: u64, end: u64, relayers: &[EthAddress]) -> PollRef {
        self.deploy_any_poll(start, end, relayers, SenderChoice::ChainDefault)
    }

    /// Deploys a poll by a sender, who also finalises it.
    pub(crate) fn deploy_poll_by(&self, start: u64, end: u64, sender: SenderChoice) -> PollRef {
        self.deploy_any_poll(start, end, &[], sender)
    }

    fn deploy_any_poll(&self, start: u64, end: u64, relayers: &[EthAddress], sender: SenderChoice) -> PollRef {
        let mut config = poll_shape();
        config["relayers"] = relayers.iter().map(ToString::to_string).collect();
        config["startDate"] = json!(start);
        config["endDate"] = json!(end);
        let request = DeployPollRequest {
            chain: CHAIN,
            config: serde_json::from_value(config).unwrap(),
            key: None,
            sender,
        };
        let made = self.done(self.service.deploy_poll(&operator(), request)).unwrap();
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        PollRef {
            chain: CHAIN,
            maci: text("maci").parse().unwrap(),
            poll: text("pollId").parse().unwrap(),
        }
    }

    /// Lets time pass, a second at a time by the service's clock, until something is so.
    pub(crate) fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, mut is_so: impl FnMut() -> F) -> T {
        self.run(async {
            let begun = Instant::now();
            loop {
                if let Some(found) = is_so().await {
                    return found;
                }
                assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
                self.clock.advance(Duration::from_secs(1));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    }

    /// Waits for an event of a kind, from the beginning of the log on, while time passes.
    pub(crate) fn hear_of(&self, kind: EventKind) -> Event {
        let filter = EventFilter {
            kinds: vec![kind],
            ..EventFilter::default()
        };
        let mut stream = Box::pin(self.service.subscribe(Some(Cursor(0)), filter));
        self.run(async {
            let begun = Instant::now();
            loop {
                if let Ok(next) = tokio::time::timeout(Duration::from_millis(20), stream.next()).await {
                    return next.unwrap();
                }
                assert!(begun.elapsed() < PATIENCE, "{kind} was not heard");
                self.clock.advance(Duration::from_secs(1));
            }
        })
    }

    /// Waits for an event about a poll, from the beginning of the log on.
    pub(crate) fn hear(&self, poll: PollRef, kind: EventKind) -> Event {
        let filter = EventFilter {
            poll: Some(poll),
            kinds: vec![kind],
            ..EventFilter::default()
        };
        let stream = self.service.subscribe(Some(Cursor(0)), filter);
        self.run(async {
            let mut stream = Box::pin(stream);
            let next = tokio::time::timeout(PATIENCE, stream.next()).await;
            next.unwrap_or_else(|_| panic!("{kind} was not heard")).unwrap()
        })
    }
}

/// A MACI with the tiny circuits, deployed by a sender.
pub(crate) fn maci_by(sender: SenderChoice) -> DeployMaciRequest {
    let config = json!({
        "policy": policy(), "MACI": { "stateTreeDepth": 5, "policy": "FreeForAll", "modes": [0] },
        "VerifyingKeysRegistry": { "args": {
            "stateTreeDepth": 5, "pollStateTreeDepth": "5", "tallyProcessingStateTreeDepth": 1,
            "voteOptionTreeDepth": 1, "messageBatchSize": 3,
        } },
    });
    DeployMaciRequest {
        chain: CHAIN,
        config: serde_json::from_value(config).unwrap(),
        sender,
    }
}

/// Somebody who may do everything.
pub(crate) fn admin() -> Actor {
    Actor {
        role: Role::Admin,
        ..operator()
    }
}

/// Somebody who may run rounds.
pub(crate) fn operator() -> Actor {
    Actor {
        name: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8".parse().unwrap(),
        role: Role::Operator,
    }
}

/// A quadratic poll of five options for the tiny circuits, without dates.
pub(crate) fn poll_shape() -> Value {
    json!({
        "mode": 0, "tallyProcessingStateTreeDepth": 1, "messageBatchSize": 3, "pollStateTreeDepth": 5,
        "voteOptionTreeDepth": 1, "voteOptions": 5, "policy": policy(),
        "initialVoiceCreditsProxy": {
            "factoryType": "ConstantInitialVoiceCreditProxyFactory", "type": "ConstantInitialVoiceCreditProxy",
            "args": { "amount": 100 },
        },
    })
}

/// Two batches of messages, two of ballots.
pub(crate) fn votes() -> Script {
    Script::of_two_batches(script::Mode::Quadratic)
}

/// The results a tally file tells.
pub(crate) fn results_of(tally: &Value) -> Vec<String> {
    let results = tally["results"]["tally"].as_array().unwrap().iter();
    results.map(|votes| votes.as_str().unwrap().to_owned()).collect()
}

/// The results the rules alone give.
pub(crate) fn count_of(script: &Script) -> Vec<String> {
    script.count().results.iter().map(ToString::to_string).collect()
}

fn policy() -> Value {
    let folder = "@excubiae/contracts/contracts/extensions/freeForAll";
    json!({
        "policyType": format!("{folder}/FreeForAllPolicy.sol:FreeForAllPolicy"),
        "checkerType": format!("{folder}/FreeForAllChecker.sol:FreeForAllChecker"),
    })
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

/// Compiles the tiny circuits and makes their keys, once.
fn make_circuits() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        let sources: &Path = &places::workspace_root().join("circuits");
        let compiler = Compiler::open(sources, &places::circuit_cache()).unwrap();
        for (template, parameters) in [
            (Template::PollJoining, &[5][..]),
            (Template::PollJoined, &[5]),
            (Template::MessageProcessor(Mode::Qv), &[5, 3, 1]),
            (Template::vote_tally(Mode::Qv), &[5, 1, 1]),
        ] {
            let circuit = CircuitId::with_parameters(template, parameters).unwrap();
            build(&compiler, circuit, &zkeys()).unwrap();
            develop(circuit, &zkeys()).unwrap();
        }
    });
}
