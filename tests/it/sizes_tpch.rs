use crate::sizes_live::{Case, built};
use crate::support::collect;
const CASES: &[Case] = &[
    Case("public.lineitem", "l_partkey", "", ""),
    Case("public.lineitem", "l_shipdate", "", ""),
    Case("public.lineitem", "l_suppkey, l_partkey", "", ""),
    Case(
        "public.lineitem",
        "l_receiptdate",
        "",
        "l_shipmode IN ('MAIL','SHIP')",
    ),
    Case("public.orders", "o_custkey", "", ""),
    Case(
        "public.lineitem",
        "l_partkey",
        "l_quantity, l_extendedprice",
        "",
    ),
    Case(
        "public.lineitem",
        "l_partkey, l_quantity, l_extendedprice",
        "",
        "",
    ),
    Case("public.orders", "o_orderdate, o_custkey", "", ""),
    Case("public.lineitem", "l_shipmode, l_receiptdate", "", ""),
    Case("public.lineitem", "l_shipmode", "", ""),
    Case("public.customer", "c_mktsegment", "", ""),
    Case("public.lineitem", "l_orderkey", "", ""),
    Case("public.lineitem", "l_extendedprice", "", ""),
    Case("public.lineitem", "l_orderkey, l_suppkey", "", ""),
    Case("public.lineitem", "l_comment", "", ""),
    Case(
        "public.lineitem",
        "l_returnflag, l_linestatus, l_shipdate",
        "",
        "",
    ),
    Case(
        "public.lineitem",
        "l_shipdate, l_discount, l_quantity",
        "",
        "",
    ),
    Case("public.orders", "o_clerk", "", ""),
    Case("public.orders", "o_orderpriority, o_orderdate", "", ""),
    Case("public.orders", "o_comment", "", ""),
    Case("public.customer", "c_name", "", ""),
    Case("public.customer", "c_phone", "", ""),
    Case("public.customer", "c_nationkey", "", ""),
    Case("public.part", "p_brand, p_type, p_size", "", ""),
    Case("public.part", "p_name", "", ""),
    Case("public.partsupp", "ps_suppkey", "", ""),
    Case("public.partsupp", "ps_suppkey", "ps_supplycost", ""),
    Case("public.supplier", "s_nationkey", "", ""),
    Case("public.nation", "n_name", "", ""),
];
#[tokio::test]
async fn tpch() {
    let host = std::env::var("TPCH_HOST").unwrap();
    let port = std::env::var("TPCH_PORT").unwrap();
    let conninfo = format!("host={host} port={port} user=postgres dbname=tpch");
    let store = collect(&conninfo).await;
    let (client, connection) = tokio_postgres::connect(&conninfo, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
        .batch_execute("SET maintenance_work_mem='512MB'")
        .await
        .unwrap();
    for case in CASES {
        eprintln!("{}", built(&store, &client, case).await.line());
    }
}
