use std::fs;

use metrics::gauge;

/// Ticks of processor time per second as Linux reports them to programs, on every architecture.
const TICKS: f64 = 100.0;

/// Looks up what this process takes from the machine. Where the system does not tell, nothing is recorded.
pub(super) fn observe() {
    if let Some(bytes) = resident_bytes() {
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        gauge!("process_resident_memory_bytes").set(bytes as f64);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        gauge!("process_open_fds").set(files.count() as f64);
    }
    if let Some(seconds) = processor_seconds() {
        gauge!("process_cpu_seconds").set(seconds);
    }
}

/// Memory of this process that is in use, in bytes.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().split(' ').next()?.parse().ok()?;
    Some(kib << 10)
}

/// Processor time taken by this process, in its own code and in the system's.
fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // the program's name may hold anything, so count from the parenthesis behind it
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}
