use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

/// Whether the answer waits for the work's end (RFC 7240).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Until it is done.
    UntilDone,
    /// Not at all: `Prefer: respond-async`.
    Not,
}

impl Wait {
    /// What the headers prefer.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lists = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let mut preferences = lists.flat_map(|list| list.split(','));
        let asks = preferences.any(|preference| {
            let name = preference.split([';', '=']).next().unwrap_or_default();
            name.trim().eq_ignore_ascii_case("respond-async")
        });
        if asks { Self::Not } else { Self::UntilDone }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wait {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_respond_async_asks_not_to_wait() {
        for (value, wait) in [
            ("respond-async", Wait::Not),
            ("handling=lenient, Respond-Async; x=1", Wait::Not),
            ("respond-asynchronously", Wait::UntilDone),
            ("", Wait::UntilDone),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", HeaderValue::from_static(value));
            assert_eq!(Wait::of(&headers), wait, "{value}");
        }
    }
}
