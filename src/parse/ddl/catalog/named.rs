//! A list whose members are found by name, and keep their place.

use foldhash::{HashMap, HashMapExt};

/// Members in the order in which they came; what is taken away leaves its place empty.
#[derive(Debug, Clone)]
pub(in crate::parse) struct Named<T> {
    members: Vec<Option<(String, T)>>,
    places: HashMap<String, usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            members: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T> Named<T> {
    /// Adds a member and gives its place; one of that name is replaced.
    pub fn insert(&mut self, name: &str, member: T) -> usize {
        if let Some(place) = self.place(name) {
            self.members[place] = Some((name.to_owned(), member));
            return place;
        }
        self.members.push(Some((name.to_owned(), member)));
        let place = self.members.len() - 1;
        self.places.insert(name.to_owned(), place);
        place
    }

    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub fn get(&self, name: &str) -> Option<&T> {
        self.at(self.place(name)?).map(|(_, member)| member)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let place = self.place(name)?;
        self.at_mut(place)
    }

    pub fn at(&self, place: usize) -> Option<(&str, &T)> {
        let (name, member) = self.members.get(place)?.as_ref()?;
        Some((name, member))
    }

    pub fn at_mut(&mut self, place: usize) -> Option<&mut T> {
        let (_, member) = self.members.get_mut(place)?.as_mut()?;
        Some(member)
    }

    pub fn remove(&mut self, name: &str) -> Option<T> {
        let place = self.places.remove(name)?;
        self.members[place].take().map(|(_, member)| member)
    }

    /// Gives a member another name, if that is free.
    pub fn rename(&mut self, name: &str, to: &str) -> bool {
        if self.places.contains_key(to) {
            return false;
        }
        let Some(place) = self.places.remove(name) else {
            return false;
        };
        self.places.insert(to.to_owned(), place);
        if let Some((old, _)) = &mut self.members[place] {
            to.clone_into(old);
        }
        true
    }

    /// Members with their places and names.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str, &T)> {
        let members = self.members.iter().enumerate();
        members.filter_map(|(place, member)| {
            let (name, member) = member.as_ref()?;
            Some((place, name.as_str(), member))
        })
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let members = self.members.iter_mut().flatten();
        members.map(|(_, member)| member)
    }

    /// Places, empty ones included.
    pub fn len(&self) -> usize {
        self.members.len()
    }
}
