//! The database server that tests share.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

use maci_testkit::Postgres;

#[test]
fn a_server_gives_each_test_a_database_of_its_own_and_leaves_nothing_behind() {
    if Postgres::shared_or_left_out().unwrap().is_none() {
        return;
    }
    let server = Postgres::start().unwrap();
    let (one, other) = (server.database().unwrap(), server.database().unwrap());
    assert_ne!(one, other);
    let folder = one.split_once("?host=").unwrap().1.to_owned();
    assert!(Path::new(&folder).exists());
    drop(server);
    assert!(!Path::new(&folder).exists());
}
