//! Comparing the path table with the platform's own description of itself.
//!
//! The platform serves an `OpenAPI` document whose operation names are those of the table; a
//! diagnostic command reads it and shows what differs. Nothing at run time depends on it.
//!
//! Source: Divio contract, section 2.2.

use serde_json::Value;

use super::paths::{Row, TABLE};
use crate::model::Text;

/// Where the table and a schema do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The schema does not know the operation.
    Missing {
        /// The operation.
        operation: &'static str,
    },
    /// The schema has another method.
    Method {
        /// The operation.
        operation: &'static str,
        /// In the table.
        ours: String,
        /// In the schema.
        theirs: Text,
    },
    /// The schema has another path. Names of placeholders do not count.
    Path {
        /// The operation.
        operation: &'static str,
        /// In the table.
        ours: &'static str,
        /// In the schema.
        theirs: Text,
    },
}

/// Compares [`TABLE`] with an `OpenAPI` document by operation name, in the order of the table.
#[must_use]
pub fn compare(schema: &Value) -> Vec<Difference> {
    let theirs = operations(schema);
    TABLE
        .iter()
        .flat_map(|row| differences(row, &theirs))
        .collect()
}

struct Theirs<'a> {
    name: String,
    method: &'a str,
    path: &'a str,
}

fn differences(row: &Row, theirs: &[Theirs<'_>]) -> Vec<Difference> {
    let operation = row.operation;
    let name = canonical(operation);
    let Some(found) = theirs.iter().find(|entry| entry.name == name) else {
        return vec![Difference::Missing { operation }];
    };
    let mut differences = Vec::new();
    if !found.method.eq_ignore_ascii_case(row.method.as_str()) {
        differences.push(Difference::Method {
            operation,
            ours: row.method.to_string(),
            theirs: Text::clean(&found.method.to_ascii_uppercase()),
        });
    }
    if shape(found.path) != shape(row.path) {
        differences.push(Difference::Path {
            operation,
            ours: row.path,
            theirs: Text::clean(found.path),
        });
    }
    differences
}

fn operations(schema: &Value) -> Vec<Theirs<'_>> {
    let paths = schema.get("paths").and_then(Value::as_object);
    let methods = paths.into_iter().flatten().filter_map(|(path, item)| {
        let methods = item.as_object()?;
        Some(methods.iter().filter_map(move |(method, operation)| {
            let name = operation.get("operationId")?.as_str()?;
            Some(Theirs {
                name: canonical(name),
                method,
                path,
            })
        }))
    });
    methods.flatten().collect()
}

/// The schema writes most names in one style and a few in another.
fn canonical(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

/// The path with every placeholder unnamed and without the last slash.
fn shape(path: &str) -> String {
    path.trim_end_matches('/')
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A schema that agrees with the table, before `change` is made to it.
    fn schema(change: impl FnOnce(&mut Value)) -> Value {
        let mut paths = json!({});
        for row in TABLE {
            let method = row.method.as_str().to_ascii_lowercase();
            paths[row.path][method] = json!({"operationId": row.operation});
        }
        change(&mut paths);
        json!({"openapi": "3.0.3", "paths": paths})
    }

    #[test]
    fn a_schema_that_agrees_shows_no_difference() {
        assert_eq!(compare(&schema(|_| {})), []);
    }

    #[test]
    fn names_of_placeholders_and_styles_of_names_do_not_count() {
        let same = schema(|paths| {
            let regions = paths["/apps/v3/regions/{uuid}/"].take();
            paths["/apps/v3/regions/{id}"] = regions;
            paths["/apps/v3/schema/"]["get"]["operationId"] = json!("schema_retrieve");
        });
        assert_eq!(compare(&same), []);
    }

    #[test]
    fn every_kind_of_difference_is_reported() {
        let other = schema(|paths| {
            paths["/apps/v3/licenses/"] = json!(null);
            let stop = paths["/apps/v3/environments/{uuid}/stop/"]["post"].take();
            paths["/apps/v3/environments/{uuid}/stop/"] = json!({"put": stop});
            let check = paths["/apps/v3/repositories/{uuid}/check/"].take();
            paths["/apps/v3/repositories/{uuid}/try/"] = check;
        });
        assert_eq!(
            compare(&other),
            [
                Difference::Method {
                    operation: "StopEnvironment",
                    ours: "POST".into(),
                    theirs: Text::clean("PUT"),
                },
                Difference::Missing {
                    operation: "ListLicenses"
                },
                Difference::Path {
                    operation: "CheckRepository",
                    ours: "/apps/v3/repositories/{uuid}/check/",
                    theirs: Text::clean("/apps/v3/repositories/{uuid}/try/"),
                },
            ]
        );
    }

    #[test]
    fn what_is_no_schema_misses_everything() {
        assert_eq!(compare(&json!([1, "x"])).len(), TABLE.len());
    }
}
