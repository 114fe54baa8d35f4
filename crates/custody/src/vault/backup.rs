use std::path::Path;

use maci_crypto::keys::PrivateKey;
use zeroize::Zeroizing;

use crate::coordinator::{CoordinatorKey, CoordinatorKeys};
use crate::error::CustodyError;
use crate::name::KeyName;
use crate::passphrase::Passphrase;
use crate::sealed::{Cost, SealedFile, Subject, open_any, seal};
use crate::sender::{GasKey, SenderKey};
use crate::transport::TransportKey;

const KIND: &str = "backup";
const WHAT: &str = "the backup";

/// What a line of a backup says of a key: `<kind> <name> <hexadecimal digits>`.
const COORDINATOR: &str = "coordinator";
const GAS: &str = "gas";
const TRANSPORT: &str = "transport";

/// What became of the keys of a backup, by name: coordinator keys by their own, else `gas` and `transport`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restored {
    /// They were not there, and are now.
    pub added: Vec<String>,
    /// They were there.
    pub present: Vec<String>,
    /// Another key has their place; nothing was changed.
    pub conflicts: Vec<String>,
}

/// Where keys of a backup go.
pub(super) struct Place<'a> {
    pub(super) folder: &'a Path,
    pub(super) keys: &'a CoordinatorKeys,
    pub(super) gas: &'a Path,
    pub(super) passphrase: &'a Passphrase,
    pub(super) cost: Cost,
}

/// Every key in one text.
pub(super) fn seal_all(
    folder: &Path,
    coordinators: &[(KeyName, CoordinatorKey)],
    gas: Option<&SenderKey>,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<String, CustodyError> {
    let transport = TransportKey::stored(folder)?;
    // room for all of it at once: a growing text leaves copies behind
    let room = coordinators.len() * 200 + 100 + transport.as_ref().map_or(0, |pem| 2 * pem.len() + 100);
    let mut lines = Zeroizing::new(String::with_capacity(room));
    let mut line = |kind: &str, name: &str, secret: &[u8]| {
        let digits = Zeroizing::new(hex::encode(secret));
        for part in [kind, " ", name, " ", &digits, "\n"] {
            lines.push_str(part);
        }
    };
    let mut contents = Vec::new();
    for (name, key) in coordinators {
        line(COORDINATOR, name.as_str(), key.private_key().expose_seed());
        contents.push(format!("{COORDINATOR} {name} {}", key.public_key()));
    }
    if let Some(key) = gas {
        line(GAS, GAS, &key.secret()[..]);
        contents.push(format!("{GAS} {}", key.address()));
    }
    if let Some(pem) = &transport {
        line(TRANSPORT, TRANSPORT, pem.as_bytes());
        contents.push(TRANSPORT.to_owned());
    }
    let subject = Subject {
        kind: KIND,
        name: KIND,
        public: &contents.join(", "),
    };
    seal(subject, lines.as_bytes(), passphrase, cost)?.to_text()
}

/// Takes every key of a backup.
pub(super) fn open_all(text: &str, passphrase: &Passphrase, place: &Place<'_>) -> Result<Restored, CustodyError> {
    let file = SealedFile::parse(WHAT, text.as_bytes())?;
    if file.kind != KIND {
        return Err(CustodyError::damaged(WHAT, "it is a key, not a backup of all keys"));
    }
    let opened = open_any(WHAT, &file, passphrase)?;
    let odd = || CustodyError::damaged(WHAT, "a line of it is no key");
    let lines = std::str::from_utf8(&opened).map_err(|_| odd())?;
    let mut restored = Restored::default();
    for line in lines.lines() {
        let mut parts = line.split(' ');
        let (Some(kind), Some(name), Some(digits), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(odd());
        };
        let secret = Zeroizing::new(hex::decode(digits).map_err(|_| odd())?);
        let (name, became) = match kind {
            COORDINATOR => (
                name,
                place.coordinator(&name.parse()?, &*key_of(&secret).ok_or_else(odd)?)?,
            ),
            GAS => (GAS, place.gas(&key_of(&secret).ok_or_else(odd)?)?),
            TRANSPORT => (
                TRANSPORT,
                place.transport(std::str::from_utf8(&secret).map_err(|_| odd())?)?,
            ),
            _ => return Err(odd()),
        };
        let list = match became {
            Became::Added => &mut restored.added,
            Became::Present => &mut restored.present,
            Became::Conflict => &mut restored.conflicts,
        };
        list.push(name.to_owned());
    }
    Ok(restored)
}

enum Became {
    Added,
    Present,
    Conflict,
}

impl Became {
    /// What became of a key whose place is taken.
    fn taken(by_itself: bool) -> Self {
        if by_itself { Self::Present } else { Self::Conflict }
    }
}

fn key_of(secret: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    secret.try_into().ok().map(Zeroizing::new)
}

impl Place<'_> {
    fn coordinator(&self, name: &KeyName, seed: &[u8; 32]) -> Result<Became, CustodyError> {
        let key = CoordinatorKey::from(PrivateKey::from_seed(*seed));
        let public = key.public_key();
        match self.keys.import(name, key, self.passphrase) {
            Ok(_) => Ok(Became::Added),
            Err(CustodyError::NameTaken { .. }) => {
                let found = self.keys.find_by_public_key(&public)?;
                Ok(Became::taken(found.is_some()))
            }
            Err(error) => Err(error),
        }
    }

    fn gas(&self, secret: &Zeroizing<[u8; 32]>) -> Result<Became, CustodyError> {
        let key = SenderKey::from_bytes(secret)?;
        if GasKey::write_new(self.gas, &key, self.passphrase, self.cost)? {
            return Ok(Became::Added);
        }
        Ok(Became::taken(GasKey::address(self.gas)? == Some(key.address())))
    }

    fn transport(&self, pem: &str) -> Result<Became, CustodyError> {
        if TransportKey::restore(self.folder, pem)? {
            return Ok(Became::Added);
        }
        let present = TransportKey::stored(self.folder)?;
        Ok(Became::taken(present.is_some_and(|present| present.as_str() == pem)))
    }
}
