use axum::http::Method;
use maci_coordinator_core::actor::Role;

/// Requests that are not as their method says: which ones, and the role they need.
struct Exception {
    method: Method,
    /// The path, or the beginning of one if it ends with a slash.
    path: &'static str,
    needs: Option<Role>,
}

const fn exception(method: Method, path: &'static str, needs: Option<Role>) -> Exception {
    Exception { method, path, needs }
}

/// The one GET that changes something, as the existing service has it.
const MAKES_A_KEY: &str = "/v1/session-keys/generate";

/// What changes nothing although it is no GET, what changes something although it is one, and what is for admins.
/// The first that fits counts.
const EXCEPTIONS: [Exception; 19] = [
    exception(Method::GET, "/v1/doctor", Some(Role::Admin)), // it tells what the machine is like
    exception(Method::POST, "/v1/auth/login", None),
    exception(Method::POST, "/v1/auth/logout", Some(Role::Viewer)),
    exception(Method::GET, "/v1/auth/me", Some(Role::Viewer)),
    exception(Method::POST, "/v1/scheduler/status", None),
    exception(Method::POST, "/v1/messages/publish", None), // whoever proves to have joined the poll
    exception(Method::POST, "/v1/messageBatches/get", None),
    exception(Method::POST, "/socket.io/", None), // long polling; every acting event asks on its own
    exception(Method::GET, MAKES_A_KEY, Some(Role::Operator)),
    exception(Method::GET, "/v1/session-keys", Some(Role::Operator)),
    exception(Method::POST, "/v1/keys", Some(Role::Operator)), // a new key shows nothing of the others
    exception(Method::POST, "/v1/keys/", Some(Role::Admin)),
    exception(Method::PUT, "/v1/keys/", Some(Role::Admin)),
    exception(Method::PATCH, "/v1/keys/", Some(Role::Admin)),
    exception(Method::DELETE, "/v1/keys/", Some(Role::Admin)),
    exception(Method::POST, "/v1/senders/", Some(Role::Admin)),
    exception(Method::GET, "/v1/audit", Some(Role::Admin)),
    exception(Method::GET, "/v1/keys", Some(Role::Viewer)),
    exception(Method::GET, "/v1/keys/", Some(Role::Viewer)),
];

/// What is shown only to people who are logged in, whoever may see the polls.
const INTERNAL: [&str; 6] = [
    "/v1/jobs",
    "/v1/schedules",
    "/v1/events",
    "/v1/senders",
    "/v1/transactions",
    "/v1/exports",
];

/// What is shown to everybody, even if nothing else is.
const OPEN: [&str; 11] = [
    "/v1/health",
    "/v1/auth",
    "/ipfs",
    "/v1/proof/publicKey",
    "/v1/messages",
    "/v1/messageBatches",
    "/v1/relay",
    "/api",
    "/api-json",
    "/schemas",
    "/socket.io",
];

/// The role a request needs; none if everybody may make it.
///
/// Closed unless opened: whatever is no GET needs an operator if it is not named here.
#[must_use]
pub fn needed_role(method: &Method, path: &str, public_reads: bool) -> Option<Role> {
    let asked = if *method == Method::HEAD { &Method::GET } else { method };
    let fits = |exception: &&Exception| exception.method == *asked && is_named(path, exception.path);
    if let Some(exception) = EXCEPTIONS.iter().find(fits) {
        return exception.needs;
    }
    match *asked {
        // browsers ask with it whether they may ask
        Method::OPTIONS => None,
        Method::GET if INTERNAL.iter().any(|internal| is_under(path, internal)) => Some(Role::Viewer),
        Method::GET if public_reads || OPEN.iter().any(|open| is_under(path, open)) => None,
        Method::GET => Some(Role::Viewer),
        _ => Some(Role::Operator),
    }
}

/// Whether a request changes something or costs money, so that it is counted and recorded as such.
#[must_use]
pub(super) fn is_acting(method: &Method, path: &str) -> bool {
    // what only admins may look at is looked at all the same
    let reads = matches!(*method, Method::GET | Method::HEAD) && path != MAKES_A_KEY;
    !reads && needed_role(method, path, true).is_some_and(|role| role >= Role::Operator)
}

fn is_named(path: &str, name: &str) -> bool {
    if name.ends_with('/') {
        path.starts_with(name)
    } else {
        path == name
    }
}

fn is_under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_thought_of_is_closed_unless_it_only_looks() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(needed_role(&method, "/v1/something/new", true), Some(Role::Operator));
        }
        let purge = Method::from_bytes(b"PURGE").unwrap();
        assert_eq!(needed_role(&purge, "/v1/polls", true), Some(Role::Operator));
        assert_eq!(needed_role(&Method::GET, "/v1/polls", true), None);
        assert_eq!(needed_role(&Method::GET, "/v1/polls", false), Some(Role::Viewer));
    }

    #[test]
    fn keys_and_the_audit_log_are_for_admins() {
        for path in ["/v1/keys/unlock", "/v1/keys/import", "/v1/keys/spring/backup"] {
            assert_eq!(needed_role(&Method::POST, path, true), Some(Role::Admin));
        }
        assert_eq!(needed_role(&Method::GET, "/v1/audit", true), Some(Role::Admin));
        assert_eq!(needed_role(&Method::HEAD, "/v1/audit", true), Some(Role::Admin));
        assert_eq!(needed_role(&Method::POST, "/v1/keys", true), Some(Role::Operator));
    }

    #[test]
    fn a_get_that_makes_a_key_acts() {
        assert!(is_acting(&Method::GET, "/v1/session-keys/generate"));
        assert!(!is_acting(&Method::POST, "/v1/scheduler/status"));
        assert!(!is_acting(&Method::GET, "/v1/polls"));
        assert!(!is_acting(&Method::GET, "/v1/audit"));
        assert!(is_acting(&Method::POST, "/v1/proof/generate"));
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another() {
        assert_eq!(needed_role(&Method::GET, "/apiary", false), Some(Role::Viewer));
        assert_eq!(needed_role(&Method::GET, "/api/index.html", false), None);
        assert_eq!(needed_role(&Method::GET, "/v1/jobs/1", true), Some(Role::Viewer));
    }
}
