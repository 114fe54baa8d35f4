//! The official clients answer.

use maci_testkit::Clients;

#[tokio::test]
async fn the_official_library_makes_keys() {
    let keys = Clients::find().unwrap().keys(2).await.unwrap();
    for (private_key, public_key) in &keys {
        assert!(private_key.starts_with("macisk.") && public_key.starts_with("macipk."));
    }
    assert_ne!(keys[0], keys[1]);
}
