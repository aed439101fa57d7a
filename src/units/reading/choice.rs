//! One of several values: a name as text, or a table of one name with what it takes.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess,
    VariantAccess, Visitor,
};

/// Reads one of these names for a visitor. What a name takes is read as strictly as the source of the
/// table reads its values.
pub(super) struct Choice<V> {
    pub(super) variants: &'static [&'static str],
    pub(super) visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Choice<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self
            .variants
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        match &names[..] {
            [only] => f.write_str(only),
            _ => write!(f, "one of {}", names.join(", ")),
        }
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.visitor.visit_enum(Alone {
            name,
            error: PhantomData,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, keys: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(Keyed {
            name: String::new(),
            keys,
        })
    }
}

/// A name without a value.
struct Alone<'a, E> {
    name: &'a str,
    error: PhantomData<E>,
}

impl<'a, 'de, E: Error> EnumAccess<'de> for Alone<'a, E> {
    type Error = E;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), E> {
        let name: StrDeserializer<'a, E> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<E: Error> Alone<'_, E> {
    fn refused<T>(&self) -> Result<T, E> {
        let name = self.name;
        Err(E::custom(format_args!(
            "{name:?} needs a value: write {{ {name} = ... }}"
        )))
    }
}

impl<'de, E: Error> VariantAccess<'de> for Alone<'_, E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _seed: S) -> Result<S::Value, E> {
        self.refused()
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, _visitor: V) -> Result<V::Value, E> {
        self.refused()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, E> {
        self.refused()
    }
}

/// A table that has to have one key.
struct Keyed<A> {
    name: String,
    keys: A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Keyed<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<(S::Value, Self), A::Error> {
        let key = self.keys.next_key_seed(Name(seed))?;
        let (variant, name) =
            key.ok_or_else(|| A::Error::custom("one key is needed, and none is given"))?;
        Ok((variant, Self { name, ..self }))
    }
}

impl<'de, A: MapAccess<'de>> Keyed<A> {
    /// The value of the only key.
    fn only<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = self.keys.next_value_seed(seed)?;
        match self.keys.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::custom("one key is needed, and more are given")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Keyed<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        let name = self.name;
        Err(A::Error::custom(format_args!(
            "{name} takes no value: write {name:?}"
        )))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.only(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.only(Fields::Numbered(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.only(Fields::Named(fields, visitor))
    }
}

/// Reads a name twice: as the variant that it is, and as the text that messages repeat.
struct Name<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<S> {
    type Value = (S::Value, String);

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(source)?;
        let text: StrDeserializer<'_, D::Error> = name.as_str().into_deserializer();
        Ok((self.0.deserialize(text)?, name))
    }
}

/// The fields of a variant that has several.
enum Fields<V> {
    Numbered(usize, V),
    Named(&'static [&'static str], V),
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<V::Value, D::Error> {
        match self {
            Self::Numbered(length, visitor) => source.deserialize_tuple(length, visitor),
            Self::Named(fields, visitor) => source.deserialize_struct("", fields, visitor),
        }
    }
}
