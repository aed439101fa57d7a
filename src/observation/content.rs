//! Digests of content: a serde serializer that only hashes.
//!
//! Whatever can be serialized can be digested, without a buffer: each primitive
//! is mixed into the state, each sequence with its length, each enum with the
//! index of its variant. Names of fields do not count, their order does.

use std::fmt;

use serde::ser::{self, Serialize};

use crate::decision::hash::Lanes;

/// The digest of `content`.
///
/// ```
/// use omnisim::observation::content_digest;
/// assert_eq!(content_digest(&("a", 1)), content_digest(&("a", 1)));
/// assert_ne!(content_digest(&("a", 1)), content_digest(&("a", 2)));
/// ```
#[inline]
pub fn content_digest<T: Serialize + ?Sized>(content: &T) -> u64 {
    fold_content(0, content)
}

/// Mixes `content` into `state`.
///
/// # Panics
/// When the content's own `Serialize` fails, which no derived one does.
#[inline]
pub fn fold_content<T: Serialize + ?Sized>(state: u64, content: &T) -> u64 {
    let mut folder = Folder(Lanes::new(state));
    let Ok(()) = content.serialize(&mut folder);
    folder.0.finish()
}

struct Folder(Lanes);

impl Folder {
    #[inline]
    fn fold(&mut self, value: u64) -> Result<(), Never> {
        self.0.fold(value);
        Ok(())
    }
}

/// Nothing that is folded can fail, and what cannot be costs nothing to pass on.
#[derive(Debug)]
enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(message: T) -> Self {
        panic!("content that is digested serializes without failing: {message}")
    }
}

macro_rules! fold_numbers {
    ($($method:ident: $type:ty),*) => {
        $(#[inline] fn $method(self, value: $type) -> Result<(), Never> { self.fold(value as u64) })*
    };
}

impl ser::Serializer for &mut Folder {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fold_numbers!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_char: char
    );

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.fold(u64::from(value.to_bits()))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.fold(value.to_bits())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.serialize_bytes(value.as_bytes())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.0.fold_bytes(value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Result<(), Never> {
        self.fold(0)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.fold(1)?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.fold(0)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.fold(0)
    }

    #[inline]
    fn serialize_unit_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
    ) -> Result<(), Never> {
        self.fold(u64::from(index))
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.fold(u64::from(index))?;
        value.serialize(self)
    }

    #[inline]
    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Never> {
        self.fold(len.map_or(u64::MAX, |len| len as u64))?;
        Ok(self)
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.fold(u64::from(index))?;
        Ok(self)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self, Never> {
        self.serialize_seq(len)
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.fold(u64::from(index))?;
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! fold_parts {
    ($($trait:ident . $method:ident),*) => {
        $(impl ser::$trait for &mut Folder {
            type Ok = ();
            type Error = Never;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            #[inline]
            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })*
    };
}

fold_parts!(
    SerializeSeq.serialize_element,
    SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field,
    SerializeTupleVariant.serialize_field
);

macro_rules! fold_fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for &mut Folder {
            type Ok = ();
            type Error = Never;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), Never> {
                value.serialize(&mut **self)
            }

            #[inline]
            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        })*
    };
}

fold_fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for &mut Folder {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    enum Shape {
        Empty,
        Tuple(u8, u8),
        Struct { a: u8 },
    }

    #[test]
    fn contents_that_differ_in_any_part_have_other_digests() {
        let digests = [
            content_digest(&Shape::Tuple(0, 1)),
            content_digest(&Shape::Tuple(1, 0)),
            content_digest(&Shape::Struct { a: 0 }),
            content_digest(&vec![1, 2]),
            content_digest(&vec![vec![1], vec![2]]),
            content_digest(&Some("x")),
            content_digest(&Shape::Empty),
            content_digest(&("", "x")),
            content_digest(&("x", "")),
        ];
        let distinct: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len());
    }
}
