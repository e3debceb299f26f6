#!/usr/bin/env bash
# Builds the wheel, installs it in a clean place with hash-locked dependencies only, and asks it one question.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
.venv/bin/python -m build --wheel --no-isolation --outdir "$place/dist" . > "$place/build.log" 2>&1 || { cat "$place/build.log"; exit 1; }
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$place"/dist/*.whl
cd "$place"
answer=$("$place/venv/bin/brightline" answer --profile us/mn --on 2026-01-16 --action hold_beyond_release \
  --fact instrument=i247a_detainer --fact requester=ice_ero --fact agency_type=sheriff_office --fact actor_role=jail_staff \
  --fact custody_state=jail --fact release_due=true --json)
grep -q '"modality": "prohibited"' <<< "$answer" || { echo "the installed wheel answered: $answer"; exit 1; }
"$place/venv/bin/brightline" replay --profile us/mn --on 2026-01-16 | grep -q '2,092 detainers'
"$place/venv/bin/brightline" law show us/tx --on 2026-01-16 > /dev/null
echo "the wheel works in a clean place"
