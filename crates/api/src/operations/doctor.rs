use std::sync::Arc;

use axum::extract::State;
use axum::{Json, Router, routing::get};
use maci_coordinator_core::doctor::{Diagnosis, Examination, Verdict};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

/// What an examination found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DoctorAnswer {
    /// `good`, `warning` or `problem`: the worst of the findings.
    pub verdict: String,
    /// What was looked at.
    pub findings: Vec<FindingAnswer>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DoctorFinding)]
pub struct FindingAnswer {
    /// What was looked at.
    pub about: String,
    /// `good`, `warning` or `problem`.
    pub verdict: String,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// What is examined, one examination at a time: each asks every endpoint.
#[derive(Debug, Clone)]
pub(super) struct Surgery {
    examination: Examination,
    settings: Diagnosis,
    one_at_a_time: Arc<Mutex<()>>,
}

/// `/v1/doctor`. `settings` is what was found about the settings when the service started.
pub fn doctor_routes(examination: Examination, settings: Diagnosis) -> Router {
    let surgery = Surgery {
        examination,
        settings,
        one_at_a_time: Arc::default(),
    };
    Router::new().route("/v1/doctor", get(examine)).with_state(surgery)
}

/// What keeps the service from its work, or may: chains, clock, disk, memory, keys, settings
#[utoipa::path(get, path = "/v1/doctor", tag = "health", operation_id = "doctor",
    extensions(("x-role" = json!("admin"))),
    responses((status = 200, description = "Every finding", body = DoctorAnswer)))]
pub(super) async fn examine(State(surgery): State<Surgery>) -> Json<DoctorAnswer> {
    let _turn = surgery.one_at_a_time.lock().await;
    let mut diagnosis = surgery.settings.clone();
    diagnosis.findings.extend(surgery.examination.examine().await.findings);
    Json(diagnosis.into())
}

impl From<Diagnosis> for DoctorAnswer {
    fn from(diagnosis: Diagnosis) -> Self {
        let verdict = word(diagnosis.verdict());
        let findings = diagnosis.findings.into_iter().map(|finding| FindingAnswer {
            about: finding.about,
            verdict: word(finding.verdict).to_owned(),
            found: finding.found,
            remedy: finding.remedy,
        });
        Self {
            verdict: verdict.to_owned(),
            findings: findings.collect(),
        }
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Warning => "warning",
        Verdict::Problem => "problem",
    }
}
