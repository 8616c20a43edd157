#!/usr/bin/env bash
# Builds pgtriage from the source that this action is part of, unless a build was cached.
set -euo pipefail

root="$RUNNER_TEMP/pgtriage"
if [ -x "$root/bin/pgtriage" ]; then
  echo "pgtriage is cached"
else
  cargo install --quiet --locked --root "$root" --path "$GITHUB_ACTION_PATH/../../.."
fi
"$root/bin/pgtriage" --version
