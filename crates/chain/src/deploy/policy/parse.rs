use serde_json::{Map, Value};

use super::{Policy, PolicyName};
use crate::deploy::Complaint;

impl Policy {
    /// Reads what a policy is made with from an object, which stands at `pointer` in what somebody wrote. Fields that
    /// are named in `beside` belong to the reader and are passed over.
    ///
    /// # Errors
    /// A complaint for every argument that is missing or wrong, and for every field that is none.
    pub fn read(
        name: PolicyName,
        given: &Map<String, Value>,
        pointer: &str,
        beside: &[&str],
    ) -> Result<Self, Vec<Complaint>> {
        let (mut values, mut complaints) = (Vec::new(), Vec::new());
        let known = name.arguments();
        for argument in known {
            let found = given
                .get(argument.name)
                .or_else(|| argument.alias.and_then(|alias| given.get(alias)));
            let read = found
                .filter(|value| !value.is_null())
                .map(|value| argument.kind.read(value));
            let at = format!("{pointer}/{}", argument.name);
            match read {
                Some(Some(value)) => values.push(value),
                Some(None) => complaints.push(Complaint::new(at, argument.kind.rule())),
                None => complaints.push(Complaint::new(
                    at,
                    format!("is missing: the {name} policy needs {}", argument.meaning),
                )),
            }
        }
        for field in given.keys() {
            let is_known = known
                .iter()
                .any(|argument| argument.name == field || argument.alias == Some(field));
            if !is_known && !beside.contains(&field.as_str()) {
                let takes: Vec<&str> = known.iter().map(|argument| argument.name).collect();
                let takes = if takes.is_empty() {
                    "nothing".to_owned()
                } else {
                    takes.join(", ")
                };
                let at = format!("{pointer}/{field}");
                complaints.push(Complaint::new(
                    at,
                    format!("is not known: the {name} policy takes {takes}"),
                ));
            }
        }
        if complaints.is_empty() {
            Ok(Self { name, values })
        } else {
            Err(complaints)
        }
    }
}
