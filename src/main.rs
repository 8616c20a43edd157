//! The `pgtriage` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    pgtriage::cli::main()
}
