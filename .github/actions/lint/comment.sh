#!/usr/bin/env bash
# Writes the findings into one comment of the pull request: the one of the run before, if there is.
# A comment that can't be written is a warning: the findings stand in the summary of the job too.
set -euo pipefail

issues="${GITHUB_API_URL:-https://api.github.com}/repos/$GITHUB_REPOSITORY/issues"
found="$RUNNER_TEMP/pgtriage-comment.md"
body="$RUNNER_TEMP/pgtriage-comment.json"
answer="$RUNNER_TEMP/pgtriage-answer.json"

# What is linted in several places has a comment for each.
place="$(printf '%s\n' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "${LINT_DIRECTORY:-}" "${LINT_PATHS:-}" \
  | git hash-object --stdin)"
mark="<!-- pgtriage lint $place -->"
{ echo "$mark"; tail -n +2 "$found"; } | jq -Rs '{body: .}' > "$body"

# The token stands in no list of arguments, which others on the machine could read.
ask() {
  local status
  status="$(curl --silent --show-error --output "$answer" --write-out '%{http_code}' \
    --header @<(printf 'Authorization: Bearer %s\n' "$TOKEN") \
    --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' "$@")" \
    || { echo "::warning::pgtriage: no comment is written: $issues can't be reached"; exit 0; }
  if [ "${status:0:1}" != 2 ]; then
    echo "::warning::pgtriage: no comment is written: the answer is $status" \
      "$(jq -r '.message? // ""' "$answer" 2> /dev/null || true)"
    exit 0
  fi
}

before=
page=1
while [ -z "$before" ]; do
  ask "$issues/$PULL_REQUEST/comments?per_page=100&page=$page"
  before="$(jq -r --arg mark "$mark" \
    'first(.[] | select((.body // "") | startswith($mark)) | .id) // empty' "$answer")"
  if [ "$(jq length "$answer")" -lt 100 ]; then break; fi
  page=$((page + 1))
done

if [ -n "$before" ]; then
  ask --request PATCH --data-binary "@$body" "$issues/comments/$before"
elif grep -q '^<details><summary><b>' "$found"; then
  ask --request POST --data-binary "@$body" "$issues/$PULL_REQUEST/comments"
else
  echo "nothing was found, and there is no comment to write anew"
fi
