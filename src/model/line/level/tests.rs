use proptest::prelude::*;

use super::level_of;
use crate::model::Level::{self, Debug, Error, Info, Warn};

/// Lines as loggers write them.
const LEVELS: &[(&str, Level)] = &[
    // Words in capitals.
    ("ERROR lock timeout", Error),
    ("2026-03-02 14:02:11 ERROR lock timeout", Error),
    (
        "2026-03-02T14:02:11.123456Z  WARN shop::cart: slow query",
        Warn,
    ),
    (
        "[2026-03-02T14:02:11Z DEBUG hyper::proto] flushed 90 bytes",
        Debug,
    ),
    (
        "2026-03-02 14:02:11.123  INFO 1 --- [main] c.example.App : Started",
        Info,
    ),
    (
        "14:02:11.123 [http-nio-8080-exec-1] ERROR c.e.Cart - boom",
        Error,
    ),
    ("SEVERE: Error deploying web application", Error),
    ("ERROR:root:no such table", Error),
    ("INFO:     10.0.0.1:4711 - \"GET / HTTP/1.1\" 200 OK", Info),
    ("2026-03-02 14:02:11,123 - shop.cart - WARNING - slow", Warn),
    (
        "[2026-03-02 14:02:11 +0000] [7] [INFO] Booting worker",
        Info,
    ),
    (
        "[2026-03-02 14:02:11,123: ERROR/MainProcess] Task raised",
        Error,
    ),
    (
        "E, [2026-03-02T14:02:11.123456 #42] ERROR -- : no route",
        Error,
    ),
    (
        "[2026-03-02T14:02:11.123456+00:00] app.CRITICAL: Uncaught [] []",
        Error,
    ),
    (
        "2026-03-02 14:02:11 UTC [42] LOG:  checkpoint starting",
        Info,
    ),
    (
        "2026-03-02 14:02:11 UTC [42] FATAL:  too many connections",
        Error,
    ),
    (
        "2026-03-02 14:02:11.123 UTC [42] shop@shop ERROR:  deadlock detected",
        Error,
    ),
    ("[ERROR] plugin/errors: 2 example.com. A: timeout", Error),
    ("npm ERR! code ELIFECYCLE", Error),
    ("npm WARN deprecated left-pad@1.0.0", Warn),
    ("[14:02:11 INF] Now listening on http://[::]:8080", Info),
    ("[14:02:11 FTL] Host terminated", Error),
    ("=ERROR REPORT==== 2-Mar-2026::14:02:11 ===", Error),
    (
        "1:M 02 Mar 2026 14:02:11.123 # WARNING overcommit_memory is set to 0",
        Warn,
    ),
    ("[14:02:11.123] INFO (42): listening", Info),
    // Small letters where the place says it.
    ("2026/03/02 14:02:11 [error] 31#31: *1 open() failed", Error),
    (
        "[Mon Mar 02 14:02:11 2026] [core:error] [pid 42] AH00135",
        Error,
    ),
    (
        "[2026-03-02 14:02:11.123][1][warning][main] deprecated",
        Warn,
    ),
    ("14:02:11.123 [debug] QUERY OK source=\"carts\"", Debug),
    (
        "2026-03-02T14:02:11Z 0 [Warning] [MY-010068] CA is self signed",
        Warn,
    ),
    ("2026-03-02T14:02:11.123Z info main.go:12 started", Info),
    ("error: could not compile `shop`", Error),
    ("error[E0382]: borrow of moved value", Error),
    ("warning: unused variable", Warn),
    ("Error: Cannot find module 'x'", Error),
    ("fail: Microsoft.Hosting[0]", Error),
    ("dbug: Microsoft.Hosting[0]", Debug),
    ("PHP Fatal error:  Uncaught TypeError", Error),
    (
        "[02-Mar-2026 14:02:11 UTC] PHP Warning:  Undefined variable",
        Warn,
    ),
    ("panic: runtime error: index out of range", Error),
    // What is broken.
    ("Traceback (most recent call last):", Error),
    ("ValueError: invalid literal", Error),
    ("java.lang.NullPointerException: Cannot invoke", Error),
    ("Exception in thread \"main\" java.lang.Error", Error),
    ("thread 'main' panicked at src/main.rs:1:5:", Error),
    // Prefixes.
    ("<3>disk failed", Error),
    ("<12>1 2026-03-02T14:02:11Z host app - - - slow", Warn),
    ("<191>details", Debug),
    ("E0302 14:02:11.123456   12 file.go:10] failed", Error),
    ("W0302 14:02:11.123456   12 file.go:10] odd", Warn),
    ("I240302 14:02:11.000000 1 util/log/log.go:1 started", Info),
    ("[W 240302 14:02:11 web:1] 404 GET /", Warn),
    ("[E 14:02:11.123 NotebookApp] failed", Error),
    // Fields.
    ("level=warn msg=slow", Warn),
    (
        "time=\"2026-03-02T14:02:11Z\" level=warning msg=\"an ERROR is near\"",
        Warn,
    ),
    (
        "ts=2026-03-02T14:02:11Z caller=main.go:1 lvl=\"error\" err=x",
        Error,
    ),
    (
        "2026-03-02T14:02:11+00:00 heroku[router]: at=error code=H12",
        Error,
    ),
    ("at=info method=GET path=\"/?level=error\" status=200", Info),
    ("severity=CRITICAL msg=x", Error),
    // JSON.
    (r#"{"level":"info","msg":"paid"}"#, Info),
    (r#"{"level": 50, "msg":"x"}"#, Error),
    (
        r#"{"level":30,"time":1772460131123,"pid":42,"msg":"error 50"}"#,
        Info,
    ),
    (
        r#"{"name":"shop","hostname":"a","pid":1,"level":40,"msg":"slow"}"#,
        Warn,
    ),
    (r#"{"severity":"EMERGENCY","message":"x"}"#, Error),
    (
        r#"{"@timestamp":"x","message":"long \"level\" of it","log.level":"ERROR"}"#,
        Error,
    ),
    (r#"{"ctx":{"level":"error"},"lvl":"debug"}"#, Debug),
    (r#"{"log":{"level":"warn"},"msg":"x"}"#, Warn),
    (
        r#"{"log":"{\"level\":\"error\",\"msg\":\"x\"}\n","stream":"stdout"}"#,
        Error,
    ),
    (
        r#"{"t":{"$date":"x"},"s":"W","c":"NETWORK","msg":"x"}"#,
        Warn,
    ),
    (r#"{"Timestamp":"x","@l":"Warning","@m":"x"}"#, Warn),
    (r#"{"levelname":"WARNING","message":"cut of"#, Warn),
    (
        r#"2026-03-02T14:02:11Z web.1 {"level":"fatal","msg":"x"}"#,
        Error,
    ),
];

/// Lines that say nothing of the kind.
const NONE: &[&str] = &[
    "",
    "GET /error 200",
    "0 errors",
    "0 ERRORS, 0 WARNINGS",
    "errors=0",
    "no error",
    "NO ERROR found",
    "finished with 0 errors and 0 warnings",
    "10.0.0.1 - - [02/Mar/2026:14:02:11 +0000] \"GET /warn?level=error HTTP/1.1\" 200 12",
    "GET /items?level=error&x=1",
    "POST /api/errors 201",
    "error_rate=0.0 warn_count=0",
    "started with --log-level=debug",
    "the info page was moved, see error.html",
    "Error handling is on",
    "I/O scheduler is none",
    "Errors are written to /var/log/ERROR",
    "level 5 reached",
    "level=5 boss=dragon",
    "msg=\"level=error was set\"",
    "informational=yes",
    "<html>",
    "<999>x",
    "E0302",
    "W3C validator",
    "[W] alone",
    "thread 'main' started",
    r#"{"errors":0,"msg":"error"}"#,
    r#"{"player":{"level":50},"msg":"x"}"#,
    r#"{"debug":false,"message":"level: error"}"#,
    r#"{"msg":"level","x":"error"}"#,
    r#"{"level":"#,
    "a sentence of many small words may end in an ERROR",
];

#[test]
fn levels_are_recognised_as_loggers_write_them() {
    for (line, level) in LEVELS {
        assert_eq!(level_of(line), Some(*level), "{line}");
    }
}

#[test]
fn what_only_mentions_a_level_has_none() {
    for line in NONE {
        assert_eq!(level_of(line), None, "{line}");
    }
}

proptest! {
    #[test]
    fn any_line_may_be_asked(
        line in "[<{\\[E]?(\\PC|[{}\"\\\\:=\\[\\] ]|level|\"level\":|error|[0-9]){0,60}",
    ) {
        level_of(&line);
        level_of(&format!("{{\"log\":\"{line}"));
    }
}
