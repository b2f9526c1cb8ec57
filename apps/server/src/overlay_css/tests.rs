#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
use super::*;

fn complaints(css: &str) -> Vec<String> {
    let errors = check("css", css).err().unwrap_or_default();
    assert!(errors.iter().all(|error| error.field == "css"));
    errors.into_iter().map(|error| error.reason).collect()
}

#[test]
fn a_sheet_that_only_looks_is_let_through() {
    for css in [
        "",
        "/* nothing */",
        ".goal { color: #fff; background: linear-gradient(red, rgb(0 0 0 / 50%)) }",
        ":root { --accent: hsl(20deg 80% 50%); scroll-behavior: smooth }",
        "@media (prefers-reduced-motion: reduce) { .bar { transition: none !important } }",
        "@keyframes glow { 0% { opacity: 0 } 100% { opacity: 1 } }",
        "@supports (display: grid) { @layer own { .a > .b:not(.c) { display: grid } } }",
        ".goal::after { content: \"url(http://x) @import '}' \\\"\" }",
        ".goal { background: url(data:image/png;base64,iVBORw0KGgo=) }",
        ".goal { background: URL( \"DATA:image/webp,x\" ) }",
        ".a { background: image-set(\"data:image/avif;base64,AA\" type(\"image/avif\") 2x) }",
        ".behavior:hover { width: calc((1px + 2%) * var(--n)) }",
        "[data-state=\"armed\"] { filter: blur(2px) }",
        ".goal { display: none } .goal::before { content: \"it was free\" }",
    ] {
        assert_eq!(complaints(css), [""; 0], "{css}");
    }
}

#[test]
fn what_loads_calls_or_runs_is_refused() {
    for css in [
        "@import \"http://evil.example/a.css\";",
        "@import url(data:text/css,a)",
        "@IMPORT 'x';",
        "@\\69mport 'x';",
        "a { b: c } @imp\\000006frt 'x';",
        "@font-face { font-family: x }",
        "@namespace svg \"http://www.w3.org/2000/svg\";",
        "@charset \"utf-7\";",
        "@document url(x) {}",
        ".a { background: url(http://evil.example/p.png) }",
        ".a { background: url( 'p.png' ) }",
        ".a { background: url(//evil.example) }",
        ".a { background: url() }",
        ".a { background: \\75rl(http://evil.example) }",
        ".a { background: \\000075\\52 L(\"p.png\") }",
        ".a { background: u/**/rl(x); background: url(p.png) }",
        ".a { --later: url(p.png) }",
        ".a { background: url(data:image/svg+xml,x) }",
        ".a { background: url(data:image/pngx,x) }",
        ".a { background: url(data:text/html,x) }",
        ".a { background: url(\" data:image/png,x\") }",
        ".a { background: url(\"data:image/png,x\" var(--x)) }",
        ".a { background: src(\"p.png\") }",
        ".a { background: src(var(--address)) }",
        ".a { background: image(\"p.png\") }",
        ".a { background: image-set(\"p.png\" 1x, \"data:image/png,x\" 2x) }",
        ".a { background: image-set(var(--address) 1x) }",
        ".a { background: -webkit-image-set(url(p.png) 1x) }",
        ".a { background: IMAGE-SET((\"p.png\") 1x) }",
        ".a { filter: url(#shadow) }",
        ".a { cursor: url(c.cur), auto }",
        ".a { behavior: none }",
        ".a { BEHAVIOR /**/ : none }",
        ".a { -moz-binding: none }",
        ".a { -moz-bindin\\67 : none }",
        ".a { width: expression(1) }",
        ".a { width: exp\\72 ession(alert(1)) }",
        ".a { filter: progid:DXImageTransform.Microsoft.AlphaImageLoader(src='x') }",
        "@media print { @supports (a: b) { .a { background: url(x) } } }",
        ".a:not([b=url(x)]) {}",
    ] {
        assert!(!complaints(css).is_empty(), "{css}");
    }
}

#[test]
fn what_a_browser_might_read_differently_is_refused() {
    for css in [
        ".a {",
        ".a { b: (c }",
        ".a { b: [c ] ",
        ".a { content: \"x",
        ".a { content: \"x\ny\" }",
        ".a { content: \"x\\",
        "/* for ever",
        ".a {} /* for ever *",
        ".a { background: url(data:image/png,x",
        ".a { background: url(data:image/png,\"x\") }",
        ".a { b: c } }",
        ".a { b: c) }",
        ".a { b: c\0 }",
        "}",
    ] {
        assert!(!complaints(css).is_empty(), "{css}");
    }
    assert_eq!(complaints(&"(".repeat(CUSTOM_CSS_BYTES_MAX)).len(), 1);
    assert_eq!(complaints(&")".repeat(CUSTOM_CSS_BYTES_MAX)).len(), MISTAKES_MAX);
}

#[test]
fn a_complaint_tells_the_line() {
    let css = ".a { b: c }\n@import 'x';\n\n.d {\n  behavior: e;\n  width: url(f);\n";
    assert_eq!(
        complaints(css),
        [
            "line 2: @import is not allowed".to_owned(),
            "line 4: something is not closed".to_owned(),
            "line 5: behavior is not allowed".to_owned(),
            format!("line 6: {}", words::ONLY_PICTURES),
        ]
    );
    assert_eq!(complaints("\n\0"), ["line 2: must not contain NUL characters"]);
}

#[test]
fn a_sheet_may_have_64_kibibytes() {
    let comment = |bytes: usize| format!("/*{}*/", "é".repeat((bytes - 4) / 2));
    assert_eq!(complaints(&comment(CUSTOM_CSS_BYTES_MAX)), [""; 0]);
    assert_eq!(complaints(&comment(CUSTOM_CSS_BYTES_MAX + 2)), ["must have at most 65536 bytes"]);
}
