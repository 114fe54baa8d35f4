//! Where the document is served.

use axum::Router;
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerUi, Url};

/// The document at `/api-json`, and a page to try it at `/api`.
pub(crate) fn serve<S: Clone + Send + Sync + 'static>(document: Value) -> Router<S> {
    let config = Config::default()
        .persist_authorization(false)
        .display_request_duration(true);
    SwaggerUi::new("/api")
        .config(config)
        .external_url_unchecked(Url::new("MACI coordinator", "/api-json"), document)
        .into()
}
