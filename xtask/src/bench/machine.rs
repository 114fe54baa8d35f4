//! Which machine and which day a figure is from.

use std::{fs, process::Command, thread};

/// What a reader needs to judge absolute times.
#[derive(Debug)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: Option<f64>,
    ifma: bool,
    system: String,
    rust: String,
    node: String,
    pub(crate) date: String,
}

impl Machine {
    /// Looks around; what cannot be found out is left blank.
    pub(crate) fn look() -> Self {
        let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name: &str| {
            cpus.lines()
                .find(|line| line.starts_with(name))
                .and_then(|line| line.split(": ").nth(1))
        };
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kib = memory.lines().find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .trim()
                .split(' ')
                .next()?
                .parse::<f64>()
                .ok()
        });
        Self {
            processor: field("model name")
                .map_or_else(|| said("sysctl", &["-n", "machdep.cpu.brand_string"]), str::to_owned),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kib.map(|kib| kib / f64::from(1 << 20)),
            ifma: field("flags").is_some_and(|flags| flags.contains("avx512ifma")),
            system: said("uname", &["-srm"]),
            rust: said("rustc", &["--version"]),
            node: said("node", &["--version"]),
            date: said("date", &["-u", "+%Y-%m-%d"]),
        }
    }

    /// One line of markdown.
    pub(crate) fn line(&self) -> String {
        let memory = self
            .memory_gib
            .map_or_else(String::new, |gib| format!(", {gib:.0} GiB"));
        let ifma = if self.ifma { "with" } else { "without" };
        format!(
            "{}, {} cores{memory}, {ifma} AVX-512 IFMA; {}; {}; Node {}; {}",
            self.processor, self.cores, self.system, self.rust, self.node, self.date
        )
    }
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
