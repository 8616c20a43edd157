#!/usr/bin/env bash
# Writes the findings into one comment of the pull request: the one of the run before, if there is.
set -euo pipefail

comment="$RUNNER_TEMP/pgtriage-comment.md"
mark="$(head -n 1 "$comment")"
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
before="$(MARK="$mark" gh api --paginate "$comments" \
  --jq '.[] | select(.body | startswith(env.MARK)) | .id' | sed -n 1p)"

if [ -n "$before" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$before" -F "body=@$comment"
elif grep -q '^<details><summary><b>' "$comment"; then
  gh api --silent --method POST "$comments" -F "body=@$comment"
else
  echo "nothing was found, and there is no comment to write anew"
fi
