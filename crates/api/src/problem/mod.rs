//! What a client is told when something is not done: one value, three shapes.
//!
//! Existing clients read `{statusCode, message}` (and `error`, where the framework they were written for had it); people
//! read `name`, `text` and `remedy` beside it; and whoever accepts `application/problem+json` gets the same as RFC 9457
//! problem details.
//!
//! - `kind`     the refusals this crate itself makes
//! - `render`   the shapes, chosen by what the client accepts
//! - `service`  what the service below refuses
//! - `relay`    what its relayer refuses

mod kind;
mod relay;
mod render;
mod service;

#[cfg(test)]
mod tests;

pub use render::{PROBLEM_JSON, negotiate};

use axum::http::StatusCode;

/// A refusal or failure, as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    message: Message,
    label: Option<&'static str>,
    name: &'static str,
    text: String,
    remedy: Option<String>,
    retry_after: Option<u64>,
}

/// The member that existing clients read: a code or text, or a list of validation errors.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    One(String),
    Many(Vec<String>),
}

impl Problem {
    /// A problem whose `message` is its text.
    ///
    /// `name` is for programs (capitals and underscores), `text` for people: what failed and with which ids.
    #[must_use]
    pub fn new(status: StatusCode, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            status,
            message: Message::One(text.clone()),
            label: None,
            name,
            text,
            remedy: None,
            retry_after: None,
        }
    }

    /// The same with the error number existing clients know, which takes the place of the message.
    #[must_use]
    pub fn with_code(mut self, code: u16) -> Self {
        self.message = Message::One(code.to_string());
        self
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same with the seconds after which another attempt makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The name for programs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What failed, for people.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
