//! The calls of the TypeScript service, with its bodies and its header, get its answers.

use serde_json::{Value, json};

use crate::venue::{Venue, script};

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_call_gets_its_documented_answer() {
    let mut venue = Venue::new().await;
    // so that nothing but these calls finalises the poll
    venue.home.set("MACI__ROUNDS__LOOK_EVERY", "1h");
    let service = venue.home.start();
    let key = service.get("/v1/proof/publicKey").await.expect(200);
    assert!(
        key["publicKey"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN RSA PUBLIC KEY-----")
    );
    let token = &venue.old_token(&service).await;
    let post = async |path: &str, body: &Value| service.call("POST", path, Some(token), Some(body)).await;

    venue.deploy_maci(&service, token).await;
    let poll = &venue.deploy_poll(&service, token).await;
    assert_eq!(poll, "0");
    let script = script();
    venue.play(&script, poll).await;
    let unwatched = service.call("DELETE", &venue.path(poll), Some(token), None).await;
    assert!(unwatched.status < 300, "{}", unwatched.body);

    let health = service.get("/v1/health/check").await.expect(200);
    assert!(health["rapidsnark"]["rapidsnarkIsExecutable"].is_boolean(), "{health}");
    let zkeys = &health["zkeysDirectory"]["availableZkeys"];
    assert!(zkeys["MessageProcessor_5-3-1_Mode_0"]["zkey"].is_string(), "{health}");
    assert!(zkeys["VoteTally_5-1-1_Mode_0"]["wasm"].is_string(), "{health}");
    assert!(zkeys["PollJoining_5"]["zkey"].is_string(), "{health}");
    assert!(
        health["coordinatorWalletFunds"]["fundsInNetworks"].is_array(),
        "{health}"
    );
    assert_eq!(health["isRedisOpen"], json!(true));

    let scheduled = venue.scheduled(poll);
    let answer = |is_scheduled| json!({ "isScheduled": is_scheduled });
    assert_eq!(
        post("/v1/scheduler/status", &scheduled).await.expect(201),
        answer(false)
    );
    assert_eq!(
        post("/v1/scheduler/register", &scheduled).await.expect(201),
        answer(true)
    );
    assert_eq!(post("/v1/scheduler/status", &scheduled).await.expect(201), answer(true));
    let again = post("/v1/scheduler/register", &scheduled).await.expect(409);
    assert_eq!(again["message"], json!("28"));
    assert_eq!(
        post("/v1/scheduler/delete", &scheduled).await.expect(201),
        answer(false)
    );
    assert_eq!(
        post("/v1/scheduler/status", &scheduled).await.expect(201),
        answer(false)
    );

    venue.close().await;
    let unmerged = post("/v1/proof/generate", &venue.to_prove(poll)).await;
    assert_eq!(unmerged.body["message"], json!("0"), "{}", unmerged.body);
    assert_eq!(
        post("/v1/proof/merge", &venue.about(poll)).await.expect(201),
        json!(true)
    );
    let unproved = post("/v1/proof/submit", &venue.about(poll)).await;
    assert_eq!(unproved.body["message"], json!("5"), "{}", unproved.body);
    let mut foreign = venue.to_prove(poll);
    foreign["encryptedCoordinatorPrivateKey"] = json!("bWFjaXNrLjEyMzQ=");
    let unread = post("/v1/proof/generate", &foreign).await.expect(500);
    assert_eq!(unread["message"], json!("3"));
    let proofs = post("/v1/proof/generate", &venue.to_prove(poll)).await.expect(201);
    assert_eq!(proofs["processProofs"].as_array().unwrap().len(), 2, "{proofs}");
    assert_eq!(proofs["tallyProofs"].as_array().unwrap().len(), 2, "{proofs}");
    let tally = post("/v1/proof/submit", &venue.about(poll)).await.expect(201);
    let results: Vec<String> = script.count().results.iter().map(ToString::to_string).collect();
    assert_eq!(proofs["tallyData"]["results"]["tally"], json!(results));
    assert_eq!(tally["results"]["tally"], json!(results));
    venue.expect_the_count_of(&script, poll).await;

    let tallied = post("/v1/scheduler/register", &scheduled).await.expect(409);
    assert_eq!(tallied["message"], json!("29"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guard_refuses_and_what_is_not_understood_is_answered_as_documented() {
    let venue = Venue::new().await;
    let service = venue.home.start();
    let body = json!({ "chain": "localhost", "config": {} });
    // without a header: what HTTP says of it; with one that proves nothing: what the original service's guard says
    let nobody = service
        .call("POST", "/v1/deploy/maci", None, Some(&body))
        .await
        .expect(401);
    assert_eq!(
        (&nobody["statusCode"], &nobody["message"]),
        (&json!(401), &json!("Unauthorized"))
    );
    let forged = service
        .call("POST", "/v1/deploy/maci", Some("bWVzc2FnZQ=="), Some(&body))
        .await
        .expect(403);
    let of_the_guard = json!({ "statusCode": 403, "message": "Forbidden resource", "error": "Forbidden" });
    for (field, said) in of_the_guard.as_object().unwrap() {
        assert_eq!(&forged[field], said, "{forged}");
    }

    let token = venue.old_token(&service).await;
    let wrong = service
        .call("POST", "/v1/deploy/maci", Some(&token), Some(&body))
        .await
        .expect(400);
    assert_eq!(wrong["statusCode"], json!(400));
    assert_eq!(wrong["error"], json!("Bad Request"));
    assert!(
        wrong["message"].as_array().is_some_and(|texts| !texts.is_empty()),
        "{wrong}"
    );
}
