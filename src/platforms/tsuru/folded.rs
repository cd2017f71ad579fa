//! Records whose keys come in any case, with or without underscores: `TeamOwner`, `teamowner` and
//! `team_owner` are one field. Keys that are data (names of routers, labels) stay as they are.
//!
//! Only structs fold: what is read into a map keeps its keys. Of two keys that fold to one, one counts;
//! no server sends both. Source: tsuru contract, section 1.

use std::vec;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};

/// Reads a record.
///
/// # Errors
/// What serde says of a value of another kind.
pub(super) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    T::deserialize(Folded(value))
}

/// A key without its case and underscores.
fn fold(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars()
        .filter(|c| *c != '_')
        .map(|c| c.to_ascii_lowercase())
}

/// Whether two keys are those of one field.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    fold(one).eq(fold(other))
}

struct Folded(Value);

impl<'de> Deserializer<'de> for Folded {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::of_map(fields)),
            scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                scalar.deserialize_any(visitor)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value @ (Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_)) => visitor.visit_some(Folded(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of_struct(fields, known)),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)) => Folded(other).deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Word(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let next = self.0.next();
        next.map(|value| seed.deserialize(Folded(value)))
            .transpose()
    }
}

struct Fields {
    rest: vec::IntoIter<(String, Value)>,
    value: Option<Value>,
}

impl Fields {
    fn of_map(fields: Map<String, Value>) -> Self {
        Self::of(fields.into_iter().collect())
    }

    /// The known fields, each once and under its own name; what nobody asked for is left out.
    fn of_struct(fields: Map<String, Value>, known: &'static [&'static str]) -> Self {
        let mut found: Vec<(String, Value)> = Vec::with_capacity(known.len());
        for (key, value) in fields {
            let name = known.iter().find(|name| is_same(name, &key));
            let Some(name) = name else { continue };
            match found.iter_mut().find(|(known, _)| known == name) {
                Some((_, earlier)) => *earlier = value,
                None => found.push(((*name).to_owned(), value)),
            }
        }
        Self::of(found)
    }

    fn of(fields: Vec<(String, Value)>) -> Self {
        Self {
            rest: fields.into_iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(StrDeserializer::new(&key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().unwrap_or(Value::Null);
        seed.deserialize(Folded(value))
    }
}

/// An enum of words.
struct Word(Value);

impl<'de> EnumAccess<'de> for Word {
    type Error = Error;
    type Variant = Plain;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Plain), Error> {
        let word = seed.deserialize(Folded(self.0))?;
        Ok((word, Plain))
    }
}

struct Plain;

impl<'de> VariantAccess<'de> for Plain {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Folded(Value::Null))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Record {
        team_owner: Option<String>,
        inner: Option<Vec<Inner>>,
        labels: Option<HashMap<String, Inner>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        #[serde(rename = "ID")]
        id: u64,
    }

    #[test]
    fn fields_are_found_in_any_case_and_keys_that_are_data_stay() {
        let value = json!({
            "TEAMOWNER": "ops",
            "unknown": {"ID": "x"},
            "Inner": [{"id": 1}, {"Id": 2}],
            "labels": {"Some_Key": {"ID": 3}},
        });
        let record: Record = from_value(value).unwrap();
        assert_eq!(record.team_owner.as_deref(), Some("ops"));
        assert_eq!(record.inner, Some(vec![Inner { id: 1 }, Inner { id: 2 }]));
        assert_eq!(record.labels.unwrap()["Some_Key"], Inner { id: 3 });
    }

    #[test]
    fn null_is_absent_and_the_last_of_two_counts() {
        let value: Value = serde_json::from_str(r#"{"inner":null,"a":1}"#).unwrap();
        assert_eq!(from_value::<Record>(value).unwrap(), Record::default());
        let value = json!({"teamowner": "b", "TeamOwner": "a"});
        let record: Record = from_value(value).unwrap();
        assert!(record.team_owner.is_some());
        assert!(from_value::<Record>(json!("text")).is_err());
    }

    /// The same key in another case, with and without underscores.
    fn odd(key: &str, bits: &[bool]) -> String {
        let mut bits = bits.iter().cycle();
        let mut is_next = || bits.next().copied().unwrap_or_default();
        let mut written = String::new();
        for letter in key.chars().filter(|letter| *letter != '_') {
            if is_next() {
                written.push('_');
            }
            written.push(if is_next() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            });
        }
        written
    }

    proptest! {
        #[test]
        fn a_record_is_the_same_whatever_the_case_of_its_keys(
            bits in prop::collection::vec(any::<bool>(), 1..40),
            owner in any::<Option<String>>(),
            ids in prop::collection::vec(any::<u64>(), 0..4),
            label in ".{0,8}",
        ) {
            let list = |key: &str| -> Vec<Value> { ids.iter().map(|id| json!({key: id})).collect() };
            let labels = |key: &str| json!({&label: {key: 1}});
            let plain = json!({
                "team_owner": owner, "inner": list("ID"), "labels": labels("ID"),
            });
            let (id, at) = (odd("ID", &bits), |key| odd(key, &bits));
            let other = json!({
                at("team_owner"): owner, at("inner"): list(&id), at("labels"): labels(&id),
                "nobody asked": {"for": "it"},
            });
            let plain: Record = from_value(plain).unwrap();
            prop_assert_eq!(plain, from_value(other).unwrap());
        }

        #[test]
        fn what_is_no_record_is_an_error_and_no_panic(text in ".{0,20}", number in any::<i64>()) {
            for value in [json!(text), json!(number), json!([text]), Value::Null] {
                prop_assert!(from_value::<Inner>(value).is_err());
            }
        }
    }
}
