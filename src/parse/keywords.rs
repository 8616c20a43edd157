//! The key words of `PostgreSQL` and how far each is reserved.

/// How far a key word is reserved (column `catcode` of `pg_get_keywords()`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Never a name without quotes.
    Reserved,
    /// May name a function or type, but no column or table.
    TypeOrFunction,
    /// May name a column or table, but no function or type.
    ColumnName,
    /// May name anything.
    Unreserved,
}

macro_rules! keywords {
    ($($category:ident { $($variant:ident $word:literal,)+ })+) => {
        /// A key word of `PostgreSQL` 18, which has all those of 12 to 17 but `RECHECK`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(missing_docs)]
        pub enum Keyword { $($($variant,)+)+ }

        const ALL: &[(&str, Keyword, Category)] =
            &[$($(($word, Keyword::$variant, Category::$category),)+)+];
    };
}

keywords! {
    Reserved {
        All "all", Analyse "analyse", Analyze "analyze", And "and", Any "any", Array "array",
        As "as", Asc "asc", Asymmetric "asymmetric", Both "both", Case "case", Cast "cast",
        Check "check", Collate "collate", Column "column", Constraint "constraint",
        Create "create", CurrentCatalog "current_catalog", CurrentDate "current_date",
        CurrentRole "current_role", CurrentTime "current_time",
        CurrentTimestamp "current_timestamp", CurrentUser "current_user", Default "default",
        Deferrable "deferrable", Desc "desc", Distinct "distinct", Do "do", Else "else", End "end",
        Except "except", False "false", Fetch "fetch", For "for", Foreign "foreign", From "from",
        Grant "grant", Group "group", Having "having", In "in", Initially "initially",
        Intersect "intersect", Into "into", Lateral "lateral", Leading "leading", Limit "limit",
        Localtime "localtime", Localtimestamp "localtimestamp", Not "not", Null "null",
        Offset "offset", On "on", Only "only", Or "or", Order "order", Placing "placing",
        Primary "primary", References "references", Returning "returning", Select "select",
        SessionUser "session_user", Some "some", Symmetric "symmetric", SystemUser "system_user",
        Table "table", Then "then", To "to", Trailing "trailing", True "true", Union "union",
        Unique "unique", User "user", Using "using", Variadic "variadic", When "when",
        Where "where", Window "window", With "with",
    }
    TypeOrFunction {
        Authorization "authorization", Binary "binary", Collation "collation",
        Concurrently "concurrently", Cross "cross", CurrentSchema "current_schema",
        Freeze "freeze", Full "full", Ilike "ilike", Inner "inner", Is "is", Isnull "isnull",
        Join "join", Left "left", Like "like", Natural "natural", Notnull "notnull", Outer "outer",
        Overlaps "overlaps", Right "right", Similar "similar", Tablesample "tablesample",
        Verbose "verbose",
    }
    ColumnName {
        Between "between", Bigint "bigint", Bit "bit", Boolean "boolean", Char "char",
        Character "character", Coalesce "coalesce", Dec "dec", Decimal "decimal", Exists "exists",
        Extract "extract", Float "float", Greatest "greatest", Grouping "grouping", Inout "inout",
        Int "int", Integer "integer", Interval "interval", Json "json", JsonArray "json_array",
        JsonArrayagg "json_arrayagg", JsonExists "json_exists", JsonObject "json_object",
        JsonObjectagg "json_objectagg", JsonQuery "json_query", JsonScalar "json_scalar",
        JsonSerialize "json_serialize", JsonTable "json_table", JsonValue "json_value",
        Least "least", MergeAction "merge_action", National "national", Nchar "nchar", None "none",
        Normalize "normalize", Nullif "nullif", Numeric "numeric", Out "out", Overlay "overlay",
        Position "position", Precision "precision", Real "real", Row "row", Setof "setof",
        Smallint "smallint", Substring "substring", Time "time", Timestamp "timestamp",
        Treat "treat", Trim "trim", Values "values", Varchar "varchar",
        Xmlattributes "xmlattributes", Xmlconcat "xmlconcat", Xmlelement "xmlelement",
        Xmlexists "xmlexists", Xmlforest "xmlforest", Xmlnamespaces "xmlnamespaces",
        Xmlparse "xmlparse", Xmlpi "xmlpi", Xmlroot "xmlroot", Xmlserialize "xmlserialize",
        Xmltable "xmltable",
    }
    Unreserved {
        Abort "abort", Absent "absent", Absolute "absolute", Access "access", Action "action",
        Add "add", Admin "admin", After "after", Aggregate "aggregate", Also "also", Alter "alter",
        Always "always", Asensitive "asensitive", Assertion "assertion", Assignment "assignment",
        At "at", Atomic "atomic", Attach "attach", Attribute "attribute", Backward "backward",
        Before "before", Begin "begin", Breadth "breadth", By "by", Cache "cache", Call "call",
        Called "called", Cascade "cascade", Cascaded "cascaded", Catalog "catalog", Chain "chain",
        Characteristics "characteristics", Checkpoint "checkpoint", Class "class", Close "close",
        Cluster "cluster", Columns "columns", Comment "comment", Comments "comments",
        Commit "commit", Committed "committed", Compression "compression",
        Conditional "conditional", Configuration "configuration", Conflict "conflict",
        Connection "connection", Constraints "constraints", Content "content", Continue "continue",
        Conversion "conversion", Copy "copy", Cost "cost", Csv "csv", Cube "cube",
        Current "current", Cursor "cursor", Cycle "cycle", Data "data", Database "database",
        Day "day", Deallocate "deallocate", Declare "declare", Defaults "defaults",
        Deferred "deferred", Definer "definer", Delete "delete", Delimiter "delimiter",
        Delimiters "delimiters", Depends "depends", Depth "depth", Detach "detach",
        Dictionary "dictionary", Disable "disable", Discard "discard", Document "document",
        Domain "domain", Double "double", Drop "drop", Each "each", Empty "empty", Enable "enable",
        Encoding "encoding", Encrypted "encrypted", Enforced "enforced", Enum "enum",
        Error "error", Escape "escape", Event "event", Exclude "exclude", Excluding "excluding",
        Exclusive "exclusive", Execute "execute", Explain "explain", Expression "expression",
        Extension "extension", External "external", Family "family", Filter "filter",
        Finalize "finalize", First "first", Following "following", Force "force", Format "format",
        Forward "forward", Function "function", Functions "functions", Generated "generated",
        Global "global", Granted "granted", Groups "groups", Handler "handler", Header "header",
        Hold "hold", Hour "hour", Identity "identity", If "if", Immediate "immediate",
        Immutable "immutable", Implicit "implicit", Import "import", Include "include",
        Including "including", Increment "increment", Indent "indent", Index "index",
        Indexes "indexes", Inherit "inherit", Inherits "inherits", Inline "inline", Input "input",
        Insensitive "insensitive", Insert "insert", Instead "instead", Invoker "invoker",
        Isolation "isolation", Keep "keep", Key "key", Keys "keys", Label "label",
        Language "language", Large "large", Last "last", Leakproof "leakproof", Level "level",
        Listen "listen", Load "load", Local "local", Location "location", Lock "lock",
        Locked "locked", Logged "logged", Mapping "mapping", Match "match", Matched "matched",
        Materialized "materialized", Maxvalue "maxvalue", Merge "merge", Method "method",
        Minute "minute", Minvalue "minvalue", Mode "mode", Month "month", Move "move", Name "name",
        Names "names", Nested "nested", New "new", Next "next", Nfc "nfc", Nfd "nfd", Nfkc "nfkc",
        Nfkd "nfkd", No "no", Normalized "normalized", Nothing "nothing", Notify "notify",
        Nowait "nowait", Nulls "nulls", Object "object", Objects "objects", Of "of", Off "off",
        Oids "oids", Old "old", Omit "omit", Operator "operator", Option "option",
        Options "options", Ordinality "ordinality", Others "others", Over "over",
        Overriding "overriding", Owned "owned", Owner "owner", Parallel "parallel",
        Parameter "parameter", Parser "parser", Partial "partial", Partition "partition",
        Passing "passing", Password "password", Path "path", Period "period", Plan "plan",
        Plans "plans", Policy "policy", Preceding "preceding", Prepare "prepare",
        Prepared "prepared", Preserve "preserve", Prior "prior", Privileges "privileges",
        Procedural "procedural", Procedure "procedure", Procedures "procedures", Program "program",
        Publication "publication", Quote "quote", Quotes "quotes", Range "range", Read "read",
        Reassign "reassign", Recursive "recursive", Ref "ref", Referencing "referencing",
        Refresh "refresh", Reindex "reindex", Relative "relative", Release "release",
        Rename "rename", Repeatable "repeatable", Replace "replace", Replica "replica",
        Reset "reset", Restart "restart", Restrict "restrict", Return "return", Returns "returns",
        Revoke "revoke", Role "role", Rollback "rollback", Rollup "rollup", Routine "routine",
        Routines "routines", Rows "rows", Rule "rule", Savepoint "savepoint", Scalar "scalar",
        Schema "schema", Schemas "schemas", Scroll "scroll", Search "search", Second "second",
        Security "security", Sequence "sequence", Sequences "sequences",
        Serializable "serializable", Server "server", Session "session", Set "set", Sets "sets",
        Share "share", Show "show", Simple "simple", Skip "skip", Snapshot "snapshot",
        Source "source", Sql "sql", Stable "stable", Standalone "standalone", Start "start",
        Statement "statement", Statistics "statistics", Stdin "stdin", Stdout "stdout",
        Storage "storage", Stored "stored", Strict "strict", String "string", Strip "strip",
        Subscription "subscription", Support "support", Sysid "sysid", System "system",
        Tables "tables", Tablespace "tablespace", Target "target", Temp "temp",
        Template "template", Temporary "temporary", Text "text", Ties "ties",
        Transaction "transaction", Transform "transform", Trigger "trigger", Truncate "truncate",
        Trusted "trusted", Type "type", Types "types", Uescape "uescape", Unbounded "unbounded",
        Uncommitted "uncommitted", Unconditional "unconditional", Unencrypted "unencrypted",
        Unknown "unknown", Unlisten "unlisten", Unlogged "unlogged", Until "until",
        Update "update", Vacuum "vacuum", Valid "valid", Validate "validate",
        Validator "validator", Value "value", Varying "varying", Version "version", View "view",
        Views "views", Virtual "virtual", Volatile "volatile", Whitespace "whitespace",
        Within "within", Without "without", Work "work", Wrapper "wrapper", Write "write",
        Xml "xml", Year "year", Yes "yes", Zone "zone",
    }
}

/// Longest key word, in bytes (`current_timestamp`).
const LONGEST: usize = 17;
/// Slots of the hash table: a power of two, four times the number of words, so chains stay short.
const SLOTS: usize = 2048;
const EMPTY: u16 = u16::MAX;

/// Open addressing: index into [`ALL`] by hash of the word, made at compile time.
static TABLE: [u16; SLOTS] = {
    let mut table = [EMPTY; SLOTS];
    let mut i = 0;
    while i < ALL.len() {
        let mut slot = hash(ALL[i].0.as_bytes());
        while table[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = i as u16;
        i += 1;
    }
    table
};

/// FNV-1a over the word in lower case.
const fn hash(word: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < word.len() {
        hash = (hash ^ word[i].to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 15)) as usize % SLOTS
}

impl Keyword {
    /// The key word that an unquoted identifier is, in any case.
    pub fn find(word: &str) -> Option<Self> {
        if word.len() > LONGEST {
            return None;
        }
        let mut slot = hash(word.as_bytes());
        loop {
            let (text, keyword, _) = ALL.get(usize::from(TABLE[slot]))?;
            if text.eq_ignore_ascii_case(word) {
                return Some(*keyword);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// How far the word is reserved.
    pub fn category(self) -> Category {
        ALL[self as usize].2
    }

    /// The word in lower case.
    pub fn word(self) -> &'static str {
        ALL[self as usize].0
    }
}
