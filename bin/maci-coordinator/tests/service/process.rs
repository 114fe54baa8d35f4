//! The service as a process: started, asked, killed.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use maci_testkit::places::{self, zkeys};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a service is started with, and what it leaves behind.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// A running service; killed when dropped.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    /// Where its API is.
    pub(crate) url: String,
    http: reqwest::Client,
    _output: BufReader<ChildStdout>,
}

/// What a call was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Home {
    /// Nothing but a passphrase; the service pays from one of anvil's accounts.
    pub(crate) fn new(rpc: &str, sender_key: &str) -> Self {
        let folder = TempDir::new().unwrap();
        places::passphrase_in(folder.path()).unwrap();
        let mut home = Self {
            folder,
            variables: Vec::new(),
        };
        home.set("COORDINATOR_RPC_URL", rpc);
        home.set("PRIVATE_KEY", sender_key);
        home
    }

    /// Sets a variable for everything that is started from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the services logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A call of our binary with these settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maci-coordinator"));
        command
            .arg("--json")
            .args(arguments)
            .current_dir(places::workspace_root())
            .env("MACI_DATA_DIR", self.data())
            .env("MACI_PASSPHRASE_FILE", self.folder.path().join("passphrase"))
            .env("MACI_KEY_COST", "light")
            .env("MACI_CIRCUIT_CACHE", places::circuit_cache())
            .env("COORDINATOR_ZKEY_PATH", zkeys())
            .env("COORDINATOR_PORT", "0")
            .env("MACI__SERVER__HOST", "127.0.0.1")
            .env("MACI__ROUNDS__LOOK_EVERY", "1s")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts the service and waits until it takes requests.
    pub(crate) fn start(&self) -> Service {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut child = self
            .command(&["serve"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let url = said["url"].as_str().unwrap_or_else(|| panic!("{line}\n{}", self.log()));
        Service {
            child,
            url: url.to_owned(),
            http: reqwest::Client::new(),
            _output: output,
        }
    }
}

impl Service {
    /// Makes a call with headers and a body, and reads the answer.
    pub(crate) async fn call(&self, method: &str, path: &str, bearer: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.url));
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        Answer { status, body }
    }

    /// Looks at something public.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None, None).await
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to read its certificates again (`SIGHUP`).
    pub(crate) fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Kills it (`SIGKILL`).
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop (`SIGTERM`) and waits for its end.
    pub(crate) fn stop(mut self) -> ExitStatus {
        self.signal("-TERM");
        self.child.wait().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // it may have ended
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// The body, if the status is this one.
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}
