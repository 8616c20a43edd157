//! What runs in CI, as it is written: the steps of the action, the page about CI, the hooks.

mod action;
mod pages;
mod repository;
mod site;
mod steps;
