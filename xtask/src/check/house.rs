//! Rules of this repository that no tool knows.

use std::{fs, path::Path};

use anyhow::{Result, bail};

use crate::{place::Place, shell::Tool};

/// No source file is longer.
const MOST_LINES: usize = 600;

/// Files whose length is not ours to choose.
const NOT_MEASURED: [&str; 2] = ["package-lock.json", "Cargo.lock"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["utils", "helpers", "common", "types", "misc", "v2"];

/// What is written in code, and so has a length and a name to look at.
const CODE: [&str; 4] = ["rs", "js", "circom", "ts"];

/// Checks every tracked text file.
pub(crate) fn all(place: &Place) -> Result<()> {
    let listing = Tool::new("git", &["ls-files"], &place.root).read()?;
    let mut found = Vec::new();
    for name in listing.lines() {
        let path = Path::new(name);
        let Ok(text) = fs::read_to_string(place.root.join(path)) else {
            continue;
        };
        found.extend(
            complaints(path, &text)
                .into_iter()
                .map(|complaint| format!("{name}: {complaint}")),
        );
    }
    if !found.is_empty() {
        bail!("{}", found.join("\n  "));
    }
    Ok(())
}

fn complaints(path: &Path, text: &str) -> Vec<String> {
    let part =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let (name, stem, kind) = (part(path.file_name()), part(path.file_stem()), part(path.extension()));
    let mut found = Vec::new();
    if NOT_MEASURED.contains(&name.as_str()) {
        if name == "package-lock.json" && text.contains("\"resolved\"") {
            found.push("names a registry; make it with `npm install --omit-lockfile-registry-resolved`".to_owned());
        }
        return found;
    }
    let lines = text.lines().count();
    if CODE.contains(&kind.as_str()) {
        if lines > MOST_LINES {
            found.push(format!(
                "has {lines} lines, more than {MOST_LINES}: split it by what it does"
            ));
        }
        if EMPTY_NAMES.contains(&stem.as_str()) {
            found.push("its name says nothing about what is inside".to_owned());
        }
    }
    let homes = ["home", "Users", "root"].map(|folder| format!("/{folder}/"));
    for (number, line) in text.lines().enumerate() {
        if homes.iter().any(|home| names_a_home(line, home)) {
            found.push(format!("line {} names a folder of one machine", number + 1));
        }
    }
    found
}

/// Whether a line holds an absolute path below a home folder (and not, say, a URL's path).
fn names_a_home(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && character != '.' && character != '}')
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::complaints;

    #[test]
    fn a_long_file_an_empty_name_a_home_folder_and_a_registry_are_found() {
        let long = "x\n".repeat(601);
        assert_eq!(complaints(Path::new("a/replay.rs"), &long).len(), 1);
        assert_eq!(complaints(Path::new("a/utils.rs"), "").len(), 1);
        let home = format!("see /{}/me/notes", "home");
        assert_eq!(complaints(Path::new("README.md"), &home).len(), 1);
        assert_eq!(
            complaints(Path::new("x/package-lock.json"), "\"resolved\": \"\"").len(),
            1
        );
    }

    #[test]
    fn ordinary_files_are_left_alone() {
        assert!(complaints(Path::new("a/replay.rs"), "fn main() {}\n").is_empty());
        assert!(complaints(Path::new("docs/x.md"), "https://host.org/home/page").is_empty());
    }
}
