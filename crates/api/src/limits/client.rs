use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The header in which proxies name the clients behind them, nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A network of addresses, such as `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no network: write an address, or an address and a prefix length such as 10.0.0.0/8")]
pub struct BadNetwork {
    /// What was given.
    pub given: String,
}

/// Finds a client's address, seen through proxies that are trusted.
#[derive(Debug, Clone, Default)]
pub struct ClientAddress {
    trusted: Vec<Network>,
}

impl Network {
    /// Whether an address belongs to it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (u128::from(own.to_bits()), u128::from(other.to_bits()), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        let ignored = width - u32::from(self.prefix);
        own.checked_shr(ignored).unwrap_or(0) == other.checked_shr(ignored).unwrap_or(0)
    }
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let refuse = || BadNetwork {
            given: text.chars().take(60).collect(),
        };
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| refuse())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| refuse())?,
            None => width,
        };
        if prefix > width {
            return Err(refuse());
        }
        Ok(Self { address, prefix })
    }
}

impl ClientAddress {
    /// Believes these proxies.
    #[must_use]
    pub fn behind(trusted: Vec<Network>) -> Self {
        Self { trusted }
    }

    /// The client a request comes from: the peer, or, if that is a trusted proxy, the nearest address it was
    /// forwarded for that is not one. Whatever stands further from us could be written by anybody.
    #[must_use]
    pub fn of(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // a connection without an address is one of this process
        let mut nearest = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_canonical();
        let forwarded = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = forwarded.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        for hop in hops {
            if !self.trusts(nearest) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => nearest = address.to_canonical(),
                Err(_) => break,
            }
        }
        nearest
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        let trusted = trusted.iter().map(|text| text.parse().unwrap()).collect();
        ClientAddress::behind(trusted).of(&headers, &extensions).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(seen("192.0.2.1", &["203.0.113.9"], &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["203.0.113.9"], &["10.0.0.0/8"]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_names_the_client_and_what_the_client_wrote_is_not_believed() {
        let trusted = ["10.0.0.0/8", "::1"];
        assert_eq!(
            seen("10.1.2.3", &["198.51.100.7, 203.0.113.9"], &trusted),
            "203.0.113.9"
        );
        assert_eq!(seen("::1", &["203.0.113.9, 10.9.9.9"], &trusted), "203.0.113.9");
        assert_eq!(
            seen("10.1.2.3", &["198.51.100.7", "203.0.113.9"], &trusted),
            "203.0.113.9"
        );
        assert_eq!(seen("::ffff:10.1.2.3", &["2001:db8::1"], &trusted), "2001:db8::1");
    }

    #[test]
    fn a_forwarded_text_that_is_no_address_ends_the_search() {
        assert_eq!(seen("10.1.2.3", &["203.0.113.9, unknown"], &["10.0.0.0/8"]), "10.1.2.3");
        assert_eq!(seen("10.1.2.3", &[], &["10.0.0.0/8"]), "10.1.2.3");
    }

    #[test]
    fn networks_are_read_or_refused() {
        let everything: Network = "0.0.0.0/0".parse().unwrap();
        assert!(everything.contains("203.0.113.9".parse().unwrap()));
        assert!(!everything.contains("2001:db8::1".parse().unwrap()));
        let half: Network = "10.0.0.0/9".parse().unwrap();
        assert!(half.contains("10.127.0.1".parse().unwrap()) && !half.contains("10.128.0.1".parse().unwrap()));
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0/8",
            "::1/129",
            "10.0.0.0/-1",
            "example.org",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
