use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::auth::Door;

/// The network address a request comes from, seen through proxies that are trusted.
#[derive(Debug)]
pub(crate) struct Client(pub(crate) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let door = parts.extensions.get::<Door>();
        let address = door.map(|door| door.address(&parts.headers, &parts.extensions));
        // where there is no door, whoever calls is in this process
        Ok(Self(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}
