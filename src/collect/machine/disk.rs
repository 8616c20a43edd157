//! The file system of a data directory on this machine.

use std::path::Path;

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disk {
    /// Its size.
    pub bytes: u64,
    /// What is free on it for those without privileges.
    pub free_bytes: u64,
    /// It lies on a device without moving parts, as the kernel says. The opposite proves nothing:
    /// many virtual disks claim to rotate.
    pub is_flash: bool,
}

/// Looks at a folder; `None` where it cannot be seen.
#[cfg(unix)]
pub fn disk(folder: &Path) -> Option<Disk> {
    use std::os::unix::fs::MetadataExt;

    let sizes = rustix::fs::statvfs(folder).ok()?;
    let block = if sizes.f_frsize > 0 {
        sizes.f_frsize
    } else {
        sizes.f_bsize
    };
    let device = std::fs::metadata(folder).ok()?.dev();
    Some(Disk {
        bytes: sizes.f_blocks.checked_mul(block)?,
        free_bytes: sizes.f_bavail.checked_mul(block)?,
        is_flash: is_flash(rustix::fs::major(device), rustix::fs::minor(device)),
    })
}

/// Looks at a folder; `None` where it cannot be seen.
#[cfg(not(unix))]
pub fn disk(_: &Path) -> Option<Disk> {
    None
}

/// Of a partition the disk around it is asked.
#[cfg(unix)]
fn is_flash(major: u32, minor: u32) -> bool {
    let device = format!("/sys/dev/block/{major}:{minor}");
    ["queue/rotational", "../queue/rotational"]
        .iter()
        .any(|file| {
            let text = std::fs::read_to_string(Path::new(&device).join(file));
            text.is_ok_and(|text| text.trim() == "0")
        })
}
