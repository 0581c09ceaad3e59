#!/usr/bin/env bash
# We and two other implementations read each other's badges: tests/interop/run.sh (Node 20 or newer, npm).
# One line for each peer, form and direction; exit status 1 where anybody disagrees on any badge.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/interop
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONPATH=$root
python=$root/.venv/bin/python
cp "$here"/package.json "$here"/package-lock.json "$here"/peer.mjs "$work"
(cd "$work" && npm ci --silent --no-audit --no-fund)
JALON_DATA="$work/var" JALON_BASE_URL=http://localhost:8000 "$python" -m badges.cli demo --export "$work/badges"
"$python" "$here/ours.py" "$work/badges" "$work/badges-of-ours"
wrong=0
node "$work/peer.mjs" verify "$work/badges-of-ours" || wrong=1
node "$work/peer.mjs" issue "$work/badges-of-ours"
"$python" "$here/theirs.py" "$work/badges-of-ours" || wrong=1
node "$work/peer.mjs" verify "$work/badges-of-ours" derived || wrong=1
"$python" "$here/python_peer.py" "$work/badges" "$work/badges-of-ours" || wrong=1
"$python" "$here/cose_ours.py" write "$work"
python3 -m venv "$work/cwt"  # of its own: cwt needs an older cbor2 than we use
"$work/cwt/bin/pip" install --quiet --disable-pip-version-check cwt==3.3.0
"$work/cwt/bin/python" "$here/cose_peer.py" "$work" || wrong=1
"$python" "$here/cose_ours.py" read "$work" || wrong=1
exit $wrong
