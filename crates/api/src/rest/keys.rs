//! Coordinator keys. Private halves come in encrypted and go out sealed, never otherwise.

use axum::{Json, extract::State, http::StatusCode};
use maci_coordinator_core::service::{CoordinatorKey, LegacyCode, Passphrase, Service, ServiceError};

use super::extract::{Admin, Body, Operator, Viewer};
use crate::{
    problem::Problem,
    state::ApiState,
    wire::{
        self, BackupAnswer, BackupBody, ImportKeyBody, KeyAnswer, KeysAnswer, NewKeyBody, RestoreBody, RestoredAnswer,
        UnlockBody,
    },
};

/// The coordinator keys of this service, by their public halves
#[utoipa::path(get, path = "/v1/keys", tag = "keys", operation_id = "keys",
    extensions(("x-role" = json!("viewer"))),
    responses((status = 200, description = "The keys", body = KeysAnswer)))]
pub(super) async fn list(_: Viewer, State(api): State<ApiState>) -> Result<Json<KeysAnswer>, Problem> {
    let keys = api.service.coordinator_keys().await?;
    Ok(Json(KeysAnswer {
        keys: keys.into_iter().map(Into::into).collect(),
    }))
}

/// Make a coordinator key
#[utoipa::path(post, path = "/v1/keys", tag = "keys", operation_id = "createKey", request_body = NewKeyBody,
    extensions(("x-role" = json!("operator")), ("x-refuses" = json!([412]))),
    responses((status = 201, description = "The key", body = KeyAnswer)))]
pub(super) async fn create(
    Operator(actor): Operator,
    State(api): State<ApiState>,
    Body(body): Body<NewKeyBody>,
) -> Result<(StatusCode, Json<KeyAnswer>), Problem> {
    let name = wire::key_name(&body.name)?;
    let key = api.service.create_key(&actor, name).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// Take a coordinator key in
#[utoipa::path(post, path = "/v1/keys/import", tag = "keys", operation_id = "importKey", request_body = ImportKeyBody,
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([412]))),
    responses((status = 201, description = "The key", body = KeyAnswer)))]
pub(super) async fn import(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    Body(body): Body<ImportKeyBody>,
) -> Result<(StatusCode, Json<KeyAnswer>), Problem> {
    let name = wire::key_name(&body.name)?;
    let key = sent_key(&api.service, body.encrypted_private_key).await?;
    let key = api.service.import_key(&actor, name, key).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// Open the keys with their passphrase, until the service stops
#[utoipa::path(post, path = "/v1/keys/unlock", tag = "keys", operation_id = "unlockKeys", request_body = UnlockBody,
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([412]))),
    responses((status = 201, description = "They are open", body = bool)))]
pub(super) async fn unlock(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    Body(body): Body<UnlockBody>,
) -> Result<(StatusCode, Json<bool>), Problem> {
    api.service.unlock_keys(&actor, passphrase(body.passphrase)?).await?;
    Ok((StatusCode::CREATED, Json(true)))
}

/// A backup of every key, sealed under a passphrase of its own
#[utoipa::path(post, path = "/v1/keys/backup", tag = "keys", operation_id = "backupKeys", request_body = BackupBody,
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([412]))),
    responses((status = 201, description = "The file", body = BackupAnswer)))]
pub(super) async fn backup(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    Body(body): Body<BackupBody>,
) -> Result<(StatusCode, Json<BackupAnswer>), Problem> {
    let backup = api.service.backup_keys(&actor, passphrase(body.passphrase)?).await?;
    Ok((StatusCode::CREATED, Json(BackupAnswer { backup })))
}

/// Take the keys of a backup that are not here; none is overwritten
#[utoipa::path(post, path = "/v1/keys/restore", tag = "keys", operation_id = "restoreKeys", request_body = RestoreBody,
    extensions(("x-role" = json!("admin")), ("x-refuses" = json!([412]))),
    responses((status = 201, description = "What became of each", body = RestoredAnswer)))]
pub(super) async fn restore(
    Admin(actor): Admin,
    State(api): State<ApiState>,
    Body(body): Body<RestoreBody>,
) -> Result<(StatusCode, Json<RestoredAnswer>), Problem> {
    let passphrase = passphrase(body.passphrase)?;
    let restored = api.service.restore_keys(&actor, body.backup, passphrase).await?;
    Ok((StatusCode::CREATED, Json(restored.into())))
}

fn passphrase(text: String) -> Result<Passphrase, Problem> {
    Passphrase::new(text.into_bytes()).map_err(|error| ServiceError::from(error).into())
}

/// A coordinator key as clients send it.
///
/// # Errors
/// Code 3, when it is not encrypted for this service or no coordinator key. The request is what is wrong, and the original
/// service has no such route, so the status says so.
async fn sent_key(service: &Service, encrypted: String) -> Result<CoordinatorKey, Problem> {
    service.key_of_client(encrypted).await.map_err(|error| {
        let wrong = error.code() == Some(LegacyCode::Decryption);
        let problem = Problem::from(error);
        if wrong {
            problem.with_status(StatusCode::BAD_REQUEST)
        } else {
            problem
        }
    })
}
