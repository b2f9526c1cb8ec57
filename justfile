# `just` lists the recipes. Each is one command that also works without just.

export PATH := justfile_directory() / "target/tools/bin:" + env("PATH")

[private]
default:
    @just --list --unsorted

# every test, with a PostgreSQL and a Redis of their own; arguments select, as in `just test refund`
test *arguments:
    scripts/test {{ arguments }}

# the fast look while editing: does it compile?
check:
    cargo check --workspace --all-targets --all-features

# formats everything
fmt:
    cargo fmt --all

# warnings are errors; the server also without its sandbox
clippy:
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    cargo clippy --package gamification-server --no-default-features -- -D warnings

# the dependency rule, on what cargo would link
boundaries:
    scripts/boundaries

# the dependency rule, licences and sources, on what the manifests name
deny:
    scripts/install-tools
    cargo deny --locked check bans licenses sources

# writes docs/openapi.yaml anew; a test fails while it is stale
openapi:
    cargo run --package gamification-server -- openapi > target/openapi.yaml
    mv target/openapi.yaml docs/openapi.yaml

# the Foundry module: lint, types and tests; or one of check, test, test-server
module *part:
    scripts/foundry-module {{ part }}

# the pages: lint, types and tests; or one of check, test, browser
pages *part:
    scripts/pages {{ part }}

# the whole loop without any account
demo *arguments:
    cargo run --release --package gamification-server -- demo {{ arguments }}

# the documentation of our crates; a broken link is an error
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# what CI runs
ci:
    .ci/run
