//! Schemas of refusals. The values are written by [`crate::problem`].

use serde::Serialize;
use utoipa::ToSchema;

/// A refusal or failure.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// The HTTP status.
    pub status_code: u16,
    /// A text, an error number as text, or a list of validation errors.
    pub message: MessageBody,
    /// The status in words, where the original service had it.
    pub error: Option<String>,
    /// A name for programs.
    pub name: String,
    /// What failed.
    pub text: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The same name as a URI.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A text, an error number as text, or a list of validation errors.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum MessageBody {
    /// A text or an error number.
    One(String),
    /// One text per wrong field.
    Many(Vec<String>),
}

/// The same as problem details (RFC 9457), for clients that accept them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDetails {
    /// A name for this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What failed.
    pub detail: String,
    /// A name for programs.
    pub name: String,
    /// An error number as text, or a text.
    pub message: Option<String>,
    /// One text per wrong field.
    pub errors: Option<Vec<String>>,
    /// What to do about it.
    pub remedy: Option<String>,
}
