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

/// Time on a CPU of all threads that live, as the Linux scheduler counts it; zero where it does not.
fn cpu_seconds() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<f64>().ok())
        .sum::<f64>()
        / 1e9
}

/// The most memory the process ever had resident, in megabytes; zero where Linux does not say.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kb| kb / 1024)
}
