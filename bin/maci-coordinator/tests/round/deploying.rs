//! Descriptions brought about by the binary: once, whatever happens in between, or refused before anything is sent.

use alloy::signers::local::PrivateKeySigner;
use maci_testkit::{
    anvil::{ACCOUNTS, AnvilOptions},
    signers::RemoteSignerDouble,
};
use serde_json::{Value, json};

use crate::site::{GAS_MONEY, Sent, Site, die_at_every_step, text};

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_step_a_deployment_goes_on_without_a_second_contract() {
    let site = Site::open(&AnvilOptions::default()).await;
    let file = site.write(&site.description().await);
    let plan = site.operator.run(&["deploy", "plan", text(&file)]);
    assert!(plan.ok, "{}", plan.error);
    let plan = plan.lines.last().unwrap().clone();
    assert_eq!(plan["isSimulated"], json!(true), "{plan}");
    let planned = usize::try_from(plan["toSend"].as_u64().unwrap()).unwrap();
    assert_eq!(site.chain.block_number().await.unwrap(), 0);

    let steps = Sent::of(&plan);
    assert_eq!(steps.len(), planned);
    let list = site.folder.path().join("deaths");
    let apply = || site.operator.command(&["deploy", "apply", text(&file)]);
    tokio::task::block_in_place(|| die_at_every_step("spring", &steps, 0, &list, apply));
    assert_eq!(site.calls().await, planned);

    let before = site.chain.block_number().await.unwrap();
    let maci = site.operator.ask(&["deploy", "apply", text(&file)], "maci");
    let plan = site
        .operator
        .ask(&["deploy", "apply", "--dry-run", text(&file)], "toSend");
    assert_eq!(plan, json!(0));
    assert_eq!(site.chain.block_number().await.unwrap(), before);
    let record: Value =
        serde_json::from_slice(&std::fs::read(site.operator.data().join("deployed-contracts.json")).unwrap()).unwrap();
    let named = &record["localhost"]["named"];
    assert_eq!(named["MACI"]["address"], maci["address"]);
    assert_eq!(named["MACI"]["count"], json!(1));
    assert!(named["Poll"]["poll-0"]["address"].is_string());
    let instance = &record["localhost"]["instance"][maci["address"].as_str().unwrap()];
    assert!(
        instance["verify"]["args"].as_str().unwrap().starts_with('['),
        "{instance}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_money_half_way_it_stops_says_so_and_goes_on_when_there_is_some() {
    let site = Site::open(&AnvilOptions::default()).await;
    let file = site.write(&site.description().await);
    // enough for some steps
    site.fund("0x38d7ea4c680000").await;
    let stopped = site.operator.run(&["deploy", "apply", text(&file)]);
    assert!(
        !stopped.ok && stopped.error.contains("send it the difference"),
        "{}",
        stopped.error
    );
    let some = site.calls().await;
    site.fund(GAS_MONEY).await;
    let done = site.operator.run(&["deploy", "apply", text(&file)]);
    assert!(done.ok, "{}", done.error);
    assert!(site.calls().await > some);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_need_nothing_of_each_other_share_blocks() {
    let options = AnvilOptions {
        block_time: Some(1),
        ..AnvilOptions::default()
    };
    let site = Site::open(&options).await;
    let file = site.write(&site.description().await);
    let begun = site.chain.block_number().await.unwrap();
    let done = site.operator.run(&["deploy", "apply", text(&file)]);
    assert!(done.ok, "{}", done.error);
    let ended = site.chain.block_number().await.unwrap();
    let mut used = 0;
    for block in begun..=ended {
        used += usize::from(site.chain.gas_used(block).await.unwrap() > 0);
    }
    println!("deployed in {used} blocks, {} seconds of the chain", ended - begun);
    assert!(used <= 12, "{used} blocks");
    assert!(ended - begun <= 15, "{} seconds", ended - begun);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_its_place_and_nothing_is_sent() {
    let site = Site::open(&AnvilOptions::default()).await;
    let whole = site.description().await;
    for (pointer, value, told) in [
        ("/chain", json!("ganache"), "/chain is refused: `ganache` is no chain"),
        (
            "/maci/policy/type",
            json!("Beauty"),
            "/maci/policy/type is `Beauty`, which is no policy",
        ),
        ("/maci/policy/type", json!("Token"), "/maci/policy/token is missing"),
        ("/polls/0/voteOptions", json!(6), "/polls/0/voteOptions is 6"),
        ("/polls/0/endDate", json!(5), "/polls/0/endDate is 5"),
        ("/polls/0/messageBatchSize", json!(4), "no verifying key"),
        (
            "/polls/0/tallyProcessingStateTreeDepth",
            json!(5),
            "depths that do not fit",
        ),
        (
            "/maci/verifyingKeys/0/messageBatchSize",
            json!(7),
            "/maci/verifyingKeys/0 names circuits that are not here",
        ),
        ("/polls/0/mode", json!("RANKED"), "/polls/0/mode is refused"),
    ] {
        let mut wrong = whole.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        let refused = site.operator.run(&["deploy", "apply", text(&site.write(&wrong))]);
        assert!(
            !refused.ok && refused.error.contains(told),
            "{pointer}: {}",
            refused.error
        );
    }
    let mut off_curve = whole;
    off_curve["polls"][0]["coordinatorPublicKey"] = json!(format!("macipk.{}", "ff".repeat(32)));
    let refused = site.operator.run(&["deploy", "apply", text(&site.write(&off_curve))]);
    assert!(
        refused.error.contains("/polls/0/coordinatorPublicKey is no public key"),
        "{}",
        refused.error
    );
    assert_eq!(site.chain.block_number().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_a_description_or_the_command_line_names_deploys_and_nobody_in_its_place() {
    let mut site = Site::open(&AnvilOptions::default()).await;
    let key: PrivateKeySigner = ACCOUNTS[3].private_key.parse().unwrap();
    let treasury = RemoteSignerDouble::start(key, 31_337).await.unwrap();
    let settings = site.folder.path().join("settings.toml");
    let signer = |name: &str, url: &str| {
        let account = ACCOUNTS[3].address;
        format!("[senders.{name}]\nkind = \"remote\"\nurl = \"{url}\"\naccount = \"{account}\"\n")
    };
    let text_of_settings = [signer("treasury", treasury.url()), signer("away", "http://127.0.0.1:9")].concat();
    std::fs::write(&settings, text_of_settings).unwrap();
    site.operator.set(vec![("MACI_CONFIG", text(&settings).to_owned())]);
    let mut description = site.description().await;
    description["polls"] = json!([]);
    description["sender"] = json!("treasury");
    let file = site.write(&description);
    let sent_by = |account: String| {
        let asked = json!([account, "latest"]);
        async {
            site.chain
                .rpc()
                .quantity("eth_getTransactionCount", asked)
                .await
                .unwrap()
        }
    };
    let gas = site.operator.ask(&["keys", "show"], "gasAddress");
    let gas = gas.as_str().unwrap().to_owned();

    // one that cannot be had, or is not described, sends nothing, and the gas key does not step in
    for (name, told) in [("away", "does not answer"), ("nobody", "there is no sender `nobody`")] {
        let refused = site.operator.run(&["deploy", "apply", "--sender", name, text(&file)]);
        assert!(!refused.ok && refused.error.contains(told), "{name}: {}", refused.error);
    }
    assert_eq!(site.chain.block_number().await.unwrap(), 0);

    let planned = site.operator.ask(&["deploy", "plan", text(&file)], "sender");
    assert_eq!(
        planned.as_str().unwrap().to_lowercase(),
        ACCOUNTS[3].address.to_lowercase()
    );
    let done = site.operator.run(&["deploy", "apply", text(&file)]);
    assert!(done.ok, "{}", done.error);
    let by_treasury = sent_by(ACCOUNTS[3].address.to_owned()).await;
    assert!(by_treasury > 0);
    assert_eq!(sent_by(gas.clone()).await, 0);

    // the command line goes before the description
    description["name"] = json!("summer");
    let file = site.write(&description);
    let done = site.operator.run(&["deploy", "apply", "--sender", "gas", text(&file)]);
    assert!(done.ok, "{}", done.error);
    assert_eq!(sent_by(ACCOUNTS[3].address.to_owned()).await, by_treasury);
    assert!(sent_by(gas).await > 0);
}
