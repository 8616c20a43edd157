#!/usr/bin/env bash
# Names the source that this action is part of by its content, so that its build can be cached.
set -euo pipefail

cd "$GITHUB_ACTION_PATH/../../.."
name="$(find Cargo.lock Cargo.toml src rules fixtures -type f -print0 | sort -z | xargs -0 cat | git hash-object --stdin)"
echo "name=$name" >> "$GITHUB_OUTPUT"
