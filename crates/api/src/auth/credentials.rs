use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use maci_coordinator_core::access::{AccountSignature, Token, TokenDigest};
use maci_protocol::ids::EthAddress;

use super::headers;
use super::refusal::Refusal;

/// What a request presents to show who sends it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// A token, hashed.
    Token(TokenDigest),
    /// A signature of this request.
    Signed(Signed),
    /// The existing service's header: base64, not yet decoded.
    Legacy(String),
}

/// The headers of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) address: EthAddress,
    pub(super) nonce: String,
    pub(super) expires: u64,
    pub(super) signature: AccountSignature,
}

impl Credentials {
    /// What the headers present; none if they present nothing.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, Refusal> {
        let signed = headers::ALL.iter().any(|name| headers.contains_key(*name));
        let mut authorization = headers.get_all(AUTHORIZATION).iter();
        match (authorization.next(), authorization.next(), signed) {
            (None, _, false) => Ok(None),
            (None, _, true) => Signed::of(headers).map(|signed| Some(Self::Signed(signed))),
            (Some(value), None, false) => {
                let text = value
                    .to_str()
                    .map_err(|_| Refusal::Unreadable("its header is not text"))?;
                Self::bearer(text).map(Some)
            }
            (Some(_), _, _) => Err(Refusal::Unreadable("there is more than one")),
        }
    }

    /// A token or the existing service's header, of an Authorization header's value.
    pub(super) fn bearer(text: &str) -> Result<Self, Refusal> {
        let (scheme, rest) = text
            .split_once(' ')
            .ok_or(Refusal::Unreadable("the scheme is not Bearer"))?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::Unreadable("the scheme is not Bearer"));
        }
        Ok(Self::token(rest.trim()))
    }

    /// A token, or the existing service's header without its scheme.
    pub(super) fn token(text: &str) -> Self {
        match Token::presented(text) {
            Some(digest) => Self::Token(digest),
            None => Self::Legacy(text.to_owned()),
        }
    }
}

impl Signed {
    fn of(map: &HeaderMap) -> Result<Self, Refusal> {
        let one = |name: &'static str| {
            let mut values = map.get_all(name).iter();
            match (values.next(), values.next()) {
                (Some(value), None) => value.to_str().ok(),
                _ => None,
            }
        };
        let [address, nonce, expires, signature] = headers::ALL.map(one);
        Self::parse(address, nonce, expires, signature)
    }

    /// The four values, from wherever they came.
    pub(super) fn parse(
        address: Option<&str>,
        nonce: Option<&str>,
        expires: Option<&str>,
        signature: Option<&str>,
    ) -> Result<Self, Refusal> {
        let (Some(address), Some(nonce), Some(expires), Some(signature)) = (address, nonce, expires, signature) else {
            return Err(Refusal::Unreadable("a signed request has four headers, once each"));
        };
        if !(8..=64).contains(&nonce.len()) || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Refusal::Unreadable("the nonce is not 8 to 64 letters and digits"));
        }
        let address = address
            .parse()
            .map_err(|_| Refusal::Unreadable("the address is none"))?;
        let digits = expires.bytes().all(|byte| byte.is_ascii_digit());
        let expires = expires.parse().ok().filter(|_| digits);
        Ok(Self {
            address,
            nonce: nonce.to_owned(),
            expires: expires.ok_or(Refusal::Unreadable("the expiry is not a number of seconds"))?,
            signature: signature.parse()?,
        })
    }
}
