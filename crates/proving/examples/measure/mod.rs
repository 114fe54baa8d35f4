//! Time and memory of this process, as Linux tells them.

use std::time::{Duration, Instant};

use serde_json::json;

/// How long something took.
pub(crate) struct Timing {
    wall: Duration,
    cpu: Duration,
}

impl Timing {
    /// In seconds.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        json!({ "wall": self.wall.as_secs_f64(), "cpu": self.cpu.as_secs_f64() })
    }
}

/// Runs `work` and measures it.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Timing) {
    let (started, cpu) = (Instant::now(), cpu_time());
    let result = work();
    (
        result,
        Timing {
            wall: started.elapsed(),
            cpu: cpu_time().saturating_sub(cpu),
        },
    )
}

/// CPU time of all threads of this process.
fn cpu_time() -> Duration {
    /// Clock ticks in a second, as Linux reports them to programs.
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in parentheses; user and system time are 14 and 15.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// The largest resident memory so far, in bytes.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
