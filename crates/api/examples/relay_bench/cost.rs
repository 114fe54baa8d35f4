//! The processor time that this process has used.

/// Seconds of all its threads; nothing where the system does not say.
pub(crate) fn seconds() -> f64 {
    // Linux counts in hundredths of a second whatever its own clock does
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // the second field is the program's name, in parentheses, and may have spaces
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let used = fields.split_whitespace().skip(11).take(2);
    used.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}
