//! The help: all keys, of which those are shown that the search finds.

use tui_input::Input;

use crate::tui::doc::Doc;
use crate::tui::keymap::{self, Context};
use crate::tui::reader::Reader;
use crate::tui::theme::Role;

/// The help.
#[derive(Debug)]
pub struct Help {
    /// The search as it is typed.
    pub search: Input,
    /// The keys it finds.
    pub reader: Reader,
}

impl Help {
    /// All keys.
    pub fn new() -> Self {
        Self {
            search: Input::default(),
            reader: Reader::new(keys("")),
        }
    }

    /// Call it when the search changed.
    pub fn search_changed(&mut self) {
        self.reader.replace(keys(self.search.value()), false);
    }
}

/// The keys whose name or help holds all words.
fn keys(search: &str) -> Doc {
    let search = search.to_lowercase();
    let mut doc = Doc::new();
    for context in Context::ALL {
        let found = |binding: &&keymap::Binding| {
            let text = format!("{} {}", keymap::keys(binding), binding.help).to_lowercase();
            search.split_whitespace().all(|word| text.contains(word))
        };
        let bindings: Vec<_> = keymap::of(context).filter(found).collect();
        if bindings.is_empty() {
            continue;
        }
        doc.heading(context.title());
        let fields: Vec<(String, Role, String)> = bindings
            .iter()
            .map(|binding| {
                let keys = format!("{:<16}", keymap::keys(binding));
                (keys, Role::Text, binding.help.to_owned())
            })
            .collect();
        doc.fields(&fields);
    }
    if doc.len() == 0 {
        doc.line(Role::Dim, "No key does that.");
    }
    doc
}
