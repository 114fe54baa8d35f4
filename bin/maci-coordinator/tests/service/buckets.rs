//! Proofs kept in a bucket: a service finds there what another one made.

use maci_testkit::{Moto, anvil::ACCOUNTS};

use crate::process::Home;
use crate::venue::{Venue, script};

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_finished_with_its_proofs_in_a_bucket() {
    let Some(moto) = Moto::start().await.unwrap() else {
        return;
    };
    let http = reqwest::Client::new();
    let bucket = format!("{}/rounds", moto.url());
    assert!(http.put(&bucket).send().await.unwrap().status().is_success());

    let mut venue = Venue::new().await;
    let objects = format!(
        "{{ in = 's3', bucket = 'rounds', endpoint = '{}', prefix = 'maci', access_key_id = 'a key', \
         secret_access_key = 'hush-hush' }}",
        moto.url()
    );
    venue.home.set("MACI__STORAGE__OBJECTS", &objects);
    let service = venue.home.start();
    let script = script();
    let (_, poll) = &venue.voted(&service, &script).await;
    venue.until_verified(&service, poll).await;
    venue.expect_the_count_of(&script, poll).await;

    let listed = http.get(format!("{bucket}?list-type=2")).send().await.unwrap();
    let listed = listed.text().await.unwrap();
    // two batches of messages, two of ballots, and the blocks of what was published
    assert!(listed.matches("<Key>maci/").count() > 4, "{listed}");
    assert!(!venue.home.data().join("artifacts").exists());
    assert!(service.stop().success(), "{}", venue.home.log());
    assert!(!venue.home.log().contains("hush-hush"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_whose_bucket_is_not_there_does_not_start_and_names_the_setting() {
    let Some(moto) = Moto::start().await.unwrap() else {
        return;
    };
    let mut home = Home::new("http://127.0.0.1:1", ACCOUNTS[1].private_key);
    let objects = format!(
        "{{ in = 's3', bucket = 'rounds', endpoint = '{}', access_key_id = 'a key', secret_access_key = 'hush-hush' }}",
        moto.url()
    );
    home.set("MACI__STORAGE__OBJECTS", &objects);
    let ended = home.command(&["serve"]).output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned() + &home.log();
    assert!(
        said.contains("no bucket `rounds`") && said.contains("[storage.objects]"),
        "{said}"
    );
    assert!(!said.contains("hush-hush"));
}
