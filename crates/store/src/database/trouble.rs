//! What an engine's error says about who acts now.

/// Codes of SQLite that trying again does not help: read-only, input or output failed, damaged, full, cannot be opened,
/// not a database.
const SQLITE: [u32; 6] = [8, 10, 11, 13, 14, 26];

/// Codes of PostgreSQL, or classes of them, that trying again does not help: who connects is not let in, read-only, may
/// not do this, disk full, damaged.
const POSTGRES: [&str; 6] = ["28", "25006", "42501", "3D000", "53100", "XX001"];

/// Whether a person has to do something, where most failures pass by themselves.
pub(crate) fn needs_operator(error: &sqlx::Error) -> bool {
    if matches!(error, sqlx::Error::Configuration(_) | sqlx::Error::Tls(_)) {
        return true;
    }
    let code = error.as_database_error().and_then(|error| error.code());
    match code.as_deref() {
        // a code of PostgreSQL always has five characters, one of SQLite never
        Some(code) if code.len() == 5 => POSTGRES.iter().any(|known| code.starts_with(known)),
        // beyond the lowest byte SQLite only gives details
        Some(code) => code.parse().is_ok_and(|code: u32| SQLITE.contains(&(code & 0xff))),
        None => false,
    }
}
