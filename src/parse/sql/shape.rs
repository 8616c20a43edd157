//! What a statement says, before names are looked up: query blocks with their sources, outputs,
//! conditions and order.

use std::collections::BTreeMap;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SELECT, also with WITH; TABLE.
    Select,
    /// VALUES by itself.
    Values,
    /// INSERT.
    Insert,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
    /// MERGE.
    Merge,
    /// COPY.
    Copy,
    /// CALL.
    Call,
    /// EXPLAIN.
    Explain,
    /// BEGIN, COMMIT, SAVEPOINT and the like.
    Transaction,
    /// SET, RESET, SHOW, DISCARD, LISTEN.
    Set,
    /// Any other command.
    Utility,
    /// What begins with no known word.
    Unknown,
}

impl Kind {
    /// The word in facts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Values => "values",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::Copy => "copy",
            Self::Call => "call",
            Self::Explain => "explain",
            Self::Transaction => "transaction",
            Self::Set => "set",
            Self::Utility => "utility",
            Self::Unknown => "unknown",
        }
    }
}

/// A statement, as far as its text says.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What it does.
    pub kind: Kind,
    /// Query blocks; the first is the statement itself.
    pub blocks: Vec<Block>,
    /// INSERT … VALUES: rows that are given.
    pub rows_given: Option<usize>,
    /// Tags of a sqlcommenter comment.
    pub tags: BTreeMap<String, String>,
    /// The server wrote it to keep a foreign key.
    pub keeps_foreign_key: bool,
    /// Why it was read from its tokens only.
    pub unread_because: Option<String>,
}

impl Shape {
    /// A statement of which nothing but the kind is known.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            blocks: vec![Block::new(None, Place::Statement)],
            rows_given: None,
            tags: BTreeMap::new(),
            keeps_foreign_key: false,
            unread_because: None,
        }
    }
}

/// Where a query block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The statement itself.
    Statement,
    /// In a WITH clause.
    Cte,
    /// In FROM.
    From,
    /// Under EXISTS.
    Exists,
    /// Under IN, ANY or ALL.
    In,
    /// In an expression.
    Scalar,
    /// A branch of a set operation.
    Branch,
    /// The rows of an INSERT or MERGE.
    Source,
    /// The query of a view.
    View,
}

impl Place {
    /// The word in facts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Cte => "cte",
            Self::From => "from",
            Self::Exists => "exists",
            Self::In => "in",
            Self::Scalar => "scalar",
            Self::Branch => "branch",
            Self::Source => "source",
            Self::View => "view",
        }
    }
}

/// One query block.
#[derive(Debug, Clone)]
pub struct Block {
    /// Block around it.
    pub parent: Option<usize>,
    /// Where it stands.
    pub place: Place,
    /// Under NOT.
    pub is_negated: bool,
    /// FROM list in order; first of all the table that is written to.
    pub sources: Vec<Source>,
    /// Outputs, or what RETURNING lists.
    pub outputs: Vec<Output>,
    /// Conditions of WHERE, ON and HAVING.
    pub conditions: Vec<Condition>,
    /// GROUP BY, ORDER BY and DISTINCT ON.
    pub sorts: Vec<Sort>,
    /// What it does to the table that is written to.
    pub change: Option<Kind>,
    /// Columns that INSERT or UPDATE give values to.
    pub targets: Vec<String>,
    /// Columns in expressions that are none of the above.
    pub others: Vec<Column>,
    /// Functions that are called.
    pub functions: Vec<String>,
    /// A window function is called.
    pub has_window: bool,
    /// SELECT DISTINCT.
    pub is_distinct: bool,
    /// union, union all, intersect, …
    pub set_operation: Option<String>,
    /// LIMIT or FETCH FIRST.
    pub limit: Bound,
    /// OFFSET.
    pub offset: Bound,
    /// Locking clause.
    pub lock: Option<Lock>,
}

impl Block {
    pub(super) fn new(parent: Option<usize>, place: Place) -> Self {
        Self {
            parent,
            place,
            is_negated: false,
            sources: Vec::new(),
            outputs: Vec::new(),
            conditions: Vec::new(),
            sorts: Vec::new(),
            change: None,
            targets: Vec::new(),
            others: Vec::new(),
            functions: Vec::new(),
            has_window: false,
            is_distinct: false,
            set_operation: None,
            limit: Bound::None,
            offset: Bound::None,
            lock: None,
        }
    }
}

/// LIMIT or OFFSET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Not there.
    None,
    /// A number in the text.
    Constant(i64),
    /// A parameter.
    Parameter,
    /// Anything else.
    Expression,
}

/// Locking clause of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// update, no key update, share or key share.
    pub strength: &'static str,
    /// nowait or skip locked.
    pub wait: Option<&'static str>,
}

/// An entry of a FROM list.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is.
    pub from: From,
    /// Alias.
    pub alias: Option<String>,
    /// Names that the alias gives to columns.
    pub columns: Vec<String>,
    /// inner, left, right, full or cross.
    pub join: Option<&'static str>,
    /// Columns of USING.
    pub using: Vec<String>,
    /// NATURAL.
    pub is_natural: bool,
    /// It is written to.
    pub is_written: bool,
}

/// What rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A relation by name.
    Relation {
        /// Schema, where one is written.
        schema: Option<String>,
        /// Name.
        name: String,
    },
    /// A query block of the same statement: subquery or CTE.
    Block(usize),
    /// A function, VALUES, or another source without a relation.
    Other,
}

/// A column as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Schema of the qualifier.
    pub schema: Option<String>,
    /// Table or alias.
    pub table: Option<String>,
    /// Column.
    pub name: String,
}

/// An output column.
#[derive(Debug, Clone)]
pub struct Output {
    /// What it is.
    pub what: What,
    /// Name, where one is given.
    pub name: Option<String>,
}

/// What an output is.
#[derive(Debug, Clone)]
pub enum What {
    /// A column.
    Column(Column),
    /// `*` or `table.*`.
    Star(Option<String>),
    /// An expression with an aggregate function.
    Aggregate {
        /// The function.
        function: String,
        /// Columns in it.
        columns: Vec<Column>,
    },
    /// A constant or parameter.
    Constant,
    /// A subquery alone.
    Subquery(usize),
    /// Anything else.
    Expression(Vec<Column>),
}

/// Which clause a condition stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause {
    /// WHERE.
    Where,
    /// ON of a join.
    On,
    /// HAVING.
    Having,
}

impl Clause {
    /// The word in facts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::On => "on",
            Self::Having => "having",
        }
    }
}

/// One comparison.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Clause.
    pub clause: Clause,
    /// Number of the OR it stands under and its arm.
    pub or: Option<(usize, usize)>,
    /// Left side.
    pub left: Operand,
    /// Operator in lower case, with `not` in front where negated.
    pub operator: String,
    /// Right side.
    pub right: Operand,
}

/// A side of a comparison.
#[derive(Debug, Clone)]
pub enum Operand {
    /// There is none: `a IS NULL`.
    None,
    /// A parameter.
    Parameter,
    /// A constant or an expression without columns; a constant as SQL, unless it is long.
    Constant(Option<String>),
    /// A list of values; its length where the text says.
    List(Option<usize>),
    /// A column.
    Column(Column),
    /// A column with something around it.
    Wrapped(Wrapped),
    /// A subquery.
    Block(usize),
    /// An expression with several columns, or a subquery within.
    Expression {
        /// The columns.
        columns: Vec<Column>,
        /// It as SQL, unless it is long.
        sql: Option<String>,
    },
}

/// A column with something around it that a plain index does not see through.
#[derive(Debug, Clone)]
pub struct Wrapped {
    /// The column.
    pub column: Column,
    /// function, cast or expression.
    pub by: &'static str,
    /// The function or type that is outermost.
    pub wrapper: Option<String>,
    /// It as SQL, unless it is long.
    pub sql: Option<String>,
}

/// An entry of GROUP BY, ORDER BY or DISTINCT ON.
#[derive(Debug, Clone)]
pub struct Sort {
    /// group, order or distinct.
    pub clause: &'static str,
    /// What is sorted by.
    pub by: SortKey,
    /// DESC.
    pub is_descending: bool,
    /// NULLS FIRST, written or meant.
    pub nulls_first: bool,
}

/// What is sorted by.
#[derive(Debug, Clone)]
pub enum SortKey {
    /// A column or the name of an output.
    Column(Column),
    /// An output by its position, 1-based.
    Position(usize),
    /// A random number.
    Random,
    /// An expression.
    Expression {
        /// Columns in it.
        columns: Vec<Column>,
        /// It as SQL, unless it is long.
        sql: Option<String>,
    },
}
