//! Coordinator keys: bodies and answers. Secrets that come in are kept out of what can be shown.

use std::fmt;

use maci_coordinator_core::service::{KeyView, Restored};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    fields::{Fields, FromFields},
    rules,
};

/// A coordinator key, as far as it may be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyAnswer {
    /// Its name here.
    pub name: String,
    /// Its public half, as `macipk.…`.
    pub public_key: String,
}

/// The coordinator keys of this service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeysAnswer {
    /// The keys, by name.
    pub keys: Vec<KeyAnswer>,
}

/// A backup of every key: the text of a file that only its passphrase opens.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BackupAnswer {
    /// The file's text.
    pub backup: String,
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq, ToSchema)]
pub struct NewKeyBody {
    /// Its name: letters, digits and dashes.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
}

/// A key to be taken in.
#[derive(Clone, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct ImportKeyBody {
    /// Its name here: letters, digits and dashes.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// Base64 of RSA-OAEP over the `macisk.…` text, for the key of `GET /v1/proof/publicKey`.
    pub encrypted_private_key: String,
}

/// What opens the keys.
#[derive(Clone, PartialEq, Eq, ToSchema)]
pub struct UnlockBody {
    /// Their passphrase.
    #[schema(min_length = 1, max_length = 1024, format = Password)]
    pub passphrase: String,
}

/// What became of the keys of a backup, by name; the gas key is `gas`, the RSA key `transport`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RestoredAnswer {
    /// They were not here, and are now.
    pub added: Vec<String>,
    /// They were here.
    pub present: Vec<String>,
    /// Another key has their place; nothing was changed.
    pub conflicts: Vec<String>,
}

/// What seals a backup.
#[derive(Clone, PartialEq, Eq, ToSchema)]
pub struct BackupBody {
    /// The backup's own passphrase.
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    pub passphrase: String,
}

/// A backup to be taken back.
#[derive(Clone, PartialEq, Eq, ToSchema)]
pub struct RestoreBody {
    /// The file's text.
    pub backup: String,
    /// What opens it.
    #[schema(min_length = 1, max_length = 1024, format = Password)]
    pub passphrase: String,
}

impl From<KeyView> for KeyAnswer {
    fn from(view: KeyView) -> Self {
        Self {
            name: view.name,
            public_key: view.public_key.serialize(),
        }
    }
}

impl From<Restored> for RestoredAnswer {
    fn from(restored: Restored) -> Self {
        Self {
            added: restored.added,
            present: restored.present,
            conflicts: restored.conflicts,
        }
    }
}

impl FromFields for UnlockBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            passphrase: fields.need("passphrase", rules::text_of(1..=1024))?,
        })
    }
}

impl FromFields for NewKeyBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            name: fields.need("name", rules::text_of(1..=64))?,
        })
    }
}

impl FromFields for ImportKeyBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.need("name", rules::text_of(1..=64));
        let key = fields.need("encryptedPrivateKey", rules::text_of(1..=4096));
        Some(Self {
            name: name?,
            encrypted_private_key: key?,
        })
    }
}

impl FromFields for BackupBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            passphrase: fields.need("passphrase", rules::text_of(12..=1024))?,
        })
    }
}

impl FromFields for RestoreBody {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let backup = fields.need("backup", rules::text_of(1..=200_000));
        let passphrase = fields.need("passphrase", rules::text_of(1..=1024));
        Some(Self {
            backup: backup?,
            passphrase: passphrase?,
        })
    }
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

silent!(ImportKeyBody, UnlockBody, BackupBody, RestoreBody);
