//! Where PostgreSQL's programs are, and as whom they run.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Absent;

/// Folders beside those of `PATH`, as packages and installers use them.
const FOLDERS: [&str; 3] = ["/usr/local/bin", "/opt/homebrew/bin", "/usr/local/pgsql/bin"];

/// Where Debian puts each version's programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with all programs needed.
pub(super) fn folder() -> Result<PathBuf, Absent> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.extend(FOLDERS.map(PathBuf::from));
    folders.extend(debian_versions());
    folders
        .iter()
        // a link leads to the folder where the others are
        .filter_map(|folder| folder.join("pg_ctl").canonicalize().ok()?.parent().map(Path::to_owned))
        .find(|folder| ["initdb", "createdb", "postgres"].iter().all(|name| folder.join(name).exists()))
        .ok_or(Absent {
            what: "PostgreSQL (initdb, pg_ctl, createdb in PATH)",
            command: "apt-get install -y postgresql",
        })
}

/// The newest version first.
fn debian_versions() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(DEBIAN) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// A shell that runs a script with arguments, as somebody the server agrees to run as: it refuses root.
pub(super) fn shell(script: &str, arguments: &[&str]) -> io::Result<Command> {
    let mut command = if is_root()? {
        let user = if exists("postgres")? { "postgres" } else { "nobody" };
        let mut command = Command::new("setpriv");
        command
            .arg(format!("--reuid={user}"))
            .arg(format!("--regid={}", group(user)?));
        command.args(["--clear-groups", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    // a folder that every user may stand in
    command.args(["-c", script, "sh"]).args(arguments).current_dir("/");
    Ok(command)
}

fn is_root() -> io::Result<bool> {
    Ok(id(&["-u"])?.as_deref() == Some("0"))
}

fn exists(user: &str) -> io::Result<bool> {
    Ok(id(&["-u", user])?.is_some())
}

fn group(user: &str) -> io::Result<String> {
    id(&["-g", user])?.ok_or_else(|| io::Error::other(format!("there is no user `{user}`")))
}

fn id(arguments: &[&str]) -> io::Result<Option<String>> {
    let output = Command::new("id").args(arguments).output()?;
    Ok(output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
}
