//! A whole round over the interfaces alone: deployed, voted in, proved, submitted and looked at.

use maci_protocol::{
    circuit::{CircuitId, Template},
    poll::Mode,
};
use maci_proving::{
    artifacts::{build, develop},
    compile::Compiler,
};
use maci_testkit::{
    Anvil, Clients, Script,
    clients::Round,
    places,
    script::{self, Joining, Stage},
};
use serde_json::{Value, json};

use crate::{
    served::{Answered, Served, Who},
    socketio::tell,
};

/// Compiles the tiny circuits and makes their keys, if they are not there.
pub(crate) fn make_circuits() {
    let keys = places::zkeys();
    let sources = places::workspace_root().join("circuits");
    let compiler = Compiler::open(&sources, &places::circuit_cache()).unwrap();
    for (template, parameters) in [
        (Template::PollJoining, &[5][..]),
        (Template::PollJoined, &[5]),
        (Template::MessageProcessor(Mode::Qv), &[5, 3, 1]),
        (Template::vote_tally(Mode::Qv), &[5, 1, 1]),
    ] {
        let circuit = CircuitId::with_parameters(template, parameters).unwrap();
        build(&compiler, circuit, &keys).unwrap();
        develop(circuit, &keys).unwrap();
    }
}

fn policy() -> Value {
    let folder = "@excubiae/contracts/contracts/extensions/freeForAll";
    json!({
        "policyType": format!("{folder}/FreeForAllPolicy.sol:FreeForAllPolicy"),
        "checkerType": format!("{folder}/FreeForAllChecker.sol:FreeForAllChecker"),
    })
}

pub(crate) fn maci() -> Value {
    json!({ "chain": "localhost", "config": {
        "policy": policy(),
        "MACI": { "stateTreeDepth": 5, "policy": "FreeForAll", "modes": [0] },
        "VerifyingKeysRegistry": { "args": {
            "stateTreeDepth": 5, "pollStateTreeDepth": "5", "tallyProcessingStateTreeDepth": 1,
            "voteOptionTreeDepth": 1, "messageBatchSize": 3,
        } },
    } })
}

fn poll(start: u64, end: u64) -> Value {
    json!({ "chain": "localhost", "config": {
        "startDate": start, "endDate": end, "mode": 0, "tallyProcessingStateTreeDepth": 1, "messageBatchSize": 3,
        "pollStateTreeDepth": 5, "voteOptionTreeDepth": 1, "voteOptions": 5, "policy": policy(),
        "initialVoiceCreditsProxy": {
            "factoryType": "ConstantInitialVoiceCreditProxyFactory", "type": "ConstantInitialVoiceCreditProxy",
            "args": { "amount": 100 },
        },
    } })
}

/// Two batches of messages, two of ballots.
fn votes() -> Script {
    Script::of_two_batches(script::Mode::Quadratic)
}

async fn vote(chain: &Anvil, maci: &str, script: &Script) {
    let clients = Clients::find().unwrap();
    let round = Round {
        rpc: chain.url().to_owned(),
        maci: maci.to_owned(),
        sender: 0,
    };
    let joining = Joining::tiny().unwrap();
    let stage = Stage {
        clients: &clients,
        round: &round,
        poll_id: 0,
        joining: &joining,
    };
    script.play(&stage).await.unwrap();
}

fn made(answer: &Answered) -> Value {
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
    answer.json()
}

fn names(told: &[Value]) -> Vec<&str> {
    told.iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_is_run_over_rest_and_followed_over_socket_io() {
    make_circuits();
    let chain = Anvil::start().await.unwrap();
    let served = Served::on(&chain).await;
    let (url, script) = (served.listen().await, votes());
    let operator = Who::Operator;

    let address = made(&served.post(operator, "/v1/deploy/maci", &maci()).await)["address"].clone();
    let address = address.as_str().unwrap();
    let now = chain.timestamp().await.unwrap();
    let end = now + 3_600;
    assert_eq!(
        made(&served.post(operator, "/v1/deploy/poll", &poll(now, end)).await),
        json!({ "pollId": "0" })
    );
    let place = format!("/v1/polls/localhost/{address}/0");
    let open = served.get(Who::Nobody, &place).await.json();
    assert_eq!(
        (&open["stage"]["name"], &open["timeline"]["isOpen"]),
        (&json!("voting"), &json!(true)),
        "{open}"
    );
    assert_eq!(served.get(Who::Nobody, "/v1/polls").await.json()[0]["pollId"], "0");
    let contracts = served.get(Who::Nobody, "/contracts/").await.json();
    assert_eq!(contracts["localhost"]["named"]["MACI"]["address"], address);
    vote(&chain, address, &script).await;

    let body = json!({ "maciContractAddress": address, "pollId": 0, "chain": "localhost" });
    let early = served.post(operator, "/v1/proof/merge", &body).await;
    assert_eq!(early.status.as_u16(), 409, "{}", early.text);
    let unfollowed = served.send(served.request(operator, "DELETE", &place, None)).await;
    assert_eq!(unfollowed.status.as_u16(), 200, "{}", unfollowed.text);
    chain.advance_to(end + 60).await.unwrap();
    assert_eq!(
        made(&served.post(operator, "/v1/proof/merge", &body).await),
        json!(true)
    );

    // a key that was not encrypted for this service has the number the original service has for it
    let mut foreign = json!({ "maciContractAddress": address, "poll": 0, "mode": 0, "chain": "localhost" });
    foreign["encryptedCoordinatorPrivateKey"] = json!("bWFjaXNrLjEyMzQ=");
    let refused = served.post(operator, "/v1/proof/generate", &foreign).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["message"]),
        (500, &json!("3"))
    );

    // One who leaves after the first batch; one who comes back and is told everything; one who comes late.
    let generate = json!({ "maciContractAddress": address, "poll": 0, "mode": 0, "chain": "localhost" });
    let by = json!({ "authorisation": served.authorisation(operator).unwrap(), "body": generate });
    let mut leaves = by.clone();
    leaves["until"] = json!(1);
    assert_eq!(names(&tell(leaves, &url, "polling").await), ["progress-generation"]);
    for transport in ["websocket", "polling"] {
        let told = tell(by.clone(), &url, transport).await;
        let (last, progress) = told.split_last().unwrap();
        assert_eq!(last["event"], "finish-generation", "{last}");
        assert_eq!(names(progress), ["progress-generation"; 4]);
        for event in progress {
            let data = &event["data"];
            assert_eq!(data["total"], 2);
            assert!(
                data["current"].as_u64().unwrap() < 2 && data["proofs"].is_array(),
                "{data}"
            );
        }
        assert_eq!(last["data"]["proofs"].as_array().unwrap().len(), 4);
        assert!(last["data"]["tallyData"]["results"].is_object());
    }

    let mut later = served.request(operator, "POST", "/v1/proof/generate", Some(&generate));
    later.headers_mut().insert("prefer", "respond-async".parse().unwrap());
    let accepted = served.send(later).await;
    assert_eq!(accepted.status.as_u16(), 202, "{}", accepted.text);
    let job = accepted.header("location").unwrap().to_owned();
    let result = served.get(Who::Viewer, &format!("{job}/result")).await.json();
    assert_eq!(result["processProofs"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(Who::Viewer, &job).await.json()["state"], "done");
    assert!(!result.to_string().contains("circuitInputs"));

    let tally = made(&served.post(operator, "/v1/proof/submit", &body).await);
    let counted: Vec<String> = script.count().results.iter().map(ToString::to_string).collect();
    assert_eq!(tally["results"]["tally"], json!(counted));
    for path in [
        format!("{place}/tally"),
        "/v1/tally/poll/0".to_owned(),
        "/tally/poll/0".to_owned(),
    ] {
        let shown = served
            .get(Who::Nobody, &format!("{path}?chain=localhost&maciAddress={address}"))
            .await;
        assert_eq!(shown.json(), tally, "{path}");
    }
    let mut follows = json!({ "authorisation": served.authorisation(Who::Viewer).unwrap(), "body": body });
    follows["event"] = json!("follow-generation");
    let told = tell(follows, &url, "websocket").await;
    // more jobs were asked for above; the first one made the proofs
    let first = told
        .iter()
        .position(|event| event["event"] == "finish-generation")
        .unwrap();
    assert_eq!(
        (&told[0]["event"], &told[0]["data"]["kind"]),
        (&json!("start-generation"), &json!("generate"))
    );
    assert_eq!(names(&told[1..first]), ["progress-generation"; 4]);
    assert_eq!(told[first]["data"]["tallyData"]["results"]["tally"], json!(counted));
    let verified = served.get(Who::Nobody, &format!("{place}/verification")).await.json();
    assert_eq!(verified["verified"], true, "{verified}");
    let publication = format!("{place}/publication");
    assert_eq!(served.get(Who::Nobody, &publication).await.status.as_u16(), 404);
    let published = made(&served.post(operator, &publication, &json!({})).await);
    assert_eq!(made(&served.post(operator, &publication, &json!({})).await), published);
    assert_eq!(served.get(Who::Nobody, &publication).await.json(), published);
    let path = published["path"].as_str().unwrap();
    let kept = served.get(Who::Nobody, &format!("{path}/tally.json")).await;
    assert_eq!(kept.json(), tally, "{}", kept.text);
    let proofs = served.get(Who::Nobody, &format!("{place}/proofs")).await.json();
    assert_eq!(proofs["tallyProofs"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(Who::Nobody, &place).await.json()["stage"]["name"], "final");
    let jobs = served.get(Who::Viewer, "/v1/jobs?state=done&kind=merge").await.json();
    assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
    let status = json!({ "maciAddress": address, "pollId": 0, "chain": "localhost" });
    let over = served.post(Who::Nobody, "/v1/scheduler/status", &status).await;
    assert_eq!((over.status.as_u16(), &over.json()["message"]), (409, &json!("29")));
}
