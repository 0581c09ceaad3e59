/* COSE_Sign1: as verify/standards/cose.py. The algorithm has to be that of the key; no key is taken from a message.
   Source: RFC 9052, sections 2, 3, 4.2 and 4.4; RFC 9053, sections 2.1 and 2.2. */

import { Malformed, decode, head } from "./cbor.js";

export const ALGORITHM = 1;
export const CRITICAL = 2;
export const CONTENT_TYPE = 3;
export const KEY_ID = 4;
export const EDDSA = -8;
export const ES256 = -7;

const KINDS = {
  [EDDSA]: { name: "Ed25519", imported: { name: "Ed25519" }, verified: { name: "Ed25519" } },
  [ES256]: {
    name: "P-256",
    imported: { name: "ECDSA", namedCurve: "P-256" },
    verified: { name: "ECDSA", hash: "SHA-256" },
  },
};

export function isMessage(bytes) {
  return bytes.length > 1 && bytes[0] === 0xd2 && bytes[1] === 0x84;
}

export function read(bytes) {
  const message = decode(bytes);
  const parts = message && message.tag === 18 ? message.value : null;
  if (!Array.isArray(parts) || parts.length !== 4) throw new Malformed("not a tagged COSE_Sign1");
  const [written, unprotected, payload, signature] = parts;
  const bytesAll = [written, payload, signature].every((part) => part instanceof Uint8Array);
  if (!bytesAll || !(unprotected instanceof Map)) throw new Malformed("a part of another kind");
  const headers = written.length ? decode(written) : new Map();
  if (!(headers instanceof Map)) throw new Malformed("headers");
  for (const label of headers.keys()) if (unprotected.has(label)) throw new Malformed("headers");
  return { written, headers, unprotected, payload, signature };
}

/* Whether this browser can check what our statements are signed with. */
export async function isAble() {
  try {
    await importKey(EDDSA, new Uint8Array(32).fill(0).map((_, place) => BASE_POINT[place]));
    return typeof BigInt === "function";
  } catch (error) {
    return false;
  }
}

/* null where the signature is the key's, otherwise [outcome, reason]. */
export async function verify(message, key) {
  const algorithm = message.headers.get(ALGORITHM);
  if ((algorithm !== EDDSA && algorithm !== ES256) || message.headers.has(CRITICAL)) {
    return ["not_checked", "algorithm_unsupported"];
  }
  if (!KINDS[key.algorithm]) return ["not_checked", "key_unsupported"];
  if (key.algorithm !== algorithm) return ["failed", "key_mismatch"];
  const signed = toSign(message);
  const imported = await importKey(key.algorithm, key.public);
  const good = await crypto.subtle.verify(KINDS[algorithm].verified, imported, message.signature, signed);
  return good ? null : ["failed", "signature_wrong"];
}

function importKey(algorithm, bare) {
  const point = algorithm === ES256 ? Uint8Array.of(4, ...bare) : bare;
  return crypto.subtle.importKey("raw", point, KINDS[algorithm].imported, false, ["verify"]);
}

function toSign(message) {
  const context = new TextEncoder().encode("Signature1");
  const headers = message.headers.size ? message.written : new Uint8Array();
  return Uint8Array.from([
    ...head(4, 4),
    ...head(3, context.length),
    ...context,
    ...head(2, headers.length),
    ...headers,
    ...head(2, 0),
    ...head(2, message.payload.length),
    ...message.payload,
  ]);
}

/* The base point of Ed25519, a key as good as any to ask with. Source: RFC 8032, section 5.1. */
const BASE_POINT = [0x58, ...new Array(31).fill(0x66)];
