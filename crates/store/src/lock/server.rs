use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

use super::Patience;
use crate::database::lock_number;
use crate::error::StoreError;

/// The longest name PostgreSQL shows of a connection.
const NAME_MAX: usize = 63;

/// PostgreSQL's code for a lock that was not given in time.
const NOT_AVAILABLE: &str = "55P03";

/// A connection that holds one advisory lock. The server takes the lock back when the connection ends: at once when the
/// process ends, within half a minute when its machine vanishes.
#[derive(Debug)]
pub(crate) struct ServerLock {
    connection: PgConnection,
    number: i64,
}

impl ServerLock {
    pub(super) async fn take(
        options: &PgConnectOptions,
        name: &str,
        what: &str,
        patience: Patience,
    ) -> Result<Result<Self, String>, StoreError> {
        let failed = || StoreError::database("taking a lock");
        let mut holder = format!("process {} ({what})", std::process::id());
        holder.truncate(holder.floor_char_boundary(NAME_MAX));
        let wait = match patience {
            Patience::None => "1ms",
            Patience::AMoment => "1s",
        };
        let options = options.clone().application_name(&holder).options([
            ("lock_timeout", wait),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
        ]);
        let mut connection = options.connect().await.map_err(failed())?;
        let number = lock_number("lock", name);
        let taken = sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(number)
            .execute(&mut connection)
            .await;
        match taken {
            Ok(_) => Ok(Ok(Self { connection, number })),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NOT_AVAILABLE) => {
                let holder = holder_of(&mut connection, number).await.map_err(failed())?;
                Ok(Err(holder.unwrap_or_else(|| "another process".to_owned())))
            }
            Err(error) => Err(failed()(error)),
        }
    }

    pub(super) async fn is_held(&mut self) -> bool {
        self.connection.ping().await.is_ok()
    }

    pub(super) async fn release(mut self) {
        // if the server does not hear this, it hears that the connection ends
        let _ = sqlx::query("SELECT pg_advisory_unlock($1)")
            .bind(self.number)
            .execute(&mut self.connection)
            .await;
        let _ = self.connection.close().await;
    }
}

/// What the connection that has the lock says of itself, and where it comes from.
async fn holder_of(connection: &mut PgConnection, number: i64) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT application_name || COALESCE(' at ' || host(client_addr), '') \
         FROM pg_locks JOIN pg_stat_activity USING (pid) \
         WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND (classid::bigint << 32) | objid::bigint = $1 LIMIT 1",
    )
    .bind(number)
    .fetch_optional(connection)
    .await
}
