//! Files that commands write beside others: whole or not at all.
#![allow(
    clippy::disallowed_methods,
    reason = "the home of files that fixes and migrations are written to"
)]

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Writes a file; one that exists only where it is meant to be replaced. Missing folders are made.
pub fn write(path: &str, text: &str, replace: bool) -> anyhow::Result<()> {
    let path = Path::new(path);
    let failed = || format!("cannot write {}", path.display());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(".pgtriage-")
        .tempfile_in(folder)
        .with_context(failed)?;
    file.write_all(text.as_bytes()).with_context(failed)?;
    let modes = match std::fs::metadata(path) {
        Ok(known) => known.permissions(),
        Err(_) => permissions(),
    };
    file.as_file().set_permissions(modes).with_context(failed)?;
    file.as_file().sync_all().with_context(failed)?;
    let persisted = if replace {
        file.persist(path).map_err(|error| error.error)
    } else {
        file.persist_noclobber(path).map_err(|error| error.error)
    };
    persisted.map(drop).with_context(failed)
}

/// Those of a new file: temporary ones are readable by their owner only.
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o644)
}

/// The bytes of a file.
pub fn read(path: &str) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {path}"))
}

/// Names in a folder; of one that is not there, none.
pub fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", folder.display()));
        }
    };
    let names =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    Ok(names.collect())
}
