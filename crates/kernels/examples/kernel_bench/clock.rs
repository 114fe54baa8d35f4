//! CPU and wall time, and memory, of this process.

use std::fmt;
use std::time::Instant;

/// What some work took, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

impl Cost {
    /// The smaller of each.
    pub(crate) fn min(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.min(other.cpu),
            wall: self.wall.min(other.wall),
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:7.3} CPU s {:7.3} wall s", self.cpu, self.wall)
    }
}

/// Does some work and says what it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let out = work();
    (
        out,
        Cost {
            cpu: cpu_seconds() - cpu,
            wall: wall.elapsed().as_secs_f64(),
        },
    )
}

/// CPU time of the process in user mode, threads that have ended included, as Linux counts it: in hundredths of a second.
/// Zero where it does not.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may hold spaces; user time is the twelfth field after it.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    fields
        .split(' ')
        .nth(11)
        .and_then(|ticks| ticks.parse::<f64>().ok())
        .unwrap_or_default()
        / 100.0
}

/// The most memory the process ever had resident, in megabytes; zero where Linux does not say.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kb| kb / 1024)
}
