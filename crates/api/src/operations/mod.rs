//! What operators and their machines ask about the service itself: does it live, may it be sent work, what is wrong.
//!
//! - `probes`    liveness and readiness, for whoever restarts it or sends it traffic
//! - `doctor`    the examination that the `doctor` command makes, of the running service
//! - `requests`   an id for every request, in its log and its answer
//! - `figures`   Prometheus's page, with what is looked up for it

mod doctor;
mod figures;
mod probes;
mod requests;

pub use doctor::{DoctorAnswer, FindingAnswer, doctor_routes};
pub use figures::{FiguresSettings, figures};
pub use probes::{ProbeAnswer, probe_routes};
pub use requests::log_requests;

/// The description of these routes, which are merged beside the others because of what they stand on.
#[derive(utoipa::OpenApi)]
#[openapi(paths(probes::live, probes::ready, doctor::examine))]
pub(crate) struct Described;
