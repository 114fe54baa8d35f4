//! Everything that decides what a circuit compiles to, as one hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::CompileError;

/// Hashes a main component's text, all files it includes, directly or not, and `also`. Includes are
/// looked up beside the including file, then in `libraries`, as circom does; one that is nowhere is
/// left to the compiler's own complaint. The hash does not depend on where the folders are.
pub(super) fn hash(main: &str, libraries: &[PathBuf], also: &[&str]) -> Result<[u8; 32], CompileError> {
    let find = |name: &str, folder: Option<&Path>| {
        let libraries = libraries.iter().map(PathBuf::as_path);
        folder
            .into_iter()
            .chain(libraries)
            .find_map(|place| place.join(name).canonicalize().ok())
    };
    let mut hash = Sha256::new();
    for part in std::iter::once(&main).chain(also) {
        put(&mut hash, part.as_bytes());
    }
    let mut contents = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = includes(main).filter_map(|name| find(name, None)).collect();
    while let Some(path) = waiting.pop() {
        if contents.contains_key(&path) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(|source| CompileError::Source {
            path: path.clone(),
            source,
        })?;
        waiting.extend(includes(&text).filter_map(|name| find(name, path.parent())));
        contents.insert(path, text);
    }
    // Sorted by content: the order of paths differs between machines.
    let mut texts: Vec<&String> = contents.values().collect();
    texts.sort();
    for text in texts {
        put(&mut hash, text.as_bytes());
    }
    Ok(hash.finalize().into())
}

fn put(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

fn includes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("include")?;
        let (name, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_are_found_and_other_lines_are_not() {
        let text = "pragma circom 2.0.0;\n  include \"a/b.circom\";\n// included\ninclude\"c.circom\";\nincludes x;";
        assert_eq!(includes(text).collect::<Vec<_>>(), ["a/b.circom", "c.circom"]);
    }

    #[test]
    fn the_hash_follows_the_content_of_included_files_and_not_their_place() {
        let hash_in = |inner: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("outer.circom"), "include \"inner.circom\";").unwrap();
            std::fs::write(folder.path().join("inner.circom"), inner).unwrap();
            hash("include \"outer.circom\";", &[folder.path().to_owned()], &["O2"]).unwrap()
        };
        assert_eq!(hash_in("template A() {}"), hash_in("template A() {}"));
        assert_ne!(hash_in("template A() {}"), hash_in("template B() {}"));
    }
}
