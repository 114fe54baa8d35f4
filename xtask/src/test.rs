//! Every test, counted.

use std::{collections::BTreeSet, time::Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::{
    npm,
    place::Place,
    programs::{self, PEBBLE, POSTGRES, PYTHON},
    shell::{Tool, seconds},
};

/// Crates all of whose tests run without circuits and chains.
const PURE: [&str; 5] = [
    "maci-crypto",
    "maci-protocol",
    "maci-kernels",
    "maci-store",
    "maci-custody",
];

/// What the test harnesses reported.
#[derive(Debug, Default)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Installs what only tests need.
pub(crate) fn setup(place: &Place) -> Result<()> {
    npm::install(place, &npm::FOR_TESTS)?;
    programs::install(place, &[POSTGRES, PEBBLE, PYTHON]);
    Ok(())
}

/// Runs the whole suite.
pub(crate) fn everything(place: &Place) -> Result<()> {
    crate::setup(place)?;
    setup(place)?;
    run(place, &["test", "--workspace", "--no-fail-fast"])
}

/// Runs what needs neither circuits nor chains: every crate's unit tests, and all tests of the pure crates.
///
/// One command over the whole workspace, because another selection of packages would build dependencies anew.
pub(crate) fn fast(place: &Place) -> Result<()> {
    programs::install(place, &[POSTGRES]);
    let names = pure_test_files(place)?;
    let mut arguments = vec!["test", "--workspace", "--no-fail-fast", "--lib", "--bins"];
    arguments.extend(names.iter().flat_map(|name| ["--test", name]));
    run(place, &arguments)
}

/// Runs the tests of the crates that the feature `bitswap` touches, with the feature: it brings libp2p, which nothing else
/// here compiles.
pub(crate) fn bitswap(place: &Place) -> Result<()> {
    crate::setup(place)?;
    setup(place)?;
    let packages = ["-p", "maci-bitswap", "-p", "maci-coordinator"];
    let arguments = [&["test", "--features", "bitswap", "--no-fail-fast"], &packages[..]].concat();
    run(place, &arguments)
}

/// The names of the pure crates' test files.
fn pure_test_files(place: &Place) -> Result<BTreeSet<String>> {
    let text = Tool::new(
        "cargo",
        &["metadata", "--no-deps", "--format-version", "1"],
        &place.root,
    )
    .read()?;
    let metadata: Value = serde_json::from_str(&text)?;
    let list = |of: &Value, field| of.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let word = |of: &Value, field| of.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let packages = list(&metadata, "packages")
        .into_iter()
        .filter(|package| PURE.contains(&&*word(package, "name")));
    let targets = packages.flat_map(|package| list(&package, "targets"));
    let tests = targets.filter(|target| list(target, "kind").iter().any(|kind| kind == "test"));
    Ok(tests.map(|target| word(&target, "name")).collect())
}

fn run(place: &Place, arguments: &[&str]) -> Result<()> {
    let start = Instant::now();
    let mut count = Count::default();
    let succeeded = Tool::new("cargo", arguments, &place.root)
        .env("MACI_CIRCUIT_CACHE", &place.circuits)
        .watch(|line| count.add(line))?;
    let Count {
        passed,
        failed,
        ignored,
    } = count;
    println!(
        "\n{passed} tests passed, {failed} failed, {ignored} ignored in {}",
        seconds(start.elapsed())
    );
    if passed == 0 {
        bail!("no test ran");
    }
    if !succeeded || failed > 0 {
        bail!("tests failed; their names are above");
    }
    Ok(())
}

impl Count {
    /// Reads a harness's closing line: `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            let Some((number, kind)) = part.split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match kind {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn closing_lines_of_harnesses_add_up() {
        let mut count = Count::default();
        count.add("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        count.add("test some_test ... ok");
        count.add("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        assert_eq!((count.passed, count.failed, count.ignored), (15, 2, 1));
    }
}
