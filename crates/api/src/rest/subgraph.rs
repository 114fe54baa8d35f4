//! Subgraphs. Deploying them is not built yet, and answers as the original service does without its deploy key.

use axum::http::StatusCode;
use maci_coordinator_core::service::LegacyCode;

use super::extract::{Body, Operator};
use crate::{problem::Problem, wire::SubgraphBody};

/// Deploy a subgraph; not built yet, so there is no deploy key (code 7)
#[utoipa::path(post, path = "/v1/subgraph/deploy", tag = "subgraph", operation_id = "deploySubgraph",
    request_body = SubgraphBody,
    extensions(("x-role" = json!("operator"))),
    responses())]
pub(super) async fn deploy(_operator: Operator, _body: Body<SubgraphBody>) -> Problem {
    no_deploy_key()
}

/// The answer to whoever wants a subgraph.
pub(crate) fn no_deploy_key() -> Problem {
    let code = LegacyCode::SubgraphDeployKeyNotFound;
    let text = "this version deploys no subgraphs and takes no deploy key";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, code.name(), text)
        .with_code(u16::from(code.number()))
        .with_remedy("deploy the subgraph with the tools of its host")
}
