//! What is written about what happens: to the standard error, for people or for machines.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::settings::{LogFormat, LogSettings};

/// Starts logging. A service tells what it does; a command only what is wrong, for it reports the rest itself.
///
/// Spans carry the ids of requests and jobs, so every line below them does.
pub(crate) fn start(settings: &LogSettings) {
    let usual = "warn";
    let filter = settings.filter.as_deref().unwrap_or(usual);
    let (filter, complaint) = match EnvFilter::try_new(filter) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(usual), Some(error)),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE)
        .with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).init(),
    }
    if let Some(error) = complaint {
        tracing::warn!("the setting log.filter is not understood ({error}); `{usual}` is taken");
    }
}
