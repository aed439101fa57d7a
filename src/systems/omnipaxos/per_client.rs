//! One value per client.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::observation::ClientId;

/// Values in the order of their clients' numbers. Clients are numbered from 1 on: once
/// all have been heard of, each value stands where its client's number says.
#[derive(Clone, PartialEq)]
pub(super) struct PerClient<T>(Vec<(ClientId, T)>);

impl<T> Default for PerClient<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PerClient<T> {
    #[inline]
    fn place(&self, client: ClientId) -> Result<usize, usize> {
        let likely = client.wrapping_sub(1) as usize;
        match self.0.get(likely) {
            Some((known, _)) if *known == client => Ok(likely),
            _ => self.0.binary_search_by_key(&client, |(known, _)| *known),
        }
    }

    /// The value of a client that has one.
    #[inline]
    pub(super) fn get(&self, client: ClientId) -> Option<&T> {
        let place = self.place(client).ok()?;
        Some(&self.0[place].1)
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn get_mut(&mut self, client: ClientId) -> Option<&mut T> {
        let place = self.place(client).ok()?;
        Some(&mut self.0[place].1)
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ClientId, &T)> {
        self.0.iter().map(|(client, value)| (*client, value))
    }
}

impl<T: Default> PerClient<T> {
    /// The value of a client; of one that had none, the default.
    #[inline]
    pub(super) fn or_default(&mut self, client: ClientId) -> &mut T {
        let place = self.place(client).unwrap_or_else(|place| {
            self.0.insert(place, (client, T::default()));
            place
        });
        debug_assert!(self.0[place].0 == client);
        &mut self.0[place].1
    }
}

impl<T: fmt::Debug> fmt::Debug for PerClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<T: Serialize> Serialize for PerClient<T> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for PerClient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<ClientId, T>::deserialize(deserializer)?;
        Ok(Self(map.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::observation::content_digest;

    proptest! {
        #[test]
        fn it_is_a_map_in_the_order_of_clients(
            added in prop::collection::vec((0..9_u64, any::<u8>()), 0..20),
        ) {
            let (mut ours, mut map) = (PerClient::default(), BTreeMap::new());
            for (client, value) in added {
                *ours.or_default(client) = value;
                map.insert(client, value);
            }
            for client in 0..9 {
                prop_assert_eq!(ours.get(client), map.get(&client));
                prop_assert_eq!(ours.get_mut(client), map.get_mut(&client));
            }
            prop_assert_eq!(format!("{ours:?}"), format!("{map:?}"));
            prop_assert_eq!(content_digest(&ours), content_digest(&map));
            let text = serde_json::to_string(&ours).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&map).unwrap());
            prop_assert_eq!(serde_json::from_str::<PerClient<u8>>(&text).unwrap(), ours);
        }
    }
}
