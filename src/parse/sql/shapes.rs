//! Texts to shapes.

use super::read::{Tree, Unread, read_each};
use super::shape::{Kind, Shape};
use super::{fallback, keeps_foreign_key, kind, statement, tags};

/// The shapes of statements, in order; each text is one statement. What has no syntax tree is read
/// from its tokens, and says why.
///
/// # Errors
/// When the system has no thread to give.
pub fn shapes<'t>(texts: impl Iterator<Item = &'t str> + Send) -> std::io::Result<Vec<Shape>> {
    let reads = |text: &&str| has_tree(kind(text));
    let mut texts: Vec<&str> = texts.collect();
    let trees: Vec<&str> = texts.iter().copied().filter(reads).collect();
    let mut read = read_each(trees.into_iter(), by_tree)?.into_iter();
    let shapes = texts.drain(..).map(|text| {
        let kind = kind(text);
        let mut shape = if has_tree(kind) {
            read.next().unwrap_or_else(|| Shape::new(kind))
        } else {
            Shape::new(kind)
        };
        shape.tags = tags(text);
        shape.keeps_foreign_key = keeps_foreign_key(text);
        shape
    });
    Ok(shapes.collect())
}

fn by_tree(text: &str, tree: Result<Tree<'_>, Unread>) -> Shape {
    match tree {
        Ok(tree) => statement::shape(kind(text), tree),
        Err(why) => {
            let mut shape = fallback::shape(kind(text), text);
            shape.unread_because = Some(why.to_string());
            shape
        }
    }
}

/// Whether statements of a kind have query blocks.
fn has_tree(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Select
            | Kind::Values
            | Kind::Insert
            | Kind::Update
            | Kind::Delete
            | Kind::Merge
            | Kind::Copy
            | Kind::Explain
    )
}
