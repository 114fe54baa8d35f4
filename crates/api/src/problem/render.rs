//! The shapes of a problem on the wire.

use axum::{
    Json,
    extract::Request,
    http::{
        HeaderMap, HeaderValue,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{Message, Problem};

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

impl Problem {
    /// The body existing clients read, with what people read beside it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        body.insert("statusCode".to_owned(), json!(self.status.as_u16()));
        body.insert("message".to_owned(), self.message.to_json());
        if let Some(label) = self.label {
            body.insert("error".to_owned(), json!(label));
        }
        body.insert("name".to_owned(), json!(self.name));
        body.insert("text".to_owned(), json!(self.text));
        if let Some(remedy) = &self.remedy {
            body.insert("remedy".to_owned(), json!(remedy));
        }
        body.insert("type".to_owned(), json!(self.uri()));
        Value::Object(body)
    }

    /// The same as problem details; what RFC 9457 does not name is an extension member.
    #[must_use]
    pub fn to_details(&self) -> Value {
        let mut body = Map::new();
        body.insert("type".to_owned(), json!(self.uri()));
        body.insert("title".to_owned(), json!(self.title()));
        body.insert("status".to_owned(), json!(self.status.as_u16()));
        body.insert("detail".to_owned(), json!(self.text));
        body.insert("name".to_owned(), json!(self.name));
        match &self.message {
            Message::Many(texts) => drop(body.insert("errors".to_owned(), json!(texts))),
            Message::One(message) => drop(body.insert("message".to_owned(), json!(message))),
        }
        if let Some(remedy) = &self.remedy {
            body.insert("remedy".to_owned(), json!(remedy));
        }
        Value::Object(body)
    }

    /// A name for this kind of problem that is the same everywhere and forever.
    fn uri(&self) -> String {
        let name = self.name.to_lowercase().replace('_', "-");
        format!("urn:maci-coordinator:problem:{name}")
    }

    /// The name in words.
    fn title(&self) -> String {
        let words = self.name.to_lowercase().replace('_', " ");
        let mut letters = words.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }
}

impl Message {
    fn to_json(&self) -> Value {
        match self {
            Self::One(text) => json!(text),
            Self::Many(texts) => json!(texts),
        }
    }
}

impl IntoResponse for Problem {
    /// The shape for existing clients. The problem goes along, so that [`negotiate`] can choose another one.
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.to_json())).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A layer that turns a problem into problem details for clients that accept them.
pub async fn negotiate(request: Request, next: Next) -> Response {
    let details = accepts_details(request.headers());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    if details {
        let (parts, _) = response.into_parts();
        response = (parts.status, Json(problem.to_details())).into_response();
        for (name, value) in &parts.headers {
            if name != CONTENT_LENGTH && !response.headers().contains_key(name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("accept"));
    response
}

fn accepts_details(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut ranges = lists.flat_map(|list| list.split(','));
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(PROBLEM_JSON));
        named && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
