//! Kinds of objects, by the words that statements call them.

use super::cursor::Cursor;

/// A kind of object that statements name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is its words in SQL")]
pub enum ObjectKind {
    Table,
    ForeignTable,
    Index,
    MaterializedView,
    View,
    Sequence,
    Schema,
    Extension,
    Type,
    Domain,
    Function,
    Procedure,
    Routine,
    Aggregate,
    Trigger,
    Policy,
    Rule,
    EventTrigger,
    Publication,
    Subscription,
    Role,
    Database,
    Tablespace,
    Collation,
    Conversion,
    Cast,
    Operator,
    OperatorClass,
    OperatorFamily,
    Statistics,
    Server,
    ForeignDataWrapper,
    UserMapping,
    AccessMethod,
    Language,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
    LargeObject,
    Parameter,
    System,
    Column,
    Constraint,
    DomainConstraint,
}

use ObjectKind as K;

/// Words and kinds; where one's words begin another's, the longer comes first.
const WORDS: [(&str, ObjectKind); 55] = [
    ("table", K::Table),
    ("foreign table", K::ForeignTable),
    ("index", K::Index),
    ("materialized view", K::MaterializedView),
    ("view", K::View),
    ("sequence", K::Sequence),
    ("schema", K::Schema),
    ("extension", K::Extension),
    ("type", K::Type),
    ("domain", K::Domain),
    ("function", K::Function),
    ("procedure", K::Procedure),
    ("routine", K::Routine),
    ("aggregate", K::Aggregate),
    ("trigger", K::Trigger),
    ("policy", K::Policy),
    ("rule", K::Rule),
    ("event trigger", K::EventTrigger),
    ("publication", K::Publication),
    ("subscription", K::Subscription),
    ("role", K::Role),
    ("user mapping", K::UserMapping),
    ("user", K::Role),
    ("group", K::Role),
    ("database", K::Database),
    ("tablespace", K::Tablespace),
    ("collation", K::Collation),
    ("default conversion", K::Conversion),
    ("conversion", K::Conversion),
    ("cast", K::Cast),
    ("operator class", K::OperatorClass),
    ("operator family", K::OperatorFamily),
    ("operator", K::Operator),
    ("statistics", K::Statistics),
    ("foreign server", K::Server),
    ("server", K::Server),
    ("foreign data wrapper", K::ForeignDataWrapper),
    ("access method", K::AccessMethod),
    ("language", K::Language),
    ("procedural language", K::Language),
    ("trusted language", K::Language),
    ("trusted procedural language", K::Language),
    ("text search configuration", K::TextSearchConfiguration),
    ("text search dictionary", K::TextSearchDictionary),
    ("text search parser", K::TextSearchParser),
    ("text search template", K::TextSearchTemplate),
    ("transform", K::Transform),
    ("large object", K::LargeObject),
    ("parameter", K::Parameter),
    ("system", K::System),
    ("column", K::Column),
    ("constraint trigger", K::Trigger),
    ("constraint", K::Constraint),
    ("constraint on domain", K::DomainConstraint),
    ("recursive view", K::View),
];

impl ObjectKind {
    /// Its words in SQL, in lower case.
    pub fn word(self) -> &'static str {
        let found = WORDS.iter().find(|(_, kind)| *kind == self);
        match found {
            Some(("default conversion", _)) => "conversion",
            Some(("foreign server", _)) => "server",
            Some((words, _)) => words,
            None => "object",
        }
    }

    /// A table, view, index or sequence: they share one space of names.
    pub fn is_relation(self) -> bool {
        matches!(
            self,
            K::Table | K::ForeignTable | K::Index | K::MaterializedView | K::View | K::Sequence
        )
    }

    /// A type or domain.
    pub fn is_type(self) -> bool {
        matches!(self, K::Type | K::Domain)
    }

    /// A function or procedure.
    pub fn is_routine(self) -> bool {
        matches!(self, K::Function | K::Procedure | K::Routine)
    }

    /// Belongs to a table, and has no name without it: `… ON table`.
    pub fn is_on_table(self) -> bool {
        matches!(self, K::Trigger | K::Policy | K::Rule | K::Constraint)
    }

    /// Steps over the words of a kind.
    pub(super) fn accept(c: &mut Cursor) -> Option<Self> {
        let found = WORDS.iter().find(|(words, _)| c.accept(words));
        found.map(|(_, kind)| *kind)
    }
}
