use axum::http::{HeaderMap, StatusCode, header::ACCEPT};
use maci_coordinator_core::ipfs::{Cid, Codec, cid_of};
use maci_protocol::cid::ContentDigest;
use serde::Deserialize;

use crate::problem::Problem;

/// The media type of a block.
pub(super) const RAW: &str = "application/vnd.ipld.raw";

/// The media type of many blocks.
pub(super) const CAR: &str = "application/vnd.ipld.car";

/// The query of a gateway's request.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Form {
    /// `raw` for the block, `car` for all blocks; counts more than the Accept header.
    #[param(schema_with = formats)]
    format: Option<String>,
    /// How much of a CAR: the last `block`, the `entity` (a file whole, a directory without what is in it), or `all`.
    #[serde(rename = "dag-scope")]
    #[param(schema_with = scopes)]
    dag_scope: Option<String>,
}

fn formats() -> utoipa::openapi::schema::Object {
    words(["raw", "car"])
}

fn scopes() -> utoipa::openapi::schema::Object {
    words(["block", "entity", "all"])
}

fn words<const N: usize>(words: [&'static str; N]) -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(words))
        .build()
}

/// The form content is wanted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A block, for clients that hash it.
    Block,
    /// Blocks in one file, for clients that hash them.
    Blocks(Scope),
    /// A file or a directory's entries, for clients that trust us.
    Content,
}

/// How much of what is below an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Block,
    Entity,
    All,
}

impl Form {
    /// The form that is wanted: what the query says, else what the client accepts.
    pub(super) fn wanted(&self, headers: &HeaderMap) -> Result<Wanted, Problem> {
        let scope = match self.dag_scope.as_deref() {
            None | Some("all") => Scope::All,
            Some("entity") => Scope::Entity,
            Some("block") => Scope::Block,
            Some(_) => {
                return Err(Problem::invalid(vec![
                    "dag-scope must be block, entity or all".to_owned(),
                ]));
            }
        };
        match self.format.as_deref() {
            Some("raw") => Ok(Wanted::Block),
            Some("car") => Ok(Wanted::Blocks(scope)),
            Some(_) => Err(Problem::invalid(vec!["format must be raw or car".to_owned()])),
            None => accepted(headers, scope),
        }
    }
}

fn accepted(headers: &HeaderMap, scope: Scope) -> Result<Wanted, Problem> {
    let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<String> = lists
        .flat_map(|list| list.split(','))
        .map(|range| range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect();
    for range in &ranges {
        match range.as_str() {
            RAW => return Ok(Wanted::Block),
            CAR => return Ok(Wanted::Blocks(scope)),
            _ => {}
        }
    }
    let is_other_form =
        |range: &String| range.starts_with("application/vnd.ipld.") || range.starts_with("application/vnd.ipfs.");
    if !ranges.is_empty() && ranges.iter().all(is_other_form) {
        return Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "NOT_ACCEPTABLE",
            format!("this gateway has no such form of content; it has {RAW}, {CAR} and files as they are"),
        ));
    }
    Ok(Wanted::Content)
}

/// Reads an identifier: a CID of any version, or the 32 bytes a chain names a relayed batch by.
pub(super) fn identifier(text: &str) -> Result<Cid, Problem> {
    if text.starts_with("0x")
        && let Ok(digest) = text.parse::<ContentDigest>()
    {
        return Ok(cid_of(Codec::Json, &digest));
    }
    text.parse::<Cid>()
        .map_err(|error| Problem::invalid(vec![format!("cid is no content identifier: {error}")]))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wanted(format: Option<&str>, accept: Option<&'static str>) -> Option<Wanted> {
        let form = Form {
            format: format.map(str::to_owned),
            dag_scope: None,
        };
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        form.wanted(&headers).ok()
    }

    #[test]
    fn the_query_counts_more_than_what_is_accepted() {
        assert_eq!(
            wanted(Some("raw"), Some("application/vnd.ipld.car")),
            Some(Wanted::Block)
        );
        assert_eq!(wanted(None, Some("application/vnd.ipld.raw")), Some(Wanted::Block));
        assert_eq!(
            wanted(None, Some("application/vnd.ipld.car; version=1; order=dfs")),
            Some(Wanted::Blocks(Scope::All))
        );
        assert_eq!(wanted(None, Some("text/html, */*;q=0.1")), Some(Wanted::Content));
        assert_eq!(wanted(None, None), Some(Wanted::Content));
        assert_eq!(wanted(Some("ipns-record"), None), None);
        assert_eq!(wanted(None, Some("application/vnd.ipfs.ipns-record")), None);
    }

    #[test]
    fn a_batch_may_be_asked_for_by_the_bytes_on_chain() {
        let digest = ContentDigest::of(b"[]");
        for text in [digest.to_string(), digest.to_bytes32_hex()] {
            assert_eq!(identifier(&text).unwrap().to_string(), digest.to_string());
        }
        assert!(identifier(&digest.to_version_0()).is_ok());
        assert!(identifier("0x12").is_err() && identifier("bafy").is_err());
    }
}
