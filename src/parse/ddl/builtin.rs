//! The server's own types that columns are made of, as `pg_type` has them on 64-bit machines.

/// A built-in type.
#[derive(Debug, PartialEq, Eq)]
pub struct Builtin {
    /// The server's own name.
    pub name: &'static str,
    /// As `format_type` prints it.
    pub printed: &'static str,
    /// Its oid.
    pub oid: i64,
    /// The oid of the array of it.
    pub array_oid: i64,
    /// typlen
    pub length: i64,
    /// typalign
    pub alignment: &'static str,
    /// typstorage
    pub storage: &'static str,
    /// Its collation, if it has one.
    pub collation: Option<&'static str>,
}

const fn of(
    name: &'static str,
    printed: &'static str,
    oids: (i64, i64),
    length: i64,
    alignment: &'static str,
    storage: &'static str,
) -> Builtin {
    Builtin {
        name,
        printed,
        oid: oids.0,
        array_oid: oids.1,
        length,
        alignment,
        storage,
        collation: None,
    }
}

const fn text(name: &'static str, printed: &'static str, oids: (i64, i64)) -> Builtin {
    Builtin {
        collation: Some("default"),
        ..of(name, printed, oids, -1, "i", "x")
    }
}

/// Sorted by name.
#[rustfmt::skip]
const TYPES: &[Builtin] = &[
    of("aclitem", "aclitem", (1033, 1034), 16, "d", "p"),
    of("bit", "bit", (1560, 1561), -1, "i", "x"),
    of("bool", "boolean", (16, 1000), 1, "c", "p"),
    of("box", "box", (603, 1020), 32, "d", "p"),
    text("bpchar", "character", (1042, 1014)),
    of("bytea", "bytea", (17, 1001), -1, "i", "x"),
    of("char", "\"char\"", (18, 1002), 1, "c", "p"),
    of("cid", "cid", (29, 1012), 4, "i", "p"),
    of("cidr", "cidr", (650, 651), -1, "i", "m"),
    of("circle", "circle", (718, 719), 24, "d", "p"),
    of("date", "date", (1082, 1182), 4, "i", "p"),
    of("datemultirange", "datemultirange", (4535, 6155), -1, "i", "x"),
    of("daterange", "daterange", (3912, 3913), -1, "i", "x"),
    of("float4", "real", (700, 1021), 4, "i", "p"),
    of("float8", "double precision", (701, 1022), 8, "d", "p"),
    of("inet", "inet", (869, 1041), -1, "i", "m"),
    of("int2", "smallint", (21, 1005), 2, "s", "p"),
    of("int4", "integer", (23, 1007), 4, "i", "p"),
    of("int4multirange", "int4multirange", (4451, 6150), -1, "i", "x"),
    of("int4range", "int4range", (3904, 3905), -1, "i", "x"),
    of("int8", "bigint", (20, 1016), 8, "d", "p"),
    of("int8multirange", "int8multirange", (4536, 6157), -1, "d", "x"),
    of("int8range", "int8range", (3926, 3927), -1, "d", "x"),
    of("interval", "interval", (1186, 1187), 16, "d", "p"),
    of("json", "json", (114, 199), -1, "i", "x"),
    of("jsonb", "jsonb", (3802, 3807), -1, "i", "x"),
    of("jsonpath", "jsonpath", (4072, 4073), -1, "i", "x"),
    of("line", "line", (628, 629), 24, "d", "p"),
    of("lseg", "lseg", (601, 1018), 32, "d", "p"),
    of("macaddr", "macaddr", (829, 1040), 6, "i", "p"),
    of("macaddr8", "macaddr8", (774, 775), 8, "i", "p"),
    of("money", "money", (790, 791), 8, "d", "p"),
    Builtin { collation: Some("C"), ..of("name", "name", (19, 1003), 64, "c", "p") },
    of("numeric", "numeric", (1700, 1231), -1, "i", "m"),
    of("nummultirange", "nummultirange", (4532, 6151), -1, "i", "x"),
    of("numrange", "numrange", (3906, 3907), -1, "i", "x"),
    of("oid", "oid", (26, 1028), 4, "i", "p"),
    of("path", "path", (602, 1019), -1, "d", "x"),
    of("pg_lsn", "pg_lsn", (3220, 3221), 8, "d", "p"),
    of("pg_snapshot", "pg_snapshot", (5038, 5039), -1, "d", "x"),
    of("point", "point", (600, 1017), 16, "d", "p"),
    of("polygon", "polygon", (604, 1027), -1, "d", "x"),
    of("refcursor", "refcursor", (1790, 2201), -1, "i", "x"),
    of("regclass", "regclass", (2205, 2210), 4, "i", "p"),
    of("regcollation", "regcollation", (4191, 4192), 4, "i", "p"),
    of("regconfig", "regconfig", (3734, 3735), 4, "i", "p"),
    of("regdictionary", "regdictionary", (3769, 3770), 4, "i", "p"),
    of("regnamespace", "regnamespace", (4089, 4090), 4, "i", "p"),
    of("regoper", "regoper", (2203, 2208), 4, "i", "p"),
    of("regoperator", "regoperator", (2204, 2209), 4, "i", "p"),
    of("regproc", "regproc", (24, 1008), 4, "i", "p"),
    of("regprocedure", "regprocedure", (2202, 2207), 4, "i", "p"),
    of("regrole", "regrole", (4096, 4097), 4, "i", "p"),
    of("regtype", "regtype", (2206, 2211), 4, "i", "p"),
    text("text", "text", (25, 1009)),
    of("tid", "tid", (27, 1010), 6, "s", "p"),
    of("time", "time without time zone", (1083, 1183), 8, "d", "p"),
    of("timestamp", "timestamp without time zone", (1114, 1115), 8, "d", "p"),
    of("timestamptz", "timestamp with time zone", (1184, 1185), 8, "d", "p"),
    of("timetz", "time with time zone", (1266, 1270), 12, "d", "p"),
    of("tsmultirange", "tsmultirange", (4533, 6152), -1, "d", "x"),
    of("tsquery", "tsquery", (3615, 3645), -1, "i", "p"),
    of("tsrange", "tsrange", (3908, 3909), -1, "d", "x"),
    of("tstzmultirange", "tstzmultirange", (4534, 6153), -1, "d", "x"),
    of("tstzrange", "tstzrange", (3910, 3911), -1, "d", "x"),
    of("tsvector", "tsvector", (3614, 3643), -1, "i", "x"),
    of("txid_snapshot", "txid_snapshot", (2970, 2949), -1, "d", "x"),
    of("uuid", "uuid", (2950, 2951), 16, "c", "p"),
    of("varbit", "bit varying", (1562, 1563), -1, "i", "x"),
    text("varchar", "character varying", (1043, 1015)),
    of("xid", "xid", (28, 1011), 4, "i", "p"),
    of("xid8", "xid8", (5069, 271), 8, "d", "p"),
    of("xml", "xml", (142, 143), -1, "i", "x"),
];

/// The type of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    let at = TYPES.binary_search_by(|known| known.name.cmp(name)).ok()?;
    TYPES.get(at)
}

/// The type that is printed so.
pub fn printed(text: &str) -> Option<&'static Builtin> {
    TYPES.iter().find(|known| known.printed == text)
}
