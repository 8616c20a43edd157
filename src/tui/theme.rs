//! Colours by role. All themes use the terminal's own 16 colours.

use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, to be coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Plain text.
    Text,
    /// Text of less weight.
    Dim,
    /// Text of more weight.
    Strong,
    /// The bar at the top.
    Header,
    /// Title of the pane that has the focus.
    Title,
    /// Lines between panes, titles of panes without the focus, frames.
    Rule,
    /// Heads of columns, names of fields.
    Label,
    /// A key in a hint.
    Key,
    /// Severity error; what went wrong.
    Error,
    /// Severity warning; stale data.
    Warning,
    /// Severity info.
    Info,
    /// All is well.
    Good,
    /// The selected row of the pane that has the focus.
    Selected,
    /// Its marker.
    Marker,
    /// SQL key words.
    Keyword,
    /// SQL constants; code in prose.
    Literal,
    /// SQL comments.
    Comment,
}

/// A choice of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// Light or dark as `COLORFGBG` says; without it, colours that can be read on both.
    #[default]
    Auto,
    /// For a light background.
    Light,
    /// For a dark background.
    Dark,
    /// No colours: bold, underline and reverse video only.
    Mono,
    /// Bright colours, nothing dim.
    HighContrast,
}

/// A word that names no theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no theme: choose auto, light, dark, mono or high-contrast")]
pub struct UnknownTheme(String);

impl ThemeName {
    /// The words for them.
    pub const WORDS: [&str; 5] = ["auto", "light", "dark", "mono", "high-contrast"];
}

impl FromStr for ThemeName {
    type Err = UnknownTheme;

    fn from_str(word: &str) -> Result<Self, UnknownTheme> {
        match word {
            "auto" => Ok(Self::Auto),
            "light" => Ok(Self::Light),
            "dark" => Ok(Self::Dark),
            "mono" => Ok(Self::Mono),
            "high-contrast" => Ok(Self::HighContrast),
            _ => Err(UnknownTheme(word.to_owned())),
        }
    }
}

/// How each role looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    palette: Palette,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Palette {
    error: Color,
    warning: Color,
    info: Color,
    good: Color,
    accent: Color,
    literal: Color,
    dim: Modifier,
}

const MONO: Palette = Palette {
    error: Color::Reset,
    warning: Color::Reset,
    info: Color::Reset,
    good: Color::Reset,
    accent: Color::Reset,
    literal: Color::Reset,
    dim: Modifier::empty(),
};

/// Readable on both grounds: neither yellow and cyan, pale on white, nor blue, dark on black.
const BOTH: Palette = Palette {
    error: Color::Red,
    warning: Color::Magenta,
    info: Color::Reset,
    good: Color::Green,
    accent: Color::Reset,
    literal: Color::Green,
    dim: Modifier::DIM,
};

const LIGHT: Palette = Palette {
    warning: Color::Magenta,
    info: Color::Blue,
    accent: Color::Blue,
    ..BOTH
};

const DARK: Palette = Palette {
    error: Color::LightRed,
    warning: Color::Yellow,
    info: Color::Cyan,
    good: Color::Green,
    accent: Color::Cyan,
    literal: Color::Green,
    dim: Modifier::DIM,
};

const HIGH_CONTRAST: Palette = Palette {
    error: Color::LightRed,
    warning: Color::LightYellow,
    info: Color::LightCyan,
    good: Color::LightGreen,
    accent: Color::LightCyan,
    literal: Color::LightGreen,
    dim: Modifier::empty(),
};

impl Theme {
    /// The theme of a name. `no_color`: the environment asks for no colours (`NO_COLOR`); that
    /// decides over any name, since crossterm then drops colours in a way that takes bold and
    /// reverse video away with them. `colorfgbg`: value of `COLORFGBG`, as some terminals set
    /// it (`15;0`: the last number is the background).
    pub fn choose(name: ThemeName, no_color: bool, colorfgbg: Option<&str>) -> Self {
        let background = colorfgbg
            .and_then(|value| value.rsplit(';').next())
            .and_then(|number| number.parse::<u8>().ok());
        let palette = match name {
            _ if no_color => MONO,
            ThemeName::Mono => MONO,
            ThemeName::Light => LIGHT,
            ThemeName::Dark => DARK,
            ThemeName::HighContrast => HIGH_CONTRAST,
            ThemeName::Auto => match background {
                Some(7 | 9..=15) => LIGHT,
                Some(_) => DARK,
                None => BOTH,
            },
        };
        Self { palette }
    }

    /// How a role looks.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let palette = &self.palette;
        // A colour of `Reset` is left out: under NO_COLOR crossterm writes an empty colour
        // sequence, which also takes bold and reverse video away.
        let colour = |style: Style, colour: Color| match colour {
            Color::Reset => style,
            colour => style.fg(colour),
        };
        match role {
            Role::Text => plain,
            Role::Dim | Role::Rule | Role::Comment => plain.add_modifier(palette.dim),
            Role::Strong | Role::Keyword => bold,
            Role::Header | Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::Title | Role::Marker | Role::Key => colour(bold, palette.accent),
            Role::Label => colour(plain.add_modifier(palette.dim), palette.accent),
            Role::Error => colour(bold, palette.error),
            Role::Warning => colour(plain, palette.warning),
            Role::Info => colour(plain, palette.info),
            Role::Good => colour(plain, palette.good),
            Role::Literal => colour(plain, palette.literal),
        }
    }
}

/// Signs that are drawn beside text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Before the selected row.
    pub marker: &'static str,
    /// Where text was cut.
    pub cut: &'static str,
    /// Horizontal line.
    pub line: &'static str,
    /// Behind the head of the column that is sorted by, smallest first.
    pub ascending: &'static str,
    /// The same, largest first.
    pub descending: &'static str,
    /// Between parts of the header.
    pub dot: &'static str,
    /// Full and empty part of a progress bar.
    pub bar: (&'static str, &'static str),
    /// ASCII only.
    pub ascii: bool,
}

impl Glyphs {
    /// The signs, ASCII only or not.
    pub fn new(ascii: bool) -> Self {
        if ascii {
            Self {
                marker: ">",
                cut: "~",
                line: "-",
                ascending: "^",
                descending: "v",
                dot: "|",
                bar: ("#", "."),
                ascii,
            }
        } else {
            Self {
                marker: "▌",
                cut: "…",
                line: "─",
                ascending: "▲",
                descending: "▼",
                dot: "·",
                bar: ("█", "░"),
                ascii,
            }
        }
    }
}
