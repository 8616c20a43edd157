//! Reports: what they say, in which form, and the recipes that make them.

mod growth;
mod recipes;
mod sheet;
