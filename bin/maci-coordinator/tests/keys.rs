//! `keys`: made, imported, backed up and restored from the command line, without a secret on it.

#![expect(clippy::unwrap_used, reason = "a test may panic anywhere")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SAMPLE: &str = "macisk.5e203463e80f38f11fecbfeca93cbd78ec40b7d82ccf1ba6068fbc23b99f57b1";

/// One machine: a folder with its data and its passphrase.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new(passphrase: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("passphrase"), format!("{passphrase}\n")).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_maci-coordinator"))
            .current_dir(self.path())
            .env_clear()
            .env("MACI_KEY_COST", "light")
            .env("MACI_PASSPHRASE_FILE", "passphrase")
            .args(["--json", "--data-dir", "data", "keys"])
            .args(arguments)
            .output()
            .unwrap()
    }

    fn keys(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_str(text.lines().last().unwrap()).unwrap()
    }
}

#[test]
fn every_key_of_one_machine_comes_back_on_another() {
    let (here, there) = (Machine::new("one"), Machine::new("two"));
    here.keys(&["new", "spring"]);
    std::fs::write(here.path().join("key"), SAMPLE).unwrap();
    here.keys(&["import", "summer", "--key-file", "key"]);
    let shown = here.keys(&["show"]);
    std::fs::write(here.path().join("backup-passphrase"), "backup").unwrap();
    here.keys(&["backup", "keys.json", "--backup-passphrase-file", "backup-passphrase"]);
    let again = here.run(&["backup", "keys.json", "--backup-passphrase-file", "backup-passphrase"]);
    assert!(!again.status.success(), "a backup was overwritten");

    let file = here.path().join("keys.json");
    let passphrase = here.path().join("backup-passphrase");
    let restore = [
        "restore",
        file.to_str().unwrap(),
        "--backup-passphrase-file",
        passphrase.to_str().unwrap(),
    ];
    let restored = there.keys(&restore);
    assert_eq!(restored["added"], serde_json::json!(["spring", "summer", "gas"]));
    assert_eq!(there.keys(&["show"]), shown);
    assert_eq!(
        there.keys(&restore)["present"],
        serde_json::json!(["spring", "summer", "gas"])
    );
}

#[test]
fn a_wrong_passphrase_changes_nothing_and_no_secret_is_told() {
    let machine = Machine::new("one");
    machine.keys(&["new", "spring"]);
    std::fs::write(machine.path().join("passphrase"), "two").unwrap();
    std::fs::write(machine.path().join("key"), SAMPLE).unwrap();
    let refused = machine.run(&["import", "summer", "--key-file", "key"]);
    assert!(!refused.status.success());
    let told = [refused.stdout, refused.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("does not open with this passphrase"), "{told}");
    assert!(!told.contains(&SAMPLE[7..]));
    let shown = machine.keys(&["show"]);
    assert_eq!(shown["keys"].as_array().unwrap().len(), 1);
}
