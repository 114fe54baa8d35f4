use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use maci_coordinator_core::access::{Access, AccessError, AccountSignature, LoginNonces, Token, TokenDigest};
use maci_coordinator_core::actor::{Actor, ActorName, Role};
use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::caller::{Caller, Identity, Way};
use super::credentials::{Credentials, Signed};
use super::legacy;
use super::login::Login;
use super::refusal::Refusal;
use super::settings::AuthSettings;
use super::signed::Call;

/// The most headers of the existing service that are remembered as opened.
const REMEMBERED: usize = 256;

/// Says who is calling. Clones are the same.
#[derive(Clone)]
pub struct Authenticator {
    inner: Arc<Inner>,
}

struct Inner {
    settings: AuthSettings,
    access: Access,
    /// Fetched with the first login.
    nonces: OnceCell<LoginNonces>,
    /// Whose header of the existing service it was, by its digest: opening one takes milliseconds of a core.
    opened: Mutex<HashMap<[u8; 32], EthAddress>>,
}

impl Authenticator {
    /// Lets in whom the settings name.
    #[must_use]
    pub fn new(settings: AuthSettings, access: Access) -> Self {
        if settings.legacy.is_some() {
            tracing::warn!(
                "the existing service's header is taken as a login: whoever has seen one can use it for ever"
            );
        }
        if settings.roles.is_empty() {
            tracing::warn!("no address has a role: nothing that needs a login can be done over the network");
        }
        let inner = Inner {
            settings,
            access,
            nonces: OnceCell::new(),
            opened: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &AuthSettings {
        &self.inner.settings
    }

    /// Whether the existing service's header is taken as a login, which health shows.
    #[must_use]
    pub fn takes_legacy_headers(&self) -> bool {
        self.inner.settings.legacy.is_some()
    }

    /// What logins and the record rest on.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.inner.access
    }

    /// A number for one login.
    pub(super) async fn nonce(&self) -> Result<String, Refusal> {
        Ok(self.nonces().await?.give(self.now())?)
    }

    async fn nonces(&self) -> Result<&LoginNonces, AccessError> {
        let Inner { nonces, access, .. } = &*self.inner;
        nonces.get_or_try_init(|| access.login_nonces()).await
    }

    /// Opens a login with a signed message.
    pub(super) async fn log_in(&self, message: &str, signature: &str) -> Result<(Token, Caller), Refusal> {
        let Inner { settings, access, .. } = &*self.inner;
        let signature: AccountSignature = signature.parse()?;
        let nonces = self.nonces().await?;
        let login = Login::check(message, &signature, settings, nonces, self.now())?;
        let role = self.role_of(login.address)?;
        if !access.use_once("login", &login.nonce, login.ends).await? {
            return Err(Refusal::Replayed);
        }
        let (token, opened) = access.log_in(login.address, role, settings.token_lifetime).await?;
        let way = Way::Token(token.digest());
        Ok((token, self.caller(login.address, role, way, opened.expires)?))
    }

    /// Ends the login of a caller. False if there is none to end.
    pub(super) async fn log_out(&self, caller: &Caller) -> Result<bool, Refusal> {
        match caller.way {
            Way::Token(token) => Ok(self.inner.access.log_out(&token).await?),
            Way::Signature | Way::Legacy => Ok(false),
        }
    }

    /// Who opens a socket: by what the door found in the handshake's headers, else by the handshake's `auth` payload,
    /// which is `{ token }`, `{ authorization }` as the header would be, or `{ address, nonce, expires, signature }`
    /// over `GET /socket.io/` without a body.
    ///
    /// # Errors
    /// Why they are nobody.
    pub async fn authenticate(&self, handshake: &Parts, auth: Option<&Value>) -> Result<Caller, Refusal> {
        match handshake.extensions.get::<Identity>() {
            None | Some(Identity::Nobody) => {}
            Some(identity) => return identity.caller().cloned(),
        }
        let presented = auth.map_or(Ok(None), of_payload)?;
        self.identify(presented.ok_or(Refusal::Anonymous)?, Call::HANDSHAKE)
            .await
    }

    /// The same caller, if they still are who they were: for connections that outlive a login.
    ///
    /// # Errors
    /// Why they no longer are.
    pub async fn again(&self, caller: &Caller) -> Result<Caller, Refusal> {
        match caller.way {
            Way::Token(token) => self.by_token(token).await,
            Way::Signature | Way::Legacy if caller.expires <= self.now() => Err(Refusal::NoSession),
            Way::Signature => self.caller(
                caller.address,
                self.role_of(caller.address)?,
                caller.way,
                caller.expires,
            ),
            Way::Legacy => self.by_legacy(caller.address),
        }
    }

    /// Whether checking this takes a noticeable time.
    pub(super) fn is_costly(&self, credentials: &Credentials) -> bool {
        match credentials {
            Credentials::Legacy(text) => self.takes_legacy_headers() && self.remembered(text).is_none(),
            Credentials::Token(_) | Credentials::Signed(_) => false,
        }
    }

    /// Who presents this.
    pub(super) async fn identify(&self, presented: Credentials, call: Call<'_>) -> Result<Caller, Refusal> {
        match presented {
            Credentials::Token(token) => self.by_token(token).await,
            Credentials::Signed(signed) => self.by_signature(&signed, call).await,
            Credentials::Legacy(text) => {
                let address = match self.remembered(&text) {
                    Some(address) => address,
                    None => self.open_legacy(text).await?,
                };
                self.by_legacy(address)
            }
        }
    }

    async fn by_token(&self, token: TokenDigest) -> Result<Caller, Refusal> {
        let login = self.inner.access.login(&token).await?.ok_or(Refusal::NoSession)?;
        // what the settings say today counts, not what they said at the login
        let role = self.role_of(login.address)?;
        self.caller(login.address, role, Way::Token(token), login.expires)
    }

    async fn by_signature(&self, signed: &Signed, call: Call<'_>) -> Result<Caller, Refusal> {
        let Inner { settings, access, .. } = &*self.inner;
        let now = self.now();
        let ends = signed.check(call, settings, now)?;
        let role = self.role_of(signed.address)?;
        if !access.use_once(&signed.scope(), &signed.nonce, ends).await? {
            return Err(Refusal::Replayed);
        }
        self.caller(signed.address, role, Way::Signature, now.after(settings.token_lifetime))
    }

    /// Whose header of the existing service this is; remembered, as the same one comes with every request.
    async fn open_legacy(&self, text: String) -> Result<EthAddress, Refusal> {
        let settings = self.inner.settings.legacy.as_ref().ok_or(Refusal::LegacyOff)?;
        let key = digest(&text);
        let opened = match self.inner.access.transport().decrypt(text).await {
            Ok(opened) => opened,
            Err(AccessError::NotForUs(_)) => return Err(Refusal::Legacy("it is not encrypted to this service")),
            Err(error) => return Err(error.into()),
        };
        let address = legacy::signer(&opened, settings)?;
        let mut remembered = self.inner.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(key, address);
        Ok(address)
    }

    fn by_legacy(&self, address: EthAddress) -> Result<Caller, Refusal> {
        // a login that can be copied must not reach the keys
        let role = self.role_of(address)?.min(Role::Operator);
        let expires = self.now().after(self.inner.settings.token_lifetime);
        self.caller(address, role, Way::Legacy, expires)
    }

    fn remembered(&self, text: &str) -> Option<EthAddress> {
        let remembered = self.inner.opened.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.get(&digest(text)).copied()
    }

    fn role_of(&self, address: EthAddress) -> Result<Role, Refusal> {
        let role = self.inner.settings.roles.of(&address);
        role.ok_or(Refusal::NoRole { address })
    }

    fn caller(&self, address: EthAddress, role: Role, way: Way, expires: Timestamp) -> Result<Caller, Refusal> {
        let name: ActorName = address.to_string().parse().map_err(|_| Refusal::NoRole { address })?;
        Ok(Caller {
            actor: Actor { name, role },
            address,
            way,
            expires,
        })
    }

    fn now(&self) -> Timestamp {
        self.inner.access.clock().now()
    }
}

/// What the payload of a handshake presents.
fn of_payload(auth: &Value) -> Result<Option<Credentials>, Refusal> {
    let text = |name: &str| auth.get(name).and_then(Value::as_str);
    if let Some(token) = text("token") {
        return Ok(Some(Credentials::token(token)));
    }
    if let Some(header) = text("authorization") {
        return Credentials::bearer(header).map(Some);
    }
    if auth.get("signature").is_none() {
        return Ok(None);
    }
    // digits, or a number
    let expires = auth
        .get("expires")
        .map(|expires| expires.as_str().map_or_else(|| expires.to_string(), str::to_owned));
    let signed = Signed::parse(text("address"), text("nonce"), expires.as_deref(), text("signature"))?;
    Ok(Some(Credentials::Signed(signed)))
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}
