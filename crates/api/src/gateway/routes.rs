use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use maci_coordinator_core::ipfs::resolve;
use utoipa_axum::router::OpenApiRouter;

use super::answer::{Found, problem};
use super::asked::{Form, identifier};
use crate::problem::Problem;
use crate::rest::Query;
use crate::state::ApiState;

/// The most names in a path.
const LONGEST_PATH: usize = 32;

/// The routes; they are described apart, because a document has no word for a path of any length.
pub(crate) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::default()
        .route("/ipfs/{cid}", get(root))
        .route("/ipfs/{cid}/", get(root))
        .route("/ipfs/{cid}/{*path}", get(below))
}

/// The description of these routes.
#[derive(utoipa::OpenApi)]
#[openapi(paths(root, below))]
pub(crate) struct Described;

/// What this service published under an identifier
///
/// A trustless gateway: blocks with `?format=raw` or `Accept: application/vnd.ipld.raw`, all blocks below with
/// `?format=car`, else the file as it is, or a directory's entries.
#[utoipa::path(get, path = "/ipfs/{cid}", tag = "content", operation_id = "content",
    params(
        ("cid" = String, Path, description = "The content identifier; also the 32 bytes that a chain names relayed messages by"),
        Form,
    ),
    extensions(("x-refuses" = json!([400, 404, 406, 416]))),
    responses(
        (status = 200, description = "The content", content(
            (String = "application/vnd.ipld.raw"),
            (String = "application/vnd.ipld.car"),
            (serde_json::Value = "application/json"),
            (String = "application/octet-stream"),
        )),
        (status = 206, description = "The part of a block or file that Range asks for", content(
            (String = "application/vnd.ipld.raw"),
            (String = "application/json"),
            (String = "application/octet-stream"),
        )),
        (status = 304, description = "The client has it"),
    ))]
async fn root(
    State(api): State<ApiState>,
    Path(cid): Path<String>,
    Query(form): Query<Form>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    find(&api, &cid, "", &form, &headers).await
}

/// The same below a directory, by path
#[utoipa::path(get, path = "/ipfs/{cid}/{path}", tag = "content", operation_id = "contentByPath",
    params(
        ("cid" = String, Path, description = "The directory's content identifier"),
        ("path" = String, Path, description = "Names from there on, with slashes between them"),
        Form,
    ),
    extensions(("x-refuses" = json!([400, 404, 406, 416]))),
    responses(
        (status = 200, description = "The content", content(
            (String = "application/vnd.ipld.raw"),
            (String = "application/vnd.ipld.car"),
            (serde_json::Value = "application/json"),
            (String = "application/octet-stream"),
        )),
        (status = 206, description = "The part of a block or file that Range asks for", content(
            (String = "application/vnd.ipld.raw"),
            (String = "application/json"),
            (String = "application/octet-stream"),
        )),
        (status = 304, description = "The client has it"),
    ))]
async fn below(
    State(api): State<ApiState>,
    Path((cid, path)): Path<(String, String)>,
    Query(form): Query<Form>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    find(&api, &cid, &path, &form, &headers).await
}

async fn find(api: &ApiState, cid: &str, path: &str, form: &Form, headers: &HeaderMap) -> Result<Response, Problem> {
    let (root, wanted) = (identifier(cid)?, form.wanted(headers)?);
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    if names.len() > LONGEST_PATH {
        return Err(Problem::invalid(vec![format!(
            "the path has more than {LONGEST_PATH} names"
        )]));
    }
    let ipfs = api.service.ipfs();
    let resolved = resolve(ipfs, root, &names).await.map_err(problem)?;
    let found = Found {
        ipfs,
        path: format!("/ipfs/{}", [&[cid], names.as_slice()].concat().join("/")),
        steps: resolved.steps,
        end: resolved.end,
    };
    found.answer(wanted, headers).await
}
