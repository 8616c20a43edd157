//! `pgtriage.toml`, environment and flags: what the user wants.
//!
//! [`Settings`] has one optional field for everything that can be set, and each layer is a
//! `Settings` of its own: defaults < file < environment < flags. [`ConfigFile`] reads the file, which
//! holds the rules' settings too; [`from_environment`] reads the `PGTRIAGE_*` variables.

mod environment;
mod file;
mod lint;
mod settings;
mod values;

pub use environment::{VARIABLES, Variable, VariableError, from_environment};
pub use file::{ConfigError, ConfigFile, FILE_NAME};
pub use lint::{LintPath, LintSettings, MODES};
pub use settings::{
    CheckSettings, MachineSettings, OutputSettings, Settings, SourceSettings, UiSettings,
};
pub use values::{
    BadValue, ColorChoice, Cores, FailOn, NamedFile, Size, StorageWord, ThemeWord, Time,
};
