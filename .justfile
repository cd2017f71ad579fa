# The commands of this repository; the workflow runs the same ones.

# needs nothing but cargo
ci: fmt-check lint test doc

# what the workflow runs in addition: needs cargo-insta, cargo-deny and typos
ci-full: ci snapshots deny spelling

fmt-check:
    cargo fmt --all -- --check

lint:
    cargo clippy --all-targets --all-features --locked -- -D warnings

test:
    INSTA_UPDATE=no cargo test --all-features --locked

doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked

# fails on a snapshot that no test asks for any more
snapshots:
    cargo insta test --all-features --unreferenced=reject

# licences, advisories, sources
deny:
    cargo deny check

spelling:
    typos

# writes the tables in README.md that follow from the code
tables:
    UPDATE_README=1 cargo test --locked --test readme

demo:
    cargo run --release --locked -- --demo
