#!/usr/bin/env bash
# Verifies every badge of a fresh demo with @digitalbazaar/vc: tests/interop/run.sh (Node 20 or newer, npm).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$root"/tests/interop/package.json "$root"/tests/interop/package-lock.json "$root"/tests/interop/verify.mjs "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund)
JALON_DATA="$work/var" JALON_BASE_URL=http://localhost:8000 "$root/.venv/bin/jalon" demo --export "$work/badges"
"$root/.venv/bin/python" "$root/tests/interop/contexts.py" > "$work/contexts.json"
cd "$work" && node verify.mjs badges contexts.json
