use cid::Cid;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, PinError};

/// A pinning service, by the API that services agreed on.
#[derive(Debug)]
pub(super) struct Service<'a> {
    pub(super) client: &'a Client,
    pub(super) api: &'a Url,
    pub(super) token: &'a SecretString,
    pub(super) origins: &'a [String],
}

/// What a service says of a pin.
#[derive(Deserialize)]
struct Status {
    requestid: String,
    status: Stage,
    pin: Asked,
    #[serde(default)]
    info: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Asked {
    cid: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Stage {
    Queued,
    Pinning,
    Pinned,
    Failed,
}

impl Service<'_> {
    /// Asks for a pin, or how far an earlier request has come.
    pub(super) async fn pin(&self, cid: Cid, request: Option<&str>) -> Result<Outcome, PinError> {
        let status = match request {
            None => self.ask(cid).await?,
            Some(request) => self.look(request).await?,
        };
        if !status.pin.cid.parse::<Cid>().is_ok_and(|named| named == cid) {
            return Err(PinError::OtherContent {
                ours: cid,
                theirs: status.pin.cid,
            });
        }
        match status.status {
            Stage::Pinned => Ok(Outcome::Pinned),
            Stage::Queued | Stage::Pinning => Ok(Outcome::Requested {
                request: status.requestid,
            }),
            Stage::Failed => {
                let details = status.info.get("status_details").and_then(|text| text.as_str());
                Err(PinError::GaveUp(details.unwrap_or("no reason given").to_owned()))
            }
        }
    }

    async fn ask(&self, cid: Cid) -> Result<Status, PinError> {
        let body = json!({ "cid": cid.to_string(), "name": cid.to_string(), "origins": self.origins });
        let request = self
            .client
            .post(self.url(&["pins"]))
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body.to_string());
        self.call("POST /pins", request).await
    }

    async fn look(&self, request: &str) -> Result<Status, PinError> {
        let url = self.url(&["pins", request]);
        self.call("GET /pins/{requestid}", self.client.get(url)).await
    }

    async fn call(&self, call: &'static str, request: RequestBuilder) -> Result<Status, PinError> {
        let request = request.bearer_auth(self.token.expose_secret());
        let response = request.send().await.map_err(PinError::unreachable)?;
        let status = response.status();
        let answer = response.bytes().await.map_err(PinError::unreachable)?;
        if !matches!(status, StatusCode::OK | StatusCode::ACCEPTED) {
            let text = String::from_utf8_lossy(&answer).chars().take(200).collect();
            return Err(PinError::Refused { call, status, text });
        }
        serde_json::from_slice(&answer).map_err(|error| PinError::Unreadable {
            call,
            reason: error.to_string(),
        })
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.api.clone();
        if let Ok(mut names) = url.path_segments_mut() {
            names.pop_if_empty().extend(path);
        }
        url
    }
}
