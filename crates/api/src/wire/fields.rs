//! Reading a JSON body field by field, and complaining about every wrong one at once.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

/// What is wrong with one value: the text that follows the field's path.
pub(crate) type Complaint = String;

/// A body that can be read from JSON.
pub(crate) trait FromFields: Sized {
    /// Takes its fields; `None` when a complaint was noted.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;
}

/// An object being read.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
    complaints: Vec<String>,
}

/// Reads a whole body.
///
/// # Errors
/// One text per field that is not as it should be, each starting with the field's path.
pub(crate) fn read<T: FromFields>(body: &Value) -> Result<T, Vec<String>> {
    let Some(object) = body.as_object() else {
        return Err(vec!["the body must be an object".to_owned()]);
    };
    let mut fields = Fields {
        object,
        path: String::new(),
        complaints: Vec::new(),
    };
    let read = T::read(&mut fields);
    match read {
        Some(value) if fields.complaints.is_empty() => Ok(value),
        _ => Err(fields.complaints),
    }
}

impl Fields<'_> {
    /// A field that must be there.
    pub(crate) fn need<T>(&mut self, name: &str, rule: impl Fn(&Value) -> Result<T, Complaint>) -> Option<T> {
        let value = self.object.get(name).unwrap_or(&Value::Null);
        self.check(name, value, rule)
    }

    /// A field that clients call by one of several names; complaints use the first.
    pub(crate) fn need_any<T>(&mut self, names: &[&str], rule: impl Fn(&Value) -> Result<T, Complaint>) -> Option<T> {
        let found = names.iter().find(|name| self.object.contains_key(**name));
        let name = found.or(names.first())?;
        self.need(name, rule)
    }

    /// A field that may be missing or null. The outer `None` is a complaint.
    pub(crate) fn may<T>(&mut self, name: &str, rule: impl Fn(&Value) -> Result<T, Complaint>) -> Option<Option<T>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(value) => self.check(name, value, rule).map(Some),
        }
    }

    /// An object inside that must be there.
    pub(crate) fn inner<T: FromFields>(&mut self, name: &str) -> Option<T> {
        match self.object.get(name) {
            Some(Value::Object(object)) => {
                let path = format!("{}{name}.", self.path);
                let mut fields = Fields {
                    object,
                    path,
                    complaints: Vec::new(),
                };
                let read = T::read(&mut fields);
                self.complaints.append(&mut fields.complaints);
                read
            }
            _ => {
                self.complain(name, "must be an object");
                None
            }
        }
    }

    /// A list of objects that must be there, so many of them; complaints name the object's place.
    pub(crate) fn each<T: FromFields>(&mut self, name: &str, count: RangeInclusive<usize>) -> Option<Vec<T>> {
        let Some(Value::Array(entries)) = self.object.get(name) else {
            self.complain(name, "must be an array");
            return None;
        };
        if !count.contains(&entries.len()) {
            let (least, most) = (count.start(), count.end());
            self.complain(name, &format!("must contain {least} to {most} elements"));
            return None;
        }
        let read: Vec<Option<T>> = (0..)
            .zip(entries)
            .map(|(place, entry)| self.one(name, place, entry))
            .collect();
        read.into_iter().collect()
    }

    fn one<T: FromFields>(&mut self, name: &str, place: usize, entry: &Value) -> Option<T> {
        let Some(object) = entry.as_object() else {
            self.complain(&format!("{name}.{place}"), "must be an object");
            return None;
        };
        let mut fields = Fields {
            object,
            path: format!("{}{name}.{place}.", self.path),
            complaints: Vec::new(),
        };
        let read = T::read(&mut fields);
        self.complaints.append(&mut fields.complaints);
        read
    }

    /// An object inside that may be missing or null. The outer `None` is a complaint.
    pub(crate) fn may_inner<T: FromFields>(&mut self, name: &str) -> Option<Option<T>> {
        match self.object.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(_) => self.inner(name).map(Some),
        }
    }

    /// Notes what is wrong with a field.
    pub(crate) fn complain(&mut self, name: &str, complaint: &str) {
        self.complaints.push(format!("{}{name} {complaint}", self.path));
    }

    fn check<T>(&mut self, name: &str, value: &Value, rule: impl Fn(&Value) -> Result<T, Complaint>) -> Option<T> {
        rule(value).map_err(|complaint| self.complain(name, &complaint)).ok()
    }
}
