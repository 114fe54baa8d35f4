//! The service under load: how long clients wait while it proves, how much they slow proving, how it starts and rests.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{
    report::Part,
    row::{Row, Unit},
};
use crate::{
    binary::Profile,
    place::Place,
    round::{Chain, Clients, Coordinator, Operator, Service, Size, Vote},
};

/// Clients that read at the same time.
const CLIENTS: usize = 200;

/// How long a client waits after an answer before it asks again, as a page that shows a poll does.
const PAUSE: Duration = Duration::from_millis(500);

/// How long the service rests before its memory is looked at.
const REST: Duration = Duration::from_secs(3);

/// Anvil's chain.
const CHAIN: u64 = 31_337;

/// Voters, and votes of each: with the placeholder, two batches of 20 messages, or ten of 3.
const VOTERS: usize = 7;
const VOTES_EACH: u64 = 4;

/// Runs two equal rounds, one alone and one under load, and compares them.
pub(crate) fn measure(place: &Place, profile: Profile) -> Result<Part> {
    let alone = round(place, profile, 0)?;
    let loaded = round(place, profile, CLIENTS)?;
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let row = |what: &str, ours: f64, peer_name: &str, peer: f64, unit, goal| Row {
        what: what.to_owned(),
        ours,
        peer_name: peer_name.to_owned(),
        peer,
        unit,
        goal: Some(goal),
    };
    let answers = loaded.answers.len();
    let rows = vec![
        row(
            "p99 of reading a poll's status while proving",
            millis(percentile(&loaded.answers, 99)),
            "the limit, 50 ms",
            50.0,
            Unit::Millis,
            1.0,
        ),
        row(
            "from the end of voting to results, under load",
            millis(loaded.round),
            "the same without clients",
            millis(alone.round),
            Unit::Millis,
            1.05,
        ),
        row(
            "time to ready",
            millis(alone.ready),
            "the limit, 500 ms",
            500.0,
            Unit::Millis,
            1.0,
        ),
        row(
            "idle memory",
            alone.idle as f64,
            "the limit, 60 MiB",
            f64::from(60 << 20),
            Unit::Bytes,
            1.0,
        ),
    ];
    Ok(Part {
        name: "service",
        title: "The service under load",
        rows,
        notes: vec![format!(
            "A quadratic poll with the {} circuits, {VOTERS} voters and {} messages, deployed and finalised by the service. Under load \
             {CLIENTS} clients, each on its own connection, read the poll's status every {} ms: {answers} answers, p50 {:.1} ms, p99 \
             {:.1} ms, the slowest {:.1} ms.",
            size(profile).name(),
            VOTES_EACH * VOTERS as u64 + 1,
            PAUSE.as_millis(),
            millis(percentile(&loaded.answers, 50)),
            millis(percentile(&loaded.answers, 99)),
            millis(percentile(&loaded.answers, 100)),
        )],
    })
}

/// The tests' build comes with the tests' circuits.
const fn size(profile: Profile) -> Size {
    match profile {
        Profile::Dev => Size::TINY,
        Profile::Release => Size::TEST,
    }
}

/// What one round showed.
struct Shown {
    ready: Duration,
    idle: u64,
    round: Duration,
    /// Times of all answers, ascending.
    answers: Vec<Duration>,
}

fn round(place: &Place, profile: Profile, clients: usize) -> Result<Shown> {
    let folder = place.target.join("bench/service");
    let coordinator = Coordinator::build(place, profile, size(profile), &folder)?;
    coordinator.make_circuits()?;
    let chain = Chain::start(place)?;
    let coordinator = coordinator.at(&chain.url);
    let voters_program = Clients::new(place, &chain.url);
    let operator = Operator::new(place, CHAIN)?;
    coordinator.make_key()?;
    voters_program.fund(&coordinator.gas_address()?)?;
    let mut command = coordinator.serving(&operator.address);
    command.env("MACI__SERVER__RATES__READING", "1000000 in 60s");
    let service = Service::start(command, &folder.join("service.log"))?;
    thread::sleep(REST);
    let idle = resident(service.id())?;
    let operator = operator.at(&service.url);
    let deployed = operator.call("POST", "/v1/deploy/maci", Some(coordinator.maci_body()))?;
    let maci = deployed
        .get("address")
        .and_then(|address| address.as_str())
        .context("no address")?;
    operator.call(
        "POST",
        "/v1/deploy/poll",
        Some(coordinator.poll_body(voters_program.now()?, &[])),
    )?;
    let voters_program = voters_program.at(maci);
    let voters = voters_program.enter(VOTERS, &coordinator.joining_circuit()?)?;
    voters_program.vote(&voters, &votes())?;

    let path = format!("/v1/polls/localhost/{maci}/0");
    let load = Load::start(&service.url, &path, clients)?;
    voters_program.pass_the_end(60)?;
    let start = Instant::now();
    let about = json!({ "after": 0, "chain": "localhost", "maciAddress": maci, "pollId": "0" });
    let end = json!({ "kind": "poll-stage", "body": { "verified": true } });
    operator.follow(&end, &about, |_| {})?;
    let round = start.elapsed();
    let answers = load.stop();
    ensure!(clients == 0 || !answers.is_empty(), "no client was answered");
    let ready = service.ready_after;
    service.stop()?;
    Ok(Shown {
        ready,
        idle,
        round,
        answers,
    })
}

fn votes() -> Vec<Vote> {
    let of = |nonce| {
        (0..VOTERS).map(move |voter| Vote {
            voter,
            nonce,
            option: (voter as u64 + nonce) % 5,
            weight: nonce,
        })
    };
    (1..=VOTES_EACH).rev().flat_map(of).collect()
}

/// Clients that read until they are stopped.
struct Load {
    stop: Arc<AtomicBool>,
    times: Arc<Mutex<Vec<Duration>>>,
    clients: Vec<thread::JoinHandle<()>>,
}

impl Load {
    fn start(url: &str, path: &str, clients: usize) -> Result<Self> {
        let address = url
            .strip_prefix("http://")
            .context("the service is not on plain HTTP")?;
        let (stop, times) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let one = |number: usize| {
            let (address, request) = (address.to_owned(), request.clone());
            let (stop, times) = (stop.clone(), times.clone());
            // clients do not ask in step
            let first = PAUSE * u32::try_from(number).unwrap_or(0) / u32::try_from(clients).unwrap_or(1);
            thread::spawn(move || {
                thread::sleep(first);
                let mut client = Client::new(address);
                while !stop.load(Ordering::Relaxed) {
                    if let Ok(time) = client.ask(&request) {
                        times.lock().unwrap_or_else(PoisonError::into_inner).push(time);
                    }
                    thread::sleep(PAUSE);
                }
            })
        };
        let clients = (0..clients).map(one).collect();
        Ok(Self { stop, times, clients })
    }

    /// Stops every client; returns the times of all answers, ascending.
    fn stop(self) -> Vec<Duration> {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            // one that died has told its times
            let _ = client.join();
        }
        let mut times = std::mem::take(&mut *self.times.lock().unwrap_or_else(PoisonError::into_inner));
        times.sort_unstable();
        times
    }
}

/// A client that keeps its connection, in as little code as measuring takes.
struct Client {
    address: String,
    connection: Option<TcpStream>,
}

impl Client {
    fn new(address: String) -> Self {
        Self {
            address,
            connection: None,
        }
    }

    /// Asks and reads the whole answer; the time is what a client waits.
    fn ask(&mut self, request: &str) -> Result<Duration> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => TcpStream::connect(&self.address)?,
        };
        connection.set_read_timeout(Some(Duration::from_secs(30)))?;
        let start = Instant::now();
        connection.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        let mut chunk = [0; 16_384];
        let whole = loop {
            let read = connection.read(&mut chunk)?;
            ensure!(read > 0, "the connection was closed");
            answer.extend_from_slice(chunk.get(..read).unwrap_or_default());
            if let Some(length) = whole_length(&answer)
                && answer.len() >= length
            {
                break length;
            }
        };
        let time = start.elapsed();
        ensure!(
            answer.len() == whole && answer.starts_with(b"HTTP/1.1 200"),
            "not a good answer"
        );
        self.connection = Some(connection);
        Ok(time)
    }
}

/// How long an answer is, once its headers are there.
fn whole_length(answer: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(answer);
    let head = text.find("\r\n\r\n")?;
    let headers = text.get(..head)?.to_lowercase();
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    Some(head + 4 + length.trim().parse::<usize>().ok()?)
}

/// The time that so many of a hundred answers stayed within.
fn percentile(ascending: &[Duration], percent: usize) -> Duration {
    let last = ascending.len().saturating_sub(1);
    let place = (ascending.len() * percent).div_ceil(100).saturating_sub(1).min(last);
    ascending.get(place).copied().unwrap_or_default()
}

fn resident(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("this system does not tell memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    Ok(kib.context("this system does not tell memory")? << 10)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{percentile, whole_length};

    #[test]
    fn ninety_nine_of_a_hundred_stay_within_the_percentile() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 99), Duration::from_millis(198));
        assert_eq!(percentile(&times, 100), Duration::from_millis(200));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere";
        assert_eq!(whole_length(answer), Some(answer.len()));
        assert_eq!(whole_length(b"HTTP/1.1 200 OK\r\nCont"), None);
    }
}
