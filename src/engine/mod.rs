//! Rule pages: load, run, rank.
