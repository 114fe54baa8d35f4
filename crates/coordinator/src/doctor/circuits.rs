use std::fs;

use maci_protocol::circuit::{CircuitFiles, CircuitId};
use maci_proving::{Backend, CircuitArtifacts};

use super::Finding;
use crate::finalise::KeySet;

/// Opens every circuit there is, which compares its files with each other, and holds its need against the memory.
pub(super) fn look(set: &KeySet, limit: Option<u64>) -> Vec<Finding> {
    let about = "circuits";
    let Ok(entries) = fs::read_dir(&set.root) else {
        let found = format!("there is no folder {}", set.root.display());
        let remedy = "name the folder with circuits in the settings, or make some with `circuits setup`";
        return vec![Finding::problem(about, found, remedy)];
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let free = available();
    let findings: Vec<Finding> = names
        .iter()
        .filter_map(|name| {
            let circuit = name.strip_suffix("_test").unwrap_or(name).parse().ok()?;
            Some(one(set, name, circuit, limit, free))
        })
        .collect();
    if findings.is_empty() {
        let found = format!("no circuit lies in {}", set.root.display());
        return vec![Finding::problem(
            about,
            found,
            "put some there, or make some with `circuits setup`",
        )];
    }
    findings
}

fn one(set: &KeySet, name: &str, circuit: CircuitId, limit: Option<u64>, free: Option<u64>) -> Finding {
    let about = format!("circuit {name}");
    let files = CircuitFiles::new(name.to_owned());
    let opened = match CircuitArtifacts::open_as(&set.root, circuit, &files, set.profile) {
        Ok(opened) => opened,
        Err(error) => return Finding::warning(about, error.to_string(), "install it again, or take it away"),
    };
    let need = match Backend::default().memory_need(opened.zkey()) {
        Ok(need) => need.total(),
        Err(error) => return Finding::warning(about, error.to_string(), "install its proving key again"),
    };
    let mib = need.div_ceil(1 << 20);
    if let Some(limit) = limit.filter(|limit| *limit < need) {
        let found = format!("a proof takes up to {mib} MiB, and proofs may use {} MiB", limit >> 20);
        return Finding::problem(about, found, "raise proving.memory");
    }
    if let Some(free) = free.filter(|free| *free < need) {
        let found = format!("a proof takes up to {mib} MiB, and {} MiB are free", free >> 20);
        return Finding::warning(about, found, "end other programs, or take a machine with more memory");
    }
    if opened.is_development_only() {
        let found = format!("usable with development keys; a proof takes up to {mib} MiB");
        let remedy = "for a round of value bring keys from a ceremony: whoever made these can forge results";
        return Finding::warning(about, found, remedy);
    }
    Finding::good(about, format!("usable; a proof takes up to {mib} MiB"))
}

/// Memory that programs can have now, in bytes, where the system tells.
fn available() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_folder_without_circuits_is_a_problem() {
        let folder = tempfile::TempDir::new().unwrap();
        let looked = |root| {
            look(&KeySet::in_folder(root), None)
                .first()
                .map(|finding| finding.verdict)
        };
        assert_eq!(looked(folder.path().to_owned()), Some(Verdict::Problem));
        assert_eq!(looked(folder.path().join("nowhere")), Some(Verdict::Problem));
    }

    #[test]
    fn a_circuit_without_its_files_is_told_by_name() {
        let folder = tempfile::TempDir::new().unwrap();
        fs::create_dir(folder.path().join("PollJoining_5")).unwrap();
        let findings = look(&KeySet::in_folder(folder.path()), None);
        assert_eq!(findings[0].verdict, Verdict::Warning);
        assert!(findings[0].about.contains("PollJoining_5"));
    }
}
