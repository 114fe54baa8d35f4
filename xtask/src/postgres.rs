//! The database server that the store's tests run against.

use std::fs;

use anyhow::{Result, bail};

use crate::{
    place::Place,
    shell::{Tool, exists, step},
};

/// Where Debian puts each version's programs, which are not in `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What a person types where this program may not.
const COMMAND: &str = "apt-get install -y postgresql";

/// Installs PostgreSQL where it is absent and may be installed, and says how where it may not.
pub(crate) fn install(place: &Place) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        Tool::new("apt-get", arguments, &place.root)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .read()
    };
    if !exists("apt-get") || !is_root(place) {
        bail!("PostgreSQL, which the store is tested with: `sudo {COMMAND}`, or have its programs in PATH");
    }
    step("installing PostgreSQL for the store's tests", || {
        // lists that cannot be renewed may still name a package that can be had
        if let Err(error) = apt(&["update"]) {
            println!("  {error:#}");
        }
        apt(&["install", "-y", "--no-install-recommends", "postgresql"])?;
        if !is_there() {
            bail!("`{COMMAND}` ended well, but {DEBIAN} has no pg_ctl");
        }
        Ok(())
    })
}

fn is_there() -> bool {
    let in_debians_folder = || {
        let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
        versions
            .into_iter()
            .any(|version| version.path().join("bin/pg_ctl").exists())
    };
    exists("pg_ctl") || in_debians_folder()
}

fn is_root(place: &Place) -> bool {
    let user = Tool::new("id", &["-u"], &place.root).read();
    user.is_ok_and(|id| id.trim() == "0")
}
