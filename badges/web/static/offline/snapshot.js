/* The snapshot: whose keys are known, who recognises whom, what was withdrawn, and for which moment all of it is so.
   As issuer/snapshot.py writes it; nothing in it counts before its signature is that of the key that was pinned. */

import { Malformed, decode } from "./cbor.js";
import * as cose from "./cose.js";

const CONTENT_TYPE = "application/vnd.jalon.snapshot";
const DAY = 24 * 3600 * 1000;
const RECORD = 20;

/* The snapshot in the bytes, where the pinned key (hexadecimal) signed it; throws Malformed where not. */
export async function read(bytes, pinned) {
  const message = cose.read(bytes);
  if (message.headers.get(cose.CONTENT_TYPE) !== CONTENT_TYPE || message.unprotected.size) throw new Malformed("kind");
  const stop = await cose.verify(message, { algorithm: cose.EDDSA, public: fromHex(pinned) });
  if (stop) throw new Malformed(stop[1]);
  const map = decode(message.payload);
  if (!(map instanceof Map) || map.get(0) !== 1 || map.size !== 7) throw new Malformed("another version");
  const issuers = map.get(3).map(([did, name, keys]) => ({ did, name, keys: new Map(keys.map(keyOf)) }));
  return {
    site: map.get(1),
    asOf: map.get(2) * 1000,
    issuers: new Map(issuers.map((issuer) => [issuer.did, issuer])),
    recognitions: map.get(4).map(([issuer, by, referentiel, from, until]) => ({
      issuer: issuers[issuer].did,
      by,
      referentiel,
      from: from * DAY,
      until: until === undefined ? Infinity : (until + 1) * DAY - 1,
    })),
    lists: new Map(
      map.get(5).map(([issuer, number, purpose, entries, gaps]) => [
        number,
        { issuer: issuers[issuer].did, purpose: purpose ? "suspension" : "revocation", entries, set: fromGaps(gaps) },
      ]),
    ),
    witnessed: witnessesOf(map.get(6)),
  };
}

function keyOf([kid, algorithm, bare, revoked]) {
  return [kid, { algorithm, public: bare, revoked: revoked === undefined ? Infinity : revoked * 1000 }];
}

function fromGaps(gaps) {
  const set = new Set();
  let index = -1;
  let gap = 0;
  let scale = 1;
  for (const byte of gaps) {
    gap += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte & 0x80) continue;
    index += gap + 1;
    set.add(index);
    gap = 0;
    scale = 1;
  }
  return set;
}

function witnessesOf(bytes) {
  const found = new Map();
  for (let place = 0; place + RECORD <= bytes.length; place += RECORD) {
    const at = new DataView(bytes.buffer, bytes.byteOffset + place + 16, 4).getUint32(0);
    found.set(toHex(bytes.slice(place, place + 16)), at * 1000);
  }
  return found;
}

export async function witnessedAt(snapshot, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return snapshot.witnessed.get(toHex(digest.slice(0, 16)));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}
