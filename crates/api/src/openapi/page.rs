//! Where the document is served.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The document at `/api-json`, and a page to try it at `/api`.
pub(crate) fn serve<S: Clone + Send + Sync + 'static>(document: OpenApi) -> Router<S> {
    let config = Config::default()
        .persist_authorization(false)
        .display_request_duration(true);
    SwaggerUi::new("/api").url("/api-json", document).config(config).into()
}
