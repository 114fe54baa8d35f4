use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use maci_coordinator_core::ipfs::{
    BlockSource, Car, Cid, Entity, FetchLimits, Ipfs, ReadError, entity, read_file, walk,
};
use serde_json::json;

use super::asked::{CAR, RAW, Scope, Wanted};
use super::range::Part;
use crate::problem::Problem;

const PATH: HeaderName = HeaderName::from_static("x-ipfs-path");
const ROOTS: HeaderName = HeaderName::from_static("x-ipfs-roots");

/// What is named by its hash never changes.
const FOR_EVER: &str = "public, max-age=29030400, immutable";

/// How a directory is shown may change with the version of this service.
const FOR_A_WEEK: &str = "public, max-age=604800";

/// Something found, and the way there.
pub(super) struct Found<'a> {
    /// Where blocks are.
    pub(super) ipfs: &'a Ipfs,
    /// The path as it was asked for, from `/ipfs/` on.
    pub(super) path: String,
    /// The identifier at every step, the root first.
    pub(super) steps: Vec<Cid>,
    /// The last of them.
    pub(super) end: Cid,
}

/// A body with what describes it.
struct Told {
    body: Bytes,
    kind: String,
    tag: String,
    file: Option<String>,
    keep: &'static str,
}

impl Found<'_> {
    /// The answer in the form that is wanted.
    pub(super) async fn answer(&self, wanted: Wanted, headers: &HeaderMap) -> Result<Response, Problem> {
        let told = match wanted {
            Wanted::Block => self.block().await,
            Wanted::Blocks(scope) => self.blocks(scope).await,
            Wanted::Content => self.content().await,
        };
        let told = told.map_err(problem)?;
        let length = told.body.len();
        // a CAR's blocks may come in another order another time
        let part = match wanted {
            Wanted::Block | Wanted::Content => Part::wanted(headers, &told.tag, length),
            Wanted::Blocks(_) => Part::Whole,
        };
        let is_known = |tags: &str| tags.split(',').any(|tag| is_same(tag.trim(), &told.tag));
        let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let (mut response, range) = if known.is_some_and(is_known) {
            (StatusCode::NOT_MODIFIED.into_response(), None)
        } else {
            match part {
                Part::Whole => (Response::new(Body::from(told.body)), None),
                Part::Bytes { first, last } => (
                    (StatusCode::PARTIAL_CONTENT, told.body.slice(first..=last)).into_response(),
                    Some(format!("bytes {first}-{last}/{length}")),
                ),
                Part::Beyond => return Ok(beyond(length)),
            }
        };
        let described = response.headers_mut();
        let roots = self.steps.iter().map(Cid::to_string).collect::<Vec<_>>().join(",");
        let mut put = |name: HeaderName, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                described.insert(name, value);
            }
        };
        put(CONTENT_TYPE, &told.kind);
        put(ETAG, &told.tag);
        put(CACHE_CONTROL, told.keep);
        put(PATH, &self.path);
        put(ROOTS, &roots);
        put(X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(VARY, "accept");
        if !matches!(wanted, Wanted::Blocks(_)) {
            put(ACCEPT_RANGES, "bytes");
        }
        if let Some(range) = range {
            put(CONTENT_RANGE, &range);
        }
        if let Some(file) = told.file {
            put(CONTENT_DISPOSITION, &format!("attachment; filename=\"{file}\""));
        }
        Ok(response)
    }

    async fn block(&self) -> Result<Told, ReadError> {
        let end = self.end;
        Ok(Told {
            body: self.ipfs.block(&end).await?,
            kind: RAW.to_owned(),
            tag: format!("\"{end}.raw\""),
            file: Some(format!("{end}.bin")),
            keep: FOR_EVER,
        })
    }

    /// The blocks on the way, then what is asked for below its end.
    async fn blocks(&self, scope: Scope) -> Result<Told, ReadError> {
        let (root, end) = (self.steps.first().copied().unwrap_or(self.end), self.end);
        let mut blocks: Vec<(Cid, Bytes)> = Vec::new();
        for step in self.steps.iter().filter(|step| **step != end) {
            blocks.push((*step, self.ipfs.block(step).await?));
        }
        let below = match scope {
            Scope::Block => vec![(end, self.ipfs.block(&end).await?)],
            Scope::Entity => match entity(self.ipfs, end).await? {
                Entity::Directory(_) => vec![(end, self.ipfs.block(&end).await?)],
                Entity::File { .. } => walk(self.ipfs, end).await?,
            },
            Scope::All => walk(self.ipfs, end).await?,
        };
        blocks.extend(below);
        let scope = match scope {
            Scope::Block => "block",
            Scope::Entity => "entity",
            Scope::All => "all",
        };
        Ok(Told {
            body: Car::write(root, blocks.iter().map(|(cid, bytes)| (cid, bytes))).into(),
            kind: format!("{CAR}; version=1; order=dfs; dups=n"),
            tag: format!("W/\"{root}.{end}.{scope}.car\""),
            file: Some(format!("{end}.car")),
            keep: FOR_EVER,
        })
    }

    async fn content(&self) -> Result<Told, ReadError> {
        let end = self.end;
        let file = |body, kind: &str| Told {
            body,
            kind: kind.to_owned(),
            tag: format!("\"{end}\""),
            file: None,
            keep: FOR_EVER,
        };
        match entity(self.ipfs, end).await {
            Ok(Entity::File { .. }) => {
                let body = read_file(self.ipfs, end, FetchLimits::default().largest_file).await?;
                let kind = kind_of(&self.path, &body);
                Ok(file(body, kind))
            }
            Ok(Entity::Directory(entries)) => {
                let entry = |(name, cid): &(String, Cid)| json!({ "name": name, "cid": cid.to_string() });
                let entries: Vec<_> = entries.iter().map(entry).collect();
                let listing = json!({ "cid": end.to_string(), "entries": entries });
                Ok(Told {
                    body: listing.to_string().into(),
                    kind: "application/json".to_owned(),
                    tag: format!("\"{end}.entries\""),
                    file: None,
                    keep: FOR_A_WEEK,
                })
            }
            // a batch under the identifier of version 0 that some of upstream's parts write
            Err(error @ ReadError::Unreadable { .. }) => {
                let body = self.ipfs.block(&end).await?;
                if is_json(&body) {
                    Ok(file(body, "application/json"))
                } else {
                    Err(error)
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// What a client is told that asks for bytes which a body does not have.
fn beyond(length: usize) -> Response {
    let text = format!("it has {length} bytes, and none of those that Range names");
    let mut response = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "NO_SUCH_RANGE", text).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{length}")) {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    response
}

/// What a client is told of content that cannot be read.
pub(super) fn problem(error: ReadError) -> Problem {
    match error {
        ReadError::Missing { .. } | ReadError::Fetch(_) => {
            Problem::not_found("NO_SUCH_CONTENT", "this content was not published here")
                .with_remedy("ask a gateway that fetches from others; this one has only what this service published")
        }
        error @ ReadError::NoSuchPath { .. } => Problem::not_found("NO_SUCH_PATH", error.to_string()),
        error @ (ReadError::Unreadable { .. } | ReadError::IsADirectory { .. } | ReadError::TooLarge { .. }) => {
            Problem::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", error.to_string())
                .with_remedy("ask for the block: ?format=raw")
        }
        error @ (ReadError::Wrong(_) | ReadError::Source(_)) => {
            tracing::error!(%error, "published content cannot be read");
            Problem::internal()
        }
    }
}

/// Whether a client's tag means ours; a weak one does.
fn is_same(given: &str, ours: &str) -> bool {
    let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    given == "*" || strong(given) == strong(ours)
}

/// What kind of file it is. Nothing that a browser would run.
fn kind_of(path: &str, bytes: &Bytes) -> &'static str {
    if path.ends_with(".json") || is_json(bytes) {
        "application/json"
    } else {
        "application/octet-stream"
    }
}

fn is_json(bytes: &Bytes) -> bool {
    matches!(bytes.first(), Some(b'{' | b'[')) && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}
