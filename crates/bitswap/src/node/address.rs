use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use libp2p_core::Multiaddr;
use libp2p_core::multiaddr::Protocol;
use libp2p_identity::PeerId;

/// A host and a TCP port, written as a multiaddress: `/ip4/0.0.0.0/tcp/4001`, `/dns4/node.example/tcp/4001`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Multiaddr);

/// Where a peer is, and who it is: `/ip4/192.0.2.7/tcp/4001/p2p/12D3KooW…`. Who answers there must prove to be it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerAddress {
    /// Who.
    pub(super) peer: PeerId,
    /// Where.
    pub(super) address: Address,
}

/// A text that is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` cannot be used: {reason}")]
pub struct BadAddress {
    /// What was given.
    pub given: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Address {
    pub(super) fn multiaddr(&self) -> &Multiaddr {
        &self.0
    }

    /// The address as the system has it; none if it is a name.
    pub(super) fn socket(&self) -> Option<SocketAddr> {
        let mut parts = self.0.iter();
        let (host, port) = (parts.next()?, parts.next()?);
        let Protocol::Tcp(port) = port else {
            return None;
        };
        if let Protocol::Ip4(ip) = host {
            Some(SocketAddr::new(ip.into(), port))
        } else if let Protocol::Ip6(ip) = host {
            Some(SocketAddr::new(ip.into(), port))
        } else {
            None
        }
    }

    /// With who is there.
    pub(super) fn of(&self, peer: PeerId) -> String {
        format!("{}/p2p/{peer}", self.0)
    }

    /// Addresses with numbers only. A name is looked up; none if it is not known.
    pub(super) async fn looked_up(&self) -> Vec<Multiaddr> {
        let mut parts = self.0.iter();
        let (host, port) = (parts.next(), parts.next());
        let Some(Protocol::Tcp(port)) = port else {
            return Vec::new();
        };
        let (name, takes): (_, fn(&IpAddr) -> bool) = match host {
            Some(Protocol::Dns(name)) => (name, |_| true),
            Some(Protocol::Dns4(name)) => (name, IpAddr::is_ipv4),
            Some(Protocol::Dns6(name)) => (name, IpAddr::is_ipv6),
            Some(_) | None => return vec![self.0.clone()],
        };
        let Ok(found) = tokio::net::lookup_host((name.as_ref(), port)).await else {
            return Vec::new();
        };
        let numbers = found.map(|socket| socket.ip()).filter(takes);
        numbers
            .map(|ip| Multiaddr::empty().with(ip.into()).with(Protocol::Tcp(port)))
            .collect()
    }

    /// Reads an address, and what is behind the port.
    fn read(text: &str) -> Result<(Self, Vec<Protocol<'static>>), BadAddress> {
        let refuse = |reason| BadAddress {
            given: text.chars().take(200).collect(),
            reason,
        };
        let whole: Multiaddr = text
            .trim()
            .parse()
            .map_err(|_| refuse("it is no multiaddress; write one like /ip4/192.0.2.7/tcp/4001"))?;
        let mut parts = whole.iter().map(Protocol::acquire);
        match (parts.next(), parts.next()) {
            (
                Some(
                    host @ (Protocol::Ip4(_)
                    | Protocol::Ip6(_)
                    | Protocol::Dns(_)
                    | Protocol::Dns4(_)
                    | Protocol::Dns6(_)),
                ),
                Some(port @ Protocol::Tcp(_)),
            ) => Ok((Self(Multiaddr::empty().with(host).with(port)), parts.collect())),
            (Some(_) | None, Some(_) | None) => Err(refuse(
                "it begins with neither /ip4, /ip6 nor /dns and then /tcp, which is all this node speaks",
            )),
        }
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        match Self::read(text)? {
            (address, rest) if rest.is_empty() => Ok(address),
            _ => Err(BadAddress {
                given: text.chars().take(200).collect(),
                reason: "there is something behind the port; who is there is added by the node itself",
            }),
        }
    }
}

impl FromStr for PeerAddress {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let (address, rest) = Address::read(text)?;
        match rest.as_slice() {
            [Protocol::P2p(peer)] => Ok(Self { peer: *peer, address }),
            _ => Err(BadAddress {
                given: text.chars().take(200).collect(),
                reason: "it does not end with who is there, /p2p/12D3KooW…",
            }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address.of(self.peer))
    }
}

impl From<Multiaddr> for Address {
    fn from(address: Multiaddr) -> Self {
        Self(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    #[test]
    fn addresses_are_a_host_and_a_port_and_peers_say_who_they_are() {
        for text in [
            "/ip4/127.0.0.1/tcp/0",
            "/ip6/::1/tcp/4001",
            "/dns4/node.example/tcp/4001",
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
            let peer: PeerAddress = format!("{text}/p2p/{PEER}").parse().unwrap();
            assert_eq!(peer.to_string(), format!("{text}/p2p/{PEER}"));
            assert!(text.parse::<PeerAddress>().is_err());
            assert!(format!("{text}/p2p/{PEER}").parse::<Address>().is_err());
        }
        for text in [
            "",
            "127.0.0.1:4001",
            "/ip4/127.0.0.1/udp/4001/quic-v1",
            "/unix/x",
            "/ip4/127.0.0.1",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_is_looked_up_for_the_family_it_asks_for() {
        let address: Address = "/dns4/localhost/tcp/4001".parse().unwrap();
        let found = address.looked_up().await;
        assert!(found.contains(&"/ip4/127.0.0.1/tcp/4001".parse().unwrap()), "{found:?}");
        let address: Address = "/dns4/nowhere.invalid/tcp/4001".parse().unwrap();
        assert_eq!(address.looked_up().await, Vec::<Multiaddr>::new());
    }
}
