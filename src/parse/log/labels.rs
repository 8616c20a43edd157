//! The words that the server puts before the parts of a message (`error_severity` and
//! `send_message_to_server_log` in `elog.c`).

use std::sync::LazyLock;

/// Severity of a record, as `PostgreSQL` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// DEBUG, or DEBUG1 to DEBUG5.
    Debug,
    /// INFO.
    Info,
    /// NOTICE.
    Notice,
    /// WARNING.
    Warning,
    /// LOG.
    Log,
    /// ERROR: the statement ended.
    Error,
    /// FATAL: the session ended.
    Fatal,
    /// PANIC: all sessions ended.
    Panic,
}

impl Severity {
    /// The word of `PostgreSQL`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Notice => "NOTICE",
            Self::Warning => "WARNING",
            Self::Log => "LOG",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
            Self::Panic => "PANIC",
        }
    }

    /// Whether it is ERROR or worse.
    pub fn is_error(self) -> bool {
        self >= Self::Error
    }
}

/// What a line of a log begins, after its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A record.
    Severity(Severity),
    /// Its DETAIL.
    Detail,
    /// Its HINT.
    Hint,
    /// Its QUERY.
    Query,
    /// Its CONTEXT.
    Context,
    /// Its STATEMENT.
    Statement,
    /// Its LOCATION.
    Location,
    /// Its BACKTRACE.
    Backtrace,
}

/// The words of English and of the message catalogues of `PostgreSQL` 15 (`src/backend/po`), where
/// they differ: de, es, fr, it, ja, ka, ko, ru, sv, uk, `zh_CN`.
const WORDS: &[(&str, Label)] = &[
    ("LOG", Label::Severity(Severity::Log)),
    ("DETAIL", Label::Detail),
    ("ERROR", Label::Severity(Severity::Error)),
    ("STATEMENT", Label::Statement),
    ("FATAL", Label::Severity(Severity::Fatal)),
    ("WARNING", Label::Severity(Severity::Warning)),
    ("HINT", Label::Hint),
    ("CONTEXT", Label::Context),
    ("QUERY", Label::Query),
    ("LOCATION", Label::Location),
    ("BACKTRACE", Label::Backtrace),
    ("NOTICE", Label::Severity(Severity::Notice)),
    ("INFO", Label::Severity(Severity::Info)),
    ("PANIC", Label::Severity(Severity::Panic)),
    ("DEBUG", Label::Severity(Severity::Debug)),
    ("DEBUG1", Label::Severity(Severity::Debug)),
    ("DEBUG2", Label::Severity(Severity::Debug)),
    ("DEBUG3", Label::Severity(Severity::Debug)),
    ("DEBUG4", Label::Severity(Severity::Debug)),
    ("DEBUG5", Label::Severity(Severity::Debug)),
    ("FEHLER", Label::Severity(Severity::Error)),
    ("PANIK", Label::Severity(Severity::Panic)),
    ("WARNUNG", Label::Severity(Severity::Warning)),
    ("HINWEIS", Label::Severity(Severity::Notice)),
    ("TIPP", Label::Hint),
    ("ANFRAGE", Label::Query),
    ("ZUSAMMENHANG", Label::Context),
    ("ANWEISUNG", Label::Statement),
    ("ORT", Label::Location),
    ("DETALLE", Label::Detail),
    ("CONSULTA", Label::Query),
    ("CONTEXTO", Label::Context),
    ("SENTENCIA", Label::Statement),
    ("UBICACIÓN", Label::Location),
    ("ERREUR", Label::Severity(Severity::Error)),
    ("ATTENTION", Label::Severity(Severity::Warning)),
    ("DÉTAIL", Label::Detail),
    ("ASTUCE", Label::Hint),
    ("REQUÊTE", Label::Query),
    ("CONTEXTE", Label::Context),
    ("INSTRUCTION", Label::Statement),
    ("EMPLACEMENT", Label::Location),
    ("PILE D'APPEL", Label::Backtrace),
    ("ERRORE", Label::Severity(Severity::Error)),
    ("FATALE", Label::Severity(Severity::Fatal)),
    ("PANICO", Label::Severity(Severity::Panic)),
    ("ATTENZIONE", Label::Severity(Severity::Warning)),
    ("NOTIFICA", Label::Severity(Severity::Notice)),
    ("DETTAGLI", Label::Detail),
    ("SUGGERIMENTO", Label::Hint),
    ("CONTESTO", Label::Context),
    ("ISTRUZIONE", Label::Statement),
    ("POSIZIONE", Label::Location),
    ("詳細", Label::Detail),
    ("ヒント", Label::Hint),
    ("問い合わせ", Label::Query),
    ("文脈", Label::Context),
    ("文", Label::Statement),
    ("場所", Label::Location),
    ("バックトレース", Label::Backtrace),
    ("ჟურნალი", Label::Severity(Severity::Log)),
    ("შეცდომა", Label::Severity(Severity::Error)),
    ("ფატალური", Label::Severity(Severity::Fatal)),
    ("პანიკა", Label::Severity(Severity::Panic)),
    ("გაფრთხილება", Label::Severity(Severity::Warning)),
    ("ინფორმაცია", Label::Severity(Severity::Info)),
    ("გამართვა", Label::Severity(Severity::Debug)),
    ("დეტალები", Label::Detail),
    ("მინიშნება", Label::Hint),
    ("მოთხოვნა", Label::Query),
    ("კონტექსტი", Label::Context),
    ("ოპერატორი", Label::Statement),
    ("მდებარეობა", Label::Location),
    ("სტეკი", Label::Backtrace),
    ("로그", Label::Severity(Severity::Log)),
    ("오류", Label::Severity(Severity::Error)),
    ("치명적오류", Label::Severity(Severity::Fatal)),
    ("손상", Label::Severity(Severity::Panic)),
    ("경고", Label::Severity(Severity::Warning)),
    ("알림", Label::Severity(Severity::Notice)),
    ("정보", Label::Severity(Severity::Info)),
    ("디버그", Label::Severity(Severity::Debug)),
    ("상세정보", Label::Detail),
    ("힌트", Label::Hint),
    ("쿼리", Label::Query),
    ("내용", Label::Context),
    ("명령 구문", Label::Statement),
    ("위치", Label::Location),
    ("역추적", Label::Backtrace),
    ("СООБЩЕНИЕ", Label::Severity(Severity::Log)),
    ("ОШИБКА", Label::Severity(Severity::Error)),
    ("ВАЖНО", Label::Severity(Severity::Fatal)),
    ("ПАНИКА", Label::Severity(Severity::Panic)),
    ("ПРЕДУПРЕЖДЕНИЕ", Label::Severity(Severity::Warning)),
    ("ЗАМЕЧАНИЕ", Label::Severity(Severity::Notice)),
    ("ИНФОРМАЦИЯ", Label::Severity(Severity::Info)),
    ("ОТЛАДКА", Label::Severity(Severity::Debug)),
    ("ПОДРОБНОСТИ", Label::Detail),
    ("ПОДСКАЗКА", Label::Hint),
    ("ЗАПРОС", Label::Query),
    ("КОНТЕКСТ", Label::Context),
    ("ОПЕРАТОР", Label::Statement),
    ("ПОЛОЖЕНИЕ", Label::Location),
    ("СТЕК", Label::Backtrace),
    ("LOGG", Label::Severity(Severity::Log)),
    ("FEL", Label::Severity(Severity::Error)),
    ("FATALT", Label::Severity(Severity::Fatal)),
    ("VARNING", Label::Severity(Severity::Warning)),
    ("NOTIS", Label::Severity(Severity::Notice)),
    ("DETALJ", Label::Detail),
    ("TIPS", Label::Hint),
    ("FRÅGA", Label::Query),
    ("KONTEXT", Label::Context),
    ("SATS", Label::Statement),
    ("PLATS", Label::Location),
    ("ЗАПИСУВАННЯ", Label::Severity(Severity::Log)),
    ("ПОМИЛКА", Label::Severity(Severity::Error)),
    ("ФАТАЛЬНО", Label::Severity(Severity::Fatal)),
    ("ПАНІКА", Label::Severity(Severity::Panic)),
    ("ПОПЕРЕДЖЕННЯ", Label::Severity(Severity::Warning)),
    ("ПОВІДОМЛЕННЯ", Label::Severity(Severity::Notice)),
    ("ІНФОРМАЦІЯ", Label::Severity(Severity::Info)),
    ("НАЛАГОДЖЕННЯ", Label::Severity(Severity::Debug)),
    ("ВІДОМОСТІ", Label::Detail),
    ("УКАЗІВКА", Label::Hint),
    ("ЗАПИТ", Label::Query),
    ("ІНСТРУКЦІЯ", Label::Statement),
    ("РОЗТАШУВАННЯ", Label::Location),
    ("ВІДСТЕЖУВАТИ", Label::Backtrace),
    ("日志", Label::Severity(Severity::Log)),
    ("错误", Label::Severity(Severity::Error)),
    ("致命错误", Label::Severity(Severity::Fatal)),
    ("比致命错误还过分的错误", Label::Severity(Severity::Panic)),
    ("警告", Label::Severity(Severity::Warning)),
    ("注意", Label::Severity(Severity::Notice)),
    ("信息", Label::Severity(Severity::Info)),
    ("调试", Label::Severity(Severity::Debug)),
    ("详细信息", Label::Detail),
    ("提示", Label::Hint),
    ("查询", Label::Query),
    ("上下文", Label::Context),
    ("语句", Label::Statement),
    ("位置", Label::Location),
];

/// The label of a word, as csvlog and jsonlog have it alone.
pub fn label_word(word: &[u8]) -> Option<Label> {
    WORDS
        .iter()
        .find(|(known, _)| known.as_bytes() == word)
        .map(|(_, label)| *label)
}

/// The words that begin with a byte, as places in [`WORDS`].
static BY_FIRST: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut places = vec![Vec::new(); 256];
    for (place, (word, _)) in WORDS.iter().enumerate() {
        if let (Some(first), Ok(place)) = (word.bytes().next(), u8::try_from(place)) {
            places[usize::from(first)].push(place);
        }
    }
    places
});

/// The label at the beginning of a text and its length with what follows it: `LOG:  ` and the like;
/// French puts a blank before the colon.
#[inline]
pub fn label(text: &[u8]) -> Option<(Label, usize)> {
    if text.starts_with(b"LOG:  ") {
        return Some((Label::Severity(Severity::Log), 6));
    }
    // Most texts that are tried begin with a small letter, a digit or a sign.
    match text.first() {
        Some(b'A'..=b'Z' | 0x80..) => other_label(text),
        _ => None,
    }
}

fn other_label(text: &[u8]) -> Option<(Label, usize)> {
    let places = BY_FIRST.get(usize::from(*text.first()?))?;
    places.iter().find_map(|place| {
        let (word, label) = WORDS.get(usize::from(*place))?;
        let rest = text.strip_prefix(word.as_bytes())?;
        let rest = rest
            .strip_prefix(b" ")
            .or_else(|| rest.strip_prefix("\u{a0}".as_bytes()))
            .unwrap_or(rest);
        let rest = rest
            .strip_prefix(b":")
            .or_else(|| rest.strip_prefix("：".as_bytes()))?;
        // An empty message loses its blanks on the way through some shippers.
        if !rest.is_empty() && rest[0] != b' ' {
            return None;
        }
        let blanks = rest.iter().take(2).take_while(|b| **b == b' ').count();
        Some((*label, text.len() - rest.len() + blanks))
    })
}
