use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{Gauge, counter, gauge, histogram};

use super::names;

/// Middleware that counts and times requests by their route, never by their path, of which there is no end.
pub async fn count_requests(request: Request, next: Next) -> Response {
    let method = known(request.method().as_str());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let start = Instant::now();
    let _under_way = UnderWay::begin();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    histogram!(names::HTTP_SECONDS, "method" => method, "route" => route.clone()).record(start.elapsed());
    counter!(names::HTTP_REQUESTS, "method" => method, "route" => route, "status" => status).increment(1);
    response
}

/// Methods have names of the client's choice; only these are counted by name.
fn known(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

/// One request being answered; counted down also when its client leaves.
struct UnderWay(Gauge);

impl UnderWay {
    fn begin() -> Self {
        let gauge = gauge!(names::HTTP_IN_FLIGHT);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
