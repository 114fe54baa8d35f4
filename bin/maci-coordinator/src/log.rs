//! What is written about what happens: to the standard error, for people or for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::Command;
use crate::settings::{LogFormat, LogSettings};

/// Starts logging. A service tells what it does; a command only what is wrong, for it reports the rest itself.
///
/// Spans carry the ids of requests and jobs, so every line below them does.
pub(crate) fn start(settings: &LogSettings, command: &Command) {
    let usual = match command {
        Command::Serve(_) => "info",
        Command::Doctor
        | Command::Senders(_)
        | Command::Keys(_)
        | Command::Circuits(_)
        | Command::Deploy(_)
        | Command::Poll(_)
        | Command::Finalise(_)
        | Command::Verify(_)
        | Command::Publication(_)
        | Command::Relay(_)
        | Command::Voter(_) => "warn",
    };
    let filter = settings.filter.as_deref().unwrap_or(usual);
    let (filter, complaint) = match EnvFilter::try_new(filter) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(usual), Some(error)),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
    if let Some(error) = complaint {
        tracing::warn!("the setting log.filter is not understood ({error}); `{usual}` is taken");
    }
}
