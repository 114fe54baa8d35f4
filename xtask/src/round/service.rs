//! The service as an operator runs it, and the operator's own program that calls its API.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::place::Place;

/// How long a stop may take before the service is killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running service; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    /// Where its API is.
    pub(crate) url: String,
    /// From the start of the process until it took requests.
    pub(crate) ready_after: Duration,
    _output: BufReader<ChildStdout>,
}

impl Service {
    /// Starts a service and waits until it takes requests. What it logs goes to a file.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot write {}", log.display()))?;
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("the service cannot be run")?;
        let mut output = BufReader::new(child.stdout.take().context("the service has no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(url) = said.get("url").and_then(Value::as_str) {
                return Ok(Self {
                    child,
                    url: url.to_owned(),
                    ready_after: start.elapsed(),
                    _output: output,
                });
            }
            line.clear();
        }
        bail!(
            "the service ended before it took requests ({}); its log says why",
            child.wait()?
        )
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as a system does, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<Duration> {
        let start = Instant::now();
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()?;
        ensure!(asked.success(), "the service cannot be asked to stop");
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the service ended with {status}");
                return Ok(start.elapsed());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the service does not stop")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The operator's program: logged in with an Ethereum account of its own.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    folder: PathBuf,
    /// The account.
    pub(crate) address: String,
    key: String,
    url: Option<String>,
    chain: u64,
}

impl Operator {
    /// With a new account, on a chain.
    pub(crate) fn new(place: &Place, chain: u64) -> Result<Self> {
        let mut operator = Self {
            folder: place.at("clients"),
            address: String::new(),
            key: String::new(),
            url: None,
            chain,
        };
        let account = operator.run(&[json!({ "action": "newAccount" })], |_| {})?;
        let text = |field| {
            let said = account.first().and_then(|answer| answer.get(field)?.as_str());
            said.map(str::to_owned).context("no account was made")
        };
        (operator.address, operator.key) = (text("address")?, text("privateKey")?);
        Ok(operator)
    }

    /// The same, with the service to call.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            url: Some(url.to_owned()),
            ..self.clone()
        }
    }

    /// Logs in and makes one call; returns the answer's body.
    pub(crate) fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let call = json!({ "action": "call", "method": method, "path": path, "body": body });
        self.logged_in(call, |_| {})?
            .get("body")
            .cloned()
            .with_context(|| format!("{method} {path} was answered without a body"))
    }

    /// Logs in and listens to events until one of this kind; tells each on the way.
    pub(crate) fn follow(&self, until: &Value, query: &Value, mut each: impl FnMut(&Value)) -> Result<()> {
        let follow = json!({ "action": "follow", "path": "/v1/events", "until": until, "query": query });
        self.logged_in(follow, |said| {
            if let Some(progress) = said.get("progress") {
                each(progress);
            }
        })
        .map(drop)
    }

    /// Logs in and asks for proofs over Socket.IO; tells each batch.
    pub(crate) fn generate(&self, body: &Value, each: impl FnMut(&Value)) -> Result<()> {
        self.over_socket("start-generation", body, each)
    }

    /// Logs in and is told over Socket.IO how the service proves a poll by itself, until it is done.
    pub(crate) fn watch(&self, body: &Value, each: impl FnMut(&Value)) -> Result<()> {
        self.over_socket("follow-generation", body, each)
    }

    fn over_socket(&self, event: &str, body: &Value, mut each: impl FnMut(&Value)) -> Result<()> {
        let action = json!({ "action": "generate", "event": event, "body": body });
        self.logged_in(action, |said| {
            if let Some(progress) = said.get("progress") {
                each(progress);
            }
        })
        .map(drop)
    }

    fn logged_in(&self, action: Value, each: impl FnMut(&Value)) -> Result<Value> {
        let login = json!({ "action": "login", "chainId": self.chain });
        let answers = self.run(&[login, action], each)?;
        answers
            .into_iter()
            .last()
            .context("the operator's program said nothing")
    }

    /// Runs actions, tells every line as it comes, and returns the answers that end actions.
    fn run(&self, actions: &[Value], mut each: impl FnMut(&Value)) -> Result<Vec<Value>> {
        let request = json!({ "url": self.url, "key": self.key, "actions": actions });
        let mut child = Command::new("node")
            .arg("src/operator.js")
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node cannot be run")?;
        if let Some(mut input) = child.stdin.take() {
            // A program that ends before it has read everything says why.
            let _ = input.write_all(request.to_string().as_bytes());
        }
        let output = child.stdout.take().context("the operator's program has no output")?;
        let mut answers = Vec::new();
        for line in BufReader::new(output).lines() {
            let said: Value = serde_json::from_str(&line?)?;
            each(&said);
            if let Some(error) = said.get("error").and_then(Value::as_str) {
                let _ = child.wait();
                bail!("{error}");
            }
            if said.get("ok").is_some() {
                answers.push(said);
            }
        }
        ensure!(child.wait()?.success(), "the operator's program failed");
        Ok(answers)
    }
}
