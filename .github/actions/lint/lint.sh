#!/usr/bin/env bash
# Lints: annotations into the log, a comment and SARIF into files, the exit code into the outputs.
set -euo pipefail

args=()
add_lines() {
  while IFS= read -r line; do
    if [ -n "$line" ]; then args+=("$line"); fi
  done <<< "$1"
}
add_lines "${LINT_PATHS:-}"
add_lines "${LINT_ARGS:-}"
if [ -n "${LINT_FAIL_ON:-}" ]; then args+=(--fail-on "$LINT_FAIL_ON"); fi

# On a pull request: what changed since its branch left the other one. A checkout holds one commit
# by default, so history is fetched where it is missing.
if [ -n "${GITHUB_BASE_REF:-}" ] && [ "${LINT_ALL:-false}" != true ]; then
  base="origin/$GITHUB_BASE_REF"
  if ! git merge-base "$base" HEAD > /dev/null 2>&1; then
    deepen=()
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then deepen=(--unshallow); fi
    git fetch --quiet --no-tags ${deepen[@]+"${deepen[@]}"} origin \
      "+refs/heads/$GITHUB_BASE_REF:refs/remotes/$base"
  fi
  args+=(--changed-since "$base")
fi

comment="$RUNNER_TEMP/pgtriage-comment.md"
status=0
"$PGTRIAGE" lint ${args[@]+"${args[@]}"} --format github || status=$?
# Findings are 0 or 1; anything else is a failure of the run, which has told why.
if [ "$status" -gt 1 ]; then
  echo "status=$status" >> "$GITHUB_OUTPUT"
  exit "$status"
fi
"$PGTRIAGE" lint ${args[@]+"${args[@]}"} --quiet --format markdown --output "$comment" || [ $? -eq 1 ]
cat "$comment" >> "$GITHUB_STEP_SUMMARY"
if [ -n "${LINT_SARIF:-}" ]; then
  "$PGTRIAGE" lint ${args[@]+"${args[@]}"} --quiet --format sarif --output "$LINT_SARIF" || [ $? -eq 1 ]
fi
echo "status=$status" >> "$GITHUB_OUTPUT"
