//! Facts to advice: figures that pages judge. Pure.
