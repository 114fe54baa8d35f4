//! Every policy and source of credits, from a design to a poll that asks it, on the official contracts.

use alloy::primitives::{Address, B256, U256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue};
use maci_chain::contracts::policies::{IInitialVoiceCreditProxy, IPolicy};
use maci_chain::deploy::{Deployed, Design, Known, MaciDesign, Origin, Policy, PolicyDesign, PolicyName, VoiceCredits};
use maci_chain::words::{address, eth_address};
use maci_protocol::ids::EthAddress;
use serde_json::{Value, json};

use crate::stage::{Stage, maci_design, new_maci, new_poll};

sol! {
    #[sol(rpc)]
    interface IAsks {
        function getAppendedBytes() returns (bytes);
    }
    interface IVotes {
        function changeVotes(uint256 votes);
    }
}

/// What every policy is made with, as descriptions write it, and the types of what its checker then holds.
async fn arguments(stage: &Stage, name: PolicyName) -> Value {
    let root = format!("0x{}", "5f".repeat(32));
    match name {
        PolicyName::FreeForAll => json!({}),
        PolicyName::Token => json!({ "token": stage.outside("MockToken", &[]).await }),
        PolicyName::Eas => {
            let us = address(stage.sender.address());
            let made = (us, B256::repeat_byte(7), us).abi_encode_params();
            let eas = stage.outside("MockEAS", &made).await;
            json!({ "easAddress": eas, "attester": stage.sender.address(), "schema": format!("0x{}", "07".repeat(32)) })
        }
        PolicyName::GitcoinPassport => {
            json!({ "decoderAddress": stage.outside("MockGitcoinPassportDecoder", &[]).await, "passingScore": 20 })
        }
        PolicyName::Hats => {
            json!({ "hatsProtocolAddress": stage.outside("MockHatsProtocol", &[]).await, "critrionHats": ["1", 2] })
        }
        PolicyName::Zupass => {
            let verifier = stage.outside("ZupassGroth16Verifier", &[]).await;
            json!({ "eventId": 1, "signer1": "2", "signer2": "0x3", "zupassVerifier": verifier })
        }
        PolicyName::Semaphore => {
            let semaphore = stage.outside("MockSemaphore", &U256::from(4).abi_encode()).await;
            json!({ "semaphoreContract": semaphore, "groupId": 4 })
        }
        PolicyName::MerkleProof => json!({ "root": root }),
        PolicyName::AnonAadhaar => {
            json!({ "verifier": stage.outside("MockAnonAadhaar", &[]).await, "nullifierSeed": "4534" })
        }
        PolicyName::Erc20Votes => {
            json!({ "token": stage.outside("MockERC20Votes", &token()).await, "snapshotBlock": 1, "threshold": 10 })
        }
        PolicyName::Erc20 => json!({ "token": stage.outside("MockERC20", &token()).await, "threshold": "10" }),
    }
}

/// What a token is made with: its name and its symbol.
fn token() -> Vec<u8> {
    ("Votes".to_owned(), "V".to_owned()).abi_encode_params()
}

fn policy(name: PolicyName, arguments: &Value) -> PolicyDesign {
    let policy = Policy::read(name, arguments.as_object().unwrap(), "/policy", &[]);
    PolicyDesign::New(policy.unwrap())
}

#[tokio::test]
async fn every_policy_is_planned_deployed_guards_its_targets_and_is_not_deployed_twice() {
    let stage = Stage::start().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let mut known = Known::default();
    for name in PolicyName::ALL {
        let arguments = arguments(&stage, *name).await;
        let mut maci = new_maci();
        maci.sign_up_policy = policy(*name, &arguments);
        let mut poll = new_poll(now);
        poll.policy = policy(*name, &arguments);
        let design = Design {
            name: format!("round of {name}"),
            maci: MaciDesign::New(Box::new(maci)),
            polls: vec![poll],
        };
        let plan = stage.plan(&design, &known).await.unwrap();
        assert_eq!(plan.trial, Ok(()), "{name}");
        let mut made_now = Vec::new();
        let mut watch = |_: &str, one: &Deployed| made_now.push((one.id.clone(), one.address));
        let contracts = stage.apply_knowing(&design, &known, &mut watch).await.unwrap();

        let planned = |step: &str| plan.steps.iter().find(|one| one.name == step).unwrap().address;
        let [made] = contracts.polls.as_slice() else {
            panic!("{name}: {contracts:?}");
        };
        assert_eq!(planned("MACI"), Some(contracts.maci.maci), "{name}");
        assert_eq!(planned("poll spring: policy"), Some(made.policy), "{name}");
        for (at, target) in [
            (contracts.maci.sign_up_policy.unwrap(), contracts.maci.maci),
            (made.policy, made.addresses.poll),
        ] {
            let contract = IPolicy::new(address(at), stage.rpc.provider().clone());
            assert_eq!(eth_address(contract.guarded().call().await.unwrap()), target, "{name}");
            assert_eq!(
                eth_address(contract.owner().call().await.unwrap()),
                stage.sender.address()
            );
            let word = contract.r#trait().call().await.unwrap();
            let expected = if *name == PolicyName::Token {
                "Token"
            } else {
                name.word()
            };
            assert_eq!(word, expected, "{name}");
        }
        let checker = planned("poll spring: checker").unwrap();
        let asked = IAsks::new(address(checker), stage.rpc.provider().clone());
        let held = asked.getAppendedBytes().call().await.unwrap();
        holds(*name, &arguments, &held);

        let blocks = stage.anvil.block_number().await.unwrap();
        let again = stage.apply_knowing(&design, &known, &mut |_, _| {}).await.unwrap();
        assert_eq!(again, contracts, "{name}");
        assert_eq!(stage.plan(&design, &known).await.unwrap().to_send(), 0, "{name}");
        assert_eq!(stage.anvil.block_number().await.unwrap(), blocks, "{name}");
        // the next rounds use what this one made
        for (id, at) in made_now {
            known.add(id, at, Origin::Records);
        }
    }
}

/// Whether a checker holds what its policy was to be made with.
fn holds(name: PolicyName, arguments: &Value, held: &[u8]) {
    let at = |field: &str| arguments[field].as_str().unwrap().parse::<Address>().unwrap();
    let hash = |field: &str| arguments[field].as_str().unwrap().parse::<B256>().unwrap();
    let number = |number: u64| U256::from(number);
    let expected = match name {
        PolicyName::FreeForAll => Vec::new(),
        PolicyName::Token => at("token").abi_encode(),
        PolicyName::Eas => (at("easAddress"), at("attester"), hash("schema")).abi_encode_params(),
        PolicyName::GitcoinPassport => (at("decoderAddress"), number(20)).abi_encode_params(),
        PolicyName::Hats => (at("hatsProtocolAddress"), vec![number(1), number(2)]).abi_encode_params(),
        PolicyName::Zupass => (number(1), number(2), number(3), at("zupassVerifier")).abi_encode_params(),
        PolicyName::Semaphore => (at("semaphoreContract"), number(4)).abi_encode_params(),
        PolicyName::MerkleProof => hash("root").abi_encode(),
        PolicyName::AnonAadhaar => (at("verifier"), number(4534)).abi_encode_params(),
        PolicyName::Erc20Votes => (at("token"), number(1), number(10)).abi_encode_params(),
        PolicyName::Erc20 => (at("token"), number(10)).abi_encode_params(),
    };
    assert_eq!(hex::encode(held), hex::encode(expected), "{name}");
}

#[tokio::test]
async fn credits_are_as_many_as_the_source_says_constant_or_by_balance() {
    let stage = Stage::start().await;
    let now = stage.anvil.timestamp().await.unwrap();
    let token = stage.outside("MockERC20Votes", &token()).await;
    let votes = IVotes::changeVotesCall { votes: U256::from(57) };
    stage.call("votes", token, votes.abi_encode()).await.unwrap();
    let mut design = maci_design();
    design.polls.push(new_poll(now));
    let by_balance = VoiceCredits::Erc20Votes {
        snapshot_block: 1,
        token,
        factor: U256::from(10),
    };
    let mut second = new_poll(now);
    second.name = "by balance".to_owned();
    second.credits = by_balance;
    design.polls.push(second);
    let contracts = stage.apply(&design).await.unwrap();
    let [constant, by_balance] = contracts.polls.as_slice() else {
        panic!("{contracts:?}");
    };
    assert_eq!((constant.poll.poll.0, by_balance.poll.poll.0), (0, 1));
    let credits = async |at: EthAddress| {
        let contract = IInitialVoiceCreditProxy::new(address(at), stage.rpc.provider().clone());
        let us = address(stage.sender.address());
        contract.getVoiceCredits(us, Default::default()).call().await.unwrap()
    };
    assert_eq!(credits(constant.initial_voice_credit_proxy).await, U256::from(100));
    assert_eq!(credits(by_balance.initial_voice_credit_proxy).await, U256::from(5));

    // a source that is there serves another poll
    let mut third = new_poll(now);
    third.credits = VoiceCredits::Proxy(constant.initial_voice_credit_proxy);
    let mut another = design.clone();
    another.name = "another".to_owned();
    another.maci = crate::stage::there(&contracts.maci);
    another.polls = vec![third];
    let made = stage.apply(&another).await.unwrap();
    assert_eq!(
        made.polls[0].initial_voice_credit_proxy,
        constant.initial_voice_credit_proxy
    );
    assert_eq!(made.polls[0].poll.poll.0, 2);
}
