//! Killed wherever an operation changes hands, a session key's deployment goes on, and each of its calls is executed once.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::env::{current_exe, var_os};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use alloy::primitives::keccak256;
use maci_chain::account::known::ENTRY_POINT;
use maci_chain::send::SendSettings;
use maci_chain::words::eth_address;
use maci_coordinator_core::senders::{SenderChoice, SendersSettings};
use maci_coordinator_core::service::TransactionQuery;
use maci_testkit::crash::Crashes;
use serde_json::json;

use crate::deputy::{Delegated, sessions, without_a_key};
use crate::venue::{Process, maci_by, operator};

/// What the process of the test is told: where, through which node and bundler, whose accounts, when, and which job to wait
/// for.
const TOLD: [&str; 6] = [
    "MACI_TEST_DEPUTY_FOLDER",
    "MACI_TEST_DEPUTY_NODE",
    "MACI_TEST_DEPUTY_BUNDLER",
    "MACI_TEST_DEPUTY_OWNER",
    "MACI_TEST_DEPUTY_NOW",
    "MACI_TEST_DEPUTY_JOB",
];

/// Where an operation changes hands. More is offered for one while no block is made, so that comes first.
const POINTS: [&str; 5] = [
    "operation-attempt-stored",
    "operation-signed",
    "operation-stored",
    "operation-mined",
    "operation-settled",
];

/// What the EntryPoint says of an operation it executed.
const EXECUTED: &str = "UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)";

/// A process that the other test starts and kills. Started with all tests it has nothing to do.
#[test]
fn a_process_runs_until_the_job_it_was_told_is_done() {
    let told: Option<Vec<String>> = TOLD.map(|name| var_os(name)?.into_string().ok()).into_iter().collect();
    let Some([folder, node, bundler, owner, now, job]) = told.as_deref() else {
        return;
    };
    let (folder, senders) = (
        Path::new(folder),
        SendersSettings {
            sessions: sessions(bundler, owner.parse().unwrap()),
            ..SendersSettings::default()
        },
    );
    let process = Process::on_as(folder, node, now.parse().unwrap(), |parts| {
        without_a_key(parts, folder, senders);
        // before the bundler has had time, more is offered
        parts.sending = SendSettings {
            outbid_after: Duration::from_millis(150),
            ..parts.sending
        };
    });
    process.run(process.service.job_outcome(job.parse().unwrap())).unwrap();
}

#[test]
fn killed_wherever_an_operation_changes_hands_every_call_is_executed_once() {
    let stage = Delegated::open();
    let (venue, process) = (&stage.venue, stage.begin());
    let (session, _) = stage.session(&process);
    // on its way, and the process is gone
    let sender = SenderChoice::Session(session);
    let begun = process.run(process.service.deploy_maci(&operator(), maci_by(sender)));
    let job = begun.unwrap().id.to_string();
    process.crash();

    let lives = Cell::new(0);
    let command = || {
        // no blocks in the first life, and all that waits in one at the beginning of the second
        venue.outside(venue.chain.automine(lives.get() > 0)).unwrap();
        if lives.replace(lives.get() + 1) == 1 {
            venue.outside(venue.chain.mine(1)).unwrap();
        }
        let mut command = Command::new(current_exe().unwrap());
        command.args([
            "operations::a_process_runs_until_the_job_it_was_told_is_done",
            "--exact",
            "--nocapture",
        ]);
        command.envs(TOLD.into_iter().zip([
            venue.folder().to_str().unwrap().to_owned(),
            venue.node.url().to_owned(),
            stage.alto.url().to_owned(),
            eth_address(stage.owner.address()).to_string(),
            venue.now().to_string(),
            job.clone(),
        ]));
        command
    };
    let runs = POINTS.iter().fold(Crashes::of(command), |runs, point| runs.at(*point));
    let runs = runs.until_done().unwrap();
    let died: Vec<&str> = runs
        .iter()
        .filter(|run| run.crashed())
        .filter_map(|run| run.told.as_deref())
        .collect();
    assert_eq!(died, POINTS);

    let process = stage.begin();
    let query = TransactionQuery {
        limit: Some(500),
        ..TransactionQuery::default()
    };
    let signed = process.run(process.service.transactions(query)).unwrap();
    let (mined, rest): (Vec<_>, Vec<_>) = signed.iter().partition(|one| one.state == "mined");
    assert!(rest.iter().all(|one| one.state == "superseded"), "{rest:?}");
    let purposes: Vec<&String> = mined.iter().flat_map(|one| &one.purposes).collect();
    let different: BTreeSet<&String> = purposes.iter().copied().collect();
    assert_eq!(
        different.len(),
        purposes.len(),
        "some call was executed twice: {purposes:?}"
    );
    assert!(
        signed.iter().any(|one| one.attempts.len() > 1),
        "nothing was offered anew"
    );

    // the EntryPoint has the same to say
    let filter = json!([{
        "address": ENTRY_POINT.to_string(), "fromBlock": "0x0", "topics": [keccak256(EXECUTED).to_string()],
    }]);
    let logs = venue.outside(venue.chain.rpc().call("eth_getLogs", filter)).unwrap();
    let executed: BTreeSet<String> = logs
        .as_array()
        .unwrap()
        .iter()
        .map(|log| log["topics"][1].as_str().unwrap().to_owned())
        .collect();
    let known: BTreeSet<String> = mined.iter().map(|one| one.executed.unwrap().to_string()).collect();
    assert_eq!(executed, known);
}
