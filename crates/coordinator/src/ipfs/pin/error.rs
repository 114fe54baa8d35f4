use cid::Cid;
use reqwest::StatusCode;

use crate::ipfs::{IpfsError, NotTheBlock};

/// A target did not pin something. It is tried again, later and later.
#[derive(Debug, thiserror::Error)]
pub(in crate::ipfs) enum PinError {
    /// It could not be asked.
    #[error("it could not be asked: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("it refused `{call}` with {status}: {text}")]
    Refused {
        call: &'static str,
        status: StatusCode,
        text: String,
    },
    /// Its answer is not one.
    #[error("its answer to `{call}` cannot be read: {reason}")]
    Unreadable { call: &'static str, reason: String },
    /// It made something else of our bytes.
    #[error("it took {ours} for {theirs}; it does not keep what was published")]
    OtherContent { ours: Cid, theirs: String },
    /// It gave up.
    #[error("it gave up: {0}")]
    GaveUp(String),
    /// We do not have what it is to keep.
    #[error(transparent)]
    Ours(#[from] IpfsError),
    /// What is stored under an identifier is something else.
    #[error(transparent)]
    Wrong(#[from] NotTheBlock),
}

impl PinError {
    pub(super) fn unreachable(error: reqwest::Error) -> Self {
        // URLs may hold keys
        Self::Unreachable(error.without_url().to_string())
    }
}
