//! The schema of schedule documents. It is made from the type that reads them and published on its own; here it becomes a
//! part of the document.

use maci_coordinator_core::schedule;
use serde_json::{Value, json};

/// The name other schemas refer to it by.
const NAME: &str = "ScheduleDocument";

/// Puts the schema, and the schemas it stands on, where OpenAPI looks for them.
pub(super) fn embed(document: &mut Value) {
    let mut schema = schedule::schema();
    point_elsewhere(&mut schema);
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("$schema");
    let inner = object.remove("$defs").unwrap_or_default();
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (name, part) in inner.as_object().into_iter().flatten() {
        schemas.insert(schedule_name(name), part.clone());
    }
    schemas.insert(NAME.to_owned(), schema);
    let body = "/paths/~1v1~1schedules/post/requestBody/content/application~1json/schema";
    if let Some(body) = document.pointer_mut(body) {
        *body = json!({ "$ref": format!("#/components/schemas/{NAME}") });
    }
}

/// `Mode` and the like are names of others' schemas as well.
fn schedule_name(name: &str) -> String {
    format!("Schedule{name}")
}

fn point_elsewhere(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value.as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
                    Some(name) if key == "$ref" => {
                        *value = Value::String(format!("#/components/schemas/{}", schedule_name(name)));
                    }
                    _ => point_elsewhere(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(point_elsewhere),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
