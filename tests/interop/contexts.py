"""Prints the pinned JSON-LD contexts as one JSON object, address → document, for somebody else's verifier."""

import json
import sys

from verify.standards.documents import shipped_contexts

json.dump(dict(shipped_contexts().documents()), sys.stdout)
