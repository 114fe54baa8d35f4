//! The pinned npm packages.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    place::Place,
    shell::{Tool, step},
};

/// The folders with a lock file, and what they bring.
pub(crate) const FOLDERS: [(&str, &str); 3] = [
    ("contracts", "official MACI contracts"),
    ("circuits", "circom compiler and circuit libraries"),
    ("clients", "official MACI clients, snarkjs, anvil"),
];

/// What only the tests meet.
pub(crate) const FOR_TESTS: [(&str, &str); 2] = [
    ("accounts", "a bundler, EntryPoint and Kernel contracts"),
    ("helia", "Helia, and a Node it runs on"),
];

/// The files that decide what is installed.
const DECIDING: [&str; 3] = ["package-lock.json", "package.json", ".npmrc"];

/// Written last, so that an installation that was cut short is done again.
const STAMP: &str = "node_modules/.installed";

/// Installs every one of these folders whose lock file says something else than what is there.
pub(crate) fn install(place: &Place, folders: &[(&str, &str)]) -> Result<()> {
    for (folder, what) in folders {
        let path = place.at(folder);
        let wanted = fingerprint(&path)?;
        let stamp = path.join(STAMP);
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            continue;
        }
        step(&format!("installing npm packages of {folder}/ ({what})"), || {
            // Not `ci`: it refuses a lock file without other platforms' builds of anvil, which not every registry has.
            // What the lock file names is installed as it says, and the file is left as it is.
            Tool::new("npm", &["install", "--no-save", "--no-audit", "--no-fund"], &path).read()?;
            fs::write(&stamp, &wanted).with_context(|| format!("cannot write {}", stamp.display()))
        })?;
    }
    Ok(())
}

fn fingerprint(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for name in DECIDING {
        let file = folder.join(name);
        match fs::read(&file) {
            Ok(bytes) => hash.update(&bytes),
            Err(_) if name == ".npmrc" => {}
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }
    Ok(hex::encode(hash.finalize()))
}
