//! What a person or a script reads: lines, JSON objects, or a bar on a terminal.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use maci_coordinator_core::progress::{Phase, Progress, Watch};
use serde_json::Value;

/// How results and progress are shown. Results go to the standard output, progress to the standard error.
#[derive(Debug)]
pub(crate) enum Output {
    /// One JSON object per line.
    Json,
    /// Lines of text.
    Lines,
    /// Text, with a bar while proofs are made.
    Terminal(Mutex<Option<ProgressBar>>),
}

impl Output {
    /// JSON if asked for, a bar if a person watches, plain lines otherwise.
    pub(crate) fn new(json: bool) -> Self {
        if json {
            Self::Json
        } else if std::io::stderr().is_terminal() {
            Self::Terminal(Mutex::new(None))
        } else {
            Self::Lines
        }
    }

    /// Shows a result: `value` to scripts, `text` to people.
    pub(crate) fn result(&self, value: &Value, text: &str) {
        match self {
            Self::Json => println!("{value}"),
            Self::Lines | Self::Terminal(_) => println!("{text}"),
        }
    }

    /// Says what is being done.
    pub(crate) fn say(&self, text: &str) {
        match self {
            Self::Json => {}
            Self::Lines => eprintln!("{text}"),
            Self::Terminal(bar) => match bar.lock().ok().and_then(|bar| bar.clone()) {
                Some(bar) => bar.println(text),
                None => eprintln!("{text}"),
            },
        }
    }

    fn advance(&self, phase: Phase, total: u32) {
        let Self::Terminal(slot) = self else { return };
        let Ok(mut slot) = slot.lock() else { return };
        let title = match phase {
            Phase::Process => "proving messages",
            Phase::Tally => "proving the tally",
        };
        if slot.as_ref().is_none_or(|bar| bar.prefix() != title) {
            if let Some(old) = slot.take() {
                old.finish();
            }
            let bar = ProgressBar::new(u64::from(total)).with_prefix(title);
            if let Ok(style) =
                ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len}, {elapsed} so far, {eta} left")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(500));
            *slot = Some(bar);
        }
        if let Some(bar) = slot.as_ref() {
            bar.inc(1);
            if bar.length() == Some(bar.position()) {
                bar.finish();
            }
        }
    }
}

impl Watch for Output {
    fn notice(&self, progress: Progress) {
        if let Self::Json = self {
            if let Ok(line) = serde_json::to_string(&progress) {
                println!("{line}");
            }
            return;
        }
        self.say(&sentence(&progress));
        if let Progress::Proved { phase, total, .. } = progress {
            self.advance(phase, total);
        }
    }
}

fn sentence(progress: &Progress) -> String {
    match progress {
        Progress::Reading { block, target, events } => {
            format!("read the chain up to block {block} of {target}, {events} events")
        }
        Progress::LedgerAgrees { messages, leaves } => {
            format!("the ledger agrees with the contract: {messages} messages, {leaves} leaves")
        }
        Progress::Replayed {
            process_batches,
            tally_batches,
            valid,
            invalid,
            millis,
        } => format!(
            "replayed in {millis} ms: {valid} valid and {invalid} invalid messages, {process_batches} message batches, {tally_batches} ballot batches"
        ),
        Progress::Stands { stage } => format!("the poll stands at: {stage}"),
        Progress::Proved {
            phase,
            batch,
            total,
            reused: true,
            ..
        } => {
            format!(
                "{phase} proof {} of {total}: made earlier, still good",
                batch.saturating_add(1)
            )
        }
        Progress::Proved {
            phase,
            batch,
            total,
            reused: false,
            witness_millis,
            proof_millis,
            made: _,
        } => format!(
            "{phase} proof {} of {total}: made and verified (witness {witness_millis} ms, proof {proof_millis} ms)",
            batch.saturating_add(1)
        ),
        Progress::Mined { what, transaction, gas } => format!("{what}: mined in {transaction}, {gas} gas"),
        Progress::Written { folder } => format!("results written to {folder}"),
    }
}
