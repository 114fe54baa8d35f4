//! The gates: what CI asks of a change besides its tests.
//!
//! - `house`   rules of this repository that no tool knows
mod house;

use anyhow::{Result, bail};

use crate::{
    place::Place,
    shell::{Tool, exists, step},
};

/// Tools that are used where they are installed, and how to get them.
const OPTIONAL: [(&str, &[&str], &str); 3] = [
    ("cargo-deny", &["deny", "check"], "cargo install --locked cargo-deny"),
    ("cargo-machete", &["machete"], "cargo install --locked cargo-machete"),
    ("typos", &[], "cargo install --locked typos-cli"),
];

/// Checks the house rules alone.
pub(crate) fn house(place: &Place) -> Result<()> {
    step("house rules", || house::all(place))
}

/// Runs every gate and reports all that failed.
pub(crate) fn all(place: &Place) -> Result<()> {
    let cargo = |arguments: &[&str]| Tool::new("cargo", arguments, &place.root);
    let mut failed = Vec::new();
    let mut gate = |what: &str, work: &dyn Fn() -> Result<()>| {
        if let Err(error) = step(what, work) {
            eprintln!("  {error:#}");
            failed.push(what.to_owned());
        }
    };
    gate("format", &|| cargo(&["fmt", "--all", "--check"]).show());
    gate("house rules", &|| house::all(place));
    gate("clippy", &|| {
        cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).show()
    });
    gate("documentation", &|| {
        cargo(&["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .show()
    });
    let mut left_out = Vec::new();
    for (tool, arguments, install) in OPTIONAL {
        if !exists(tool) {
            left_out.push(format!("{tool} (get it with `{install}`)"));
        } else if arguments.is_empty() {
            gate(tool, &|| Tool::new(tool, &[], &place.root).show());
        } else {
            gate(tool, &|| cargo(arguments).show());
        }
    }
    if !left_out.is_empty() {
        println!("left out, not installed: {}", left_out.join(", "));
    }
    if !failed.is_empty() {
        bail!("these gates failed: {}", failed.join(", "));
    }
    println!("all gates passed");
    Ok(())
}
