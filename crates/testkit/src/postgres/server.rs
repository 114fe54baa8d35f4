//! The server.

use std::{
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use super::programs;
use crate::Absent;

/// Who owns the server.
const USER: &str = "maci";

/// Makes a cluster in a folder of its own, starts it, says where it is, and waits until nobody holds the other end of
/// its input: then it stops the server and removes the folder. So the server ends with whoever started it, however that
/// ends. Nothing here is worth an fsync: it is the clients that are killed in tests, never the server.
const SCRIPT: &str = r#"
set -eu
bin=$1 user=$2
dir=$(mktemp -d /tmp/maci-postgres.XXXXXX)
end() { "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || :; rm -rf "$dir"; }
trap end EXIT
trap 'exit 1' INT TERM HUP
export LC_ALL=C
"$bin/initdb" -D "$dir/data" -U "$user" -A trust -E UTF8 --no-sync >/dev/null
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start -o "-k $dir -c listen_addresses= \
  -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=32MB" >/dev/null ||
  { cat "$dir/log" >&2; exit 1; }
echo "$dir"
cat >/dev/null
"#;

/// A server of our own, which nobody else can reach. It ends when it is dropped, or when this process ends.
#[derive(Debug)]
pub struct Postgres {
    child: Child,
    /// Open for as long as the server is wanted.
    wanted: Option<ChildStdin>,
    programs: PathBuf,
    socket: String,
    databases: AtomicU32,
}

/// Why there is no server or no database.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Not installed.
    #[error(transparent)]
    Missing(#[from] Absent),
    /// A program cannot be run.
    #[error("PostgreSQL cannot be started")]
    Start(#[from] io::Error),
    /// A program failed.
    #[error("PostgreSQL did not do what it was asked; it says:\n{0}")]
    Failed(String),
}

impl Postgres {
    /// The server that all tests of this process share, started when the first one asks.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not come up; each test that asks is told.
    pub fn shared() -> Result<&'static Self, &'static PostgresError> {
        static SHARED: OnceLock<Result<Postgres, PostgresError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// The same; none where PostgreSQL is not installed and need not be.
    ///
    /// # Errors
    /// When it does not come up, and on CI when it is not installed.
    pub fn shared_or_left_out() -> Result<Option<&'static Self>, String> {
        match Self::shared() {
            Ok(server) => Ok(Some(server)),
            Err(PostgresError::Missing(absent)) => absent.clone().leave_out().map_err(|absent| absent.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Starts a server.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not come up.
    pub fn start() -> Result<Self, PostgresError> {
        let programs = programs::folder()?;
        let mut child = programs::shell(SCRIPT, &[&programs.to_string_lossy(), USER])?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let wanted = child.stdin.take();
        let mut socket = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut socket)?;
        }
        let socket = socket.trim().to_owned();
        if socket.is_empty() {
            let mut said = String::new();
            if let Some(mut errors) = child.stderr.take() {
                errors.read_to_string(&mut said)?;
            }
            child.wait()?;
            return Err(PostgresError::Failed(said));
        }
        Ok(Self {
            child,
            wanted,
            programs,
            socket,
            databases: AtomicU32::new(0),
        })
    }

    /// Makes an empty database and answers its URL.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn database(&self) -> Result<String, PostgresError> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.programs.join("createdb"))
            .args(["--host", &self.socket, "--username", USER, "--no-password", &name])
            .output()?;
        if !made.status.success() {
            return Err(PostgresError::Failed(
                String::from_utf8_lossy(&made.stderr).into_owned(),
            ));
        }
        Ok(format!("postgres://{USER}@localhost/{name}?host={}", self.socket))
    }

    /// Ends the connections that call themselves this, as a network or an administrator would.
    ///
    /// # Errors
    /// When the server refuses, or there are none.
    pub fn cut(&self, application: &str) -> Result<(), PostgresError> {
        let cut = format!(
            "SELECT CASE WHEN pg_terminate_backend(pid, 10000) THEN 'cut' END FROM pg_stat_activity \
             WHERE application_name = '{}'",
            application.replace('\'', "''")
        );
        let output = Command::new(self.programs.join("psql"))
            .args([
                "--host",
                &self.socket,
                "--username",
                USER,
                "--no-password",
                "--no-psqlrc",
            ])
            .args(["--tuples-only", "--dbname", "postgres", "--command", &cut])
            .output()?;
        if !output.status.success() || !String::from_utf8_lossy(&output.stdout).contains("cut") {
            return Err(PostgresError::Failed(
                String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
            ));
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.wanted.take());
        // it has been told; there is nothing to do if it had gone before
        let _ = self.child.wait();
    }
}
