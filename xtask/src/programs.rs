//! Programs of the system that only tests call: installed where that is allowed, named where it is not.

use std::fs;

use anyhow::{Result, bail};

use crate::{
    place::Place,
    shell::{Tool, exists, step},
};

/// A program, and Debian's package with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    what: &'static str,
    package: &'static str,
    is_there: fn(&Place) -> bool,
}

/// The database server that the store is tested with.
pub(crate) const POSTGRES: Program = Program {
    what: "PostgreSQL",
    package: "postgresql",
    is_there: |_| exists("pg_ctl") || in_debians_folder(),
};

/// The authority that certificates are asked of.
pub(crate) const PEBBLE: Program = Program {
    what: "Pebble",
    package: "pebble",
    is_there: |_| on_path("pebble"),
};

/// What the tests install Schemathesis and moto with, each in an environment of its own.
pub(crate) const PYTHON: Program = Program {
    what: "Python with its venv",
    package: "python3-venv",
    is_there: |place| {
        let asked = Tool::new("python3", &["-c", "import venv, ensurepip"], &place.root);
        asked.read().is_ok()
    },
};

/// Where Debian puts each version's PostgreSQL, which is not in `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Installs what is absent where that is allowed. What stays absent is named: the tests that call it are left out, but on
/// CI they fail.
pub(crate) fn install(place: &Place, programs: &[Program]) {
    let absent: Vec<_> = programs.iter().filter(|program| !(program.is_there)(place)).collect();
    if absent.is_empty() {
        return;
    }
    let may = exists("apt-get") && is_root(place);
    if may {
        // lists that cannot be renewed may still name a package that can be had
        left_out("Debian's lists of packages, as they were", apt(place, &["update"]));
    }
    for Program {
        what,
        package,
        is_there,
    } in absent
    {
        let install = || {
            if !may {
                bail!("`sudo apt-get install -y {package}`, or have it in PATH");
            }
            apt(place, &["install", "-y", "--no-install-recommends", package])?;
            if !is_there(place) {
                bail!("`apt-get install -y {package}` ended well, and it is not there");
            }
            Ok(())
        };
        left_out(what, step(&format!("installing {what} for the tests"), install));
    }
}

/// Says what goes on without something, if it does.
fn left_out(what: &str, done: Result<()>) {
    if let Err(error) = done {
        println!("  without {what}: {error:#}");
    }
}

fn apt(place: &Place, arguments: &[&str]) -> Result<()> {
    let tool = Tool::new("apt-get", arguments, &place.root).env("DEBIAN_FRONTEND", "noninteractive");
    tool.read().map(drop)
}

fn in_debians_folder() -> bool {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    versions
        .into_iter()
        .any(|version| version.path().join("bin/pg_ctl").exists())
}

/// Whether a program is in `PATH`, for those that have no `--version`.
fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root(place: &Place) -> bool {
    let user = Tool::new("id", &["-u"], &place.root).read();
    user.is_ok_and(|id| id.trim() == "0")
}
