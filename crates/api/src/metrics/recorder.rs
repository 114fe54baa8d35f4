use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use super::{names, process};

/// The media type of [`Metrics::render`]'s text.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How often counts that nobody asks for are folded together, so that they do not pile up.
const FOLD_EVERY: Duration = Duration::from_secs(15);

/// Where this process keeps its figures. There is one such place per process.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Makes the place, or finds the one that was made.
    ///
    /// # Errors
    /// When something else in the process already takes the figures.
    pub fn install() -> Result<Self, BuildError> {
        static PLACE: OnceLock<PrometheusHandle> = OnceLock::new();
        if let Some(handle) = PLACE.get() {
            return Ok(Self(handle.clone()));
        }
        let handle = PrometheusBuilder::new()
            .set_buckets(&names::SECONDS)?
            .install_recorder()?;
        names::describe();
        Ok(Self(PLACE.get_or_init(|| handle).clone()))
    }

    /// Everything, in Prometheus's text form; what this process takes from the machine is looked up now.
    pub fn render(&self) -> String {
        process::observe();
        self.0.render()
    }

    /// Folds counts together while nobody asks for them. Never ends.
    pub async fn keep_small(self) {
        let mut ticks = tokio::time::interval(FOLD_EVERY);
        loop {
            ticks.tick().await;
            self.0.run_upkeep();
        }
    }
}
