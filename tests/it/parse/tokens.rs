use pgtriage::parse::{Lexer, Options, Token, tokenize};

fn show(sql: &str, tokens: &[Token]) -> String {
    let shown: Vec<String> = tokens
        .iter()
        .filter(|token| !token.is_trivia())
        .map(|token| {
            let open = if token.terminated { "" } else { "…" };
            format!("{:?} {}{open}", token.kind, token.text(sql))
        })
        .collect();
    shown.join(" | ")
}

fn check(sql: &str, expected: &str) {
    assert_eq!(show(sql, &tokenize(sql)), expected, "tokens of {sql:?}");
}

fn check_with(options: Options, sql: &str, expected: &str) {
    let tokens: Vec<Token> = Lexer::new(sql, options).collect();
    assert_eq!(show(sql, &tokens), expected, "tokens of {sql:?}");
}

#[test]
fn words_and_quotes() {
    check("a_1$b", "Word a_1$b");
    check("größe", "Word größe");
    check(
        "\"a\"\"b\" U&\"x\"",
        "QuotedIdent \"a\"\"b\" | QuotedIdent U&\"x\"",
    );
    check(
        "'a''b' N'x' e'\\'' U&'\\'",
        "String 'a''b' | String N'x' | String e'\\'' | String U&'\\'",
    );
    check("B'0''1'", "BitString B'0' | String '1'");
    check("x'1F'", "BitString x'1F'");
    check("table'x'", "Word table | String 'x'");
    check("'open", "String 'open…");
    check("e'open\\", "String e'open\\…");
    check("\"open", "QuotedIdent \"open…");
}

#[test]
fn a_constant_goes_on_after_a_line_end() {
    check("e'a'\n'\\'' 1", "String e'a' | String '\\'' | Number 1");
    check("e'a' -- x\n '\\''", "String e'a' | String '\\''");
    // Not on the same line, and not past a block comment.
    check("e'a' '\\' 1", "String e'a' | String '\\' | Number 1");
    check("e'a'\n/**/'\\' 1", "String e'a' | String '\\' | Number 1");
}

#[test]
fn dollar_quotes_and_parameters() {
    check("$$a'b$$", "DollarString $$a'b$$");
    check("$t$ $x$ $t $$ $t$", "DollarString $t$ $x$ $t $$ $t$");
    check("$a$x$a$a$", "DollarString $a$x$a$ | Word a$");
    check("$1+$22", "Param $1 | Operator + | Param $22");
    check("$t x", "Other $ | Word t | Word x");
    check("a$$b$$", "Word a$$b$$");
    check("$ü$ 1 $ü$", "DollarString $ü$ 1 $ü$");
    check("$q$ 1 $Q$", "DollarString $q$ 1 $Q$…");
}

#[test]
fn numbers() {
    check(
        "1 1.5 .5 1. 1e5 1E-5 1.e+5",
        "Number 1 | Number 1.5 | Number .5 | Number 1. | Number 1e5 | Number 1E-5 | Number 1.e+5",
    );
    check("1..10", "Number 1 | DotDot .. | Number 10");
    check(
        "1_000 0x1_F 0o17 0B1",
        "Number 1_000 | Number 0x1_F | Number 0o17 | Number 0B1",
    );
    check(
        "1_ 0xg 0b2 1e 1e+",
        "Number 1 | Word _ | Number 0 | Word xg | Number 0 | Word b2 | Number 1 | Word e | Number 1 | Word e | Operator +",
    );
    check("1.5.3 a.5", "Number 1.5 | Number .3 | Word a | Number .5");
    check("1a", "Number 1 | Word a");
}

#[test]
fn operators() {
    check("a=-1", "Word a | Operator = | Operator - | Number 1");
    check(
        "a=+-1",
        "Word a | Operator = | Operator + | Operator - | Number 1",
    );
    check("a@-1", "Word a | Operator @- | Number 1");
    check(
        "a->>b<@c",
        "Word a | Operator ->> | Word b | Operator <@ | Word c",
    );
    check("a*/*c*/b", "Word a | Operator * | Word b");
    check("a=--c\nb", "Word a | Operator = | Word b");
    check("--c", "");
    check("+-+", "Operator + | Operator - | Operator +");
    check("++=", "Operator ++=");
}

#[test]
fn punctuation() {
    check(
        "a::int:=b:c.d[1];",
        "Word a | Cast :: | Word int | Assign := | Word b | Colon : | Word c | Dot . | Word d | LeftBracket [ | Number 1 | RightBracket ] | Semicolon ;",
    );
    check("(\\\0)", "LeftParen ( | Other \\ | Other \0 | RightParen )");
}

#[test]
fn comments_nest() {
    check("/* a /* b */ c */ 1 -- 2\n3", "Number 1 | Number 3");
    check("/*/**/*/1", "Number 1");
    check("/**/1/***/2/*/*/3", "Number 1 | Number 2");
    let open = tokenize("1/* /* */");
    assert_eq!(open.len(), 2);
    assert!(!open[1].terminated);
}

#[test]
fn backslashes_without_standard_conforming_strings() {
    let off = Options {
        standard_conforming_strings: false,
        ..Options::default()
    };
    check_with(
        off,
        "'\\'' 1 n'\\''",
        "String '\\'' | Number 1 | String n'\\''",
    );
    check("'\\' 1", "String '\\' | Number 1");
}

#[test]
fn variables_of_psql() {
    let psql = Options {
        psql_variables: true,
        ..Options::default()
    };
    check_with(
        psql,
        ":a :'b' :\"c\" :{?d} ::e :=f",
        "Variable :a | Variable :'b' | Variable :\"c\" | Variable :{?d} | Cast :: | Word e | Assign := | Word f",
    );
    check_with(
        psql,
        ":'b c' : d",
        "Colon : | String 'b c' | Colon : | Word d",
    );
    check(":a", "Colon : | Word a");
}
