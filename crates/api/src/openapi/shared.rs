//! What many routes share.
//!
//! A route says with `x-role` who may call it, and with `x-refuses` which refusals are its own; the rest follows from
//! what it takes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Who may call a route, lowest first; part of the document.
pub(crate) const ROLE: &str = "x-role";

/// Refusals a route names; not part of the document.
const REFUSES: &str = "x-refuses";

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Adds to every operation what it shares with others.
pub(super) fn complete(document: &mut Value) {
    let schemes = json!({
        "session": {
            "type": "http", "scheme": "bearer",
            "description": "The token of a login with Ethereum: GET /v1/auth/nonce, sign, POST /v1/auth/login. \
                If the operator switched it on, the original service's header works here too.",
        },
        "signedRequest": {
            "type": "apiKey", "in": "header", "name": "X-Maci-Signature",
            "description": "An EIP-712 signature of this very request, with X-Maci-Address, X-Maci-Nonce and X-Maci-Expires.",
        },
    });
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("securitySchemes".to_owned(), schemes);
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                complete_operation(operation, method != "get");
            }
        }
    }
}

fn complete_operation(operation: &mut Map<String, Value>, writes: bool) {
    let role = operation
        .get(ROLE)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let named = operation.remove(REFUSES).unwrap_or_default();
    let named = named.as_array().into_iter().flatten().filter_map(Value::as_u64);
    let mut refusals: BTreeSet<u64> = named.chain([429, 500, 503]).collect();
    if operation.contains_key("requestBody") {
        refusals.extend([400, 408, 413, 415]);
    }
    if operation.contains_key("parameters") {
        refusals.insert(400);
    }
    if !role.is_empty() {
        refusals.extend([401, 403]);
        operation.insert(
            "security".to_owned(),
            json!([{ "session": [] }, { "signedRequest": [] }]),
        );
    }
    if writes && matches!(role.as_str(), "operator" | "admin") {
        refusals.extend([400, 409, 422]);
        add_header(
            operation,
            "Idempotency-Key",
            "Sent again with the same body, it gets the same answer",
            100,
        );
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let later = responses.get("202").is_some();
    for status in refusals {
        let known = responses.get(status.to_string()).is_some();
        if let (Some(responses), false) = (responses.as_object_mut(), known) {
            responses.insert(status.to_string(), refusal(status));
        }
    }
    if later {
        add_header(
            operation,
            "Prefer",
            "`respond-async` for 202 and the job's address at once",
            200,
        );
    }
}

fn add_header(operation: &mut Map<String, Value>, name: &str, text: &str, longest: u64) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(json!({
            "name": name, "in": "header", "required": false, "description": text,
            "schema": { "type": "string", "minLength": 1, "maxLength": longest, "pattern": "^[!-~]+$" },
        }));
    }
}

fn refusal(status: u64) -> Value {
    let mut response = json!({
        "description": text(status),
        "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/ProblemBody" } },
            "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDetails" } },
        },
    });
    if let (429 | 503, Some(response)) = (status, response.as_object_mut()) {
        let seconds = json!({ "description": "Seconds to wait", "schema": { "type": "integer", "minimum": 0 } });
        response.insert("headers".to_owned(), json!({ "Retry-After": seconds }));
    }
    response
}

fn text(status: u64) -> &'static str {
    match status {
        400 => "The request is not what the route takes; one text per wrong field, with its path",
        401 => "No credentials, or credentials that prove nothing",
        403 => "The caller may not do this",
        404 => "There is no such thing",
        406 => "There is no such form of it",
        408 => "The body did not arrive in time",
        409 => "Not in this state: it was done before, or something else has to be done first",
        412 => "Something has to be deployed or set up first",
        413 => "The body is longer than this service takes",
        415 => "The body is not JSON",
        416 => "It does not have the bytes that Range names",
        422 => "The Idempotency-Key was sent before with another request",
        429 => "Too many requests from this caller",
        500 => "It failed here, or behind this service; the text says what",
        501 => "Not built yet",
        503 => "The service is starting, stopping or overloaded",
        _ => "Refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acting_route_gets_its_refusals_and_headers() {
        let mut document = json!({
            "components": {},
            "paths": { "/v1/x": { "post": {
                "x-role": "operator", "x-refuses": [412], "requestBody": {},
                "responses": { "201": {}, "202": {} },
            } } },
        });
        complete(&mut document);
        let operation = &document["paths"]["/v1/x"]["post"];
        for status in [
            "201", "400", "401", "403", "409", "412", "413", "415", "422", "429", "500", "503",
        ] {
            assert!(operation["responses"].get(status).is_some(), "{status}");
        }
        assert_eq!(operation["parameters"].as_array().unwrap().len(), 2);
        assert!(operation.get("x-refuses").is_none());
    }

    #[test]
    fn a_public_look_needs_no_credentials() {
        let mut document = json!({ "components": {}, "paths": { "/v1/x": { "get": { "responses": { "200": {} } } } } });
        complete(&mut document);
        let operation = &document["paths"]["/v1/x"]["get"];
        assert!(operation.get("security").is_none());
        assert!(operation["responses"].get("401").is_none());
        assert!(operation["responses"].get("400").is_none());
    }
}
