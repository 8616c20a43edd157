//! How a file is packed, by its first bytes.

/// First bytes that suffice to tell how a file is packed and whether it is something strange.
pub const HEAD: usize = 512;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip (RFC 1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// Zstandard (RFC 8878).
    Zstd,
    /// The frame format of LZ4.
    Lz4,
}

impl Packing {
    /// How a file is packed that begins so; [`HEAD`] bytes suffice.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            // The other one is a frame to be skipped, as pzstd writes it before each frame.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Lz4,
            _ => Self::Plain,
        }
    }

    /// The name of the program that packs so; empty for a plain file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
        }
    }
}

/// Beginnings of files that are something else, and what to do with them.
const STRANGERS: [(usize, &[u8], &str); 7] = [
    (
        0,
        b"PK\x03\x04",
        "it is a zip archive; unpack it first (`unzip`)",
    ),
    (
        0,
        b"7z\xbc\xaf\x27\x1c",
        "it is a 7z archive; unpack it first (`7z x`)",
    ),
    (
        0,
        b"\x1f\x9d",
        "it is packed with compress; unpack it first (`gzip -d`)",
    ),
    (
        257,
        b"ustar",
        "it is a tar archive; unpack it first (`tar -xf`)",
    ),
    (
        0,
        b"PGDMP",
        "it is a dump in pg_dump's own format; write it as SQL with `pg_restore -s -f FILE.sql`",
    ),
    (
        0,
        b"SQLite format 3\0",
        "it is an SQLite file; a snapshot is read with --snapshot",
    ),
    (0, b"\x7fELF", "it is a program"),
];

/// What a file is that is neither text nor packed text, and what to do with it; [`HEAD`] bytes
/// suffice.
pub fn stranger(head: &[u8]) -> Option<&'static str> {
    STRANGERS
        .iter()
        .find(|(at, magic, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
        .map(|(_, _, what)| *what)
}
