/* The compact statement of a printed code: as verify/statement.py. Its specification is docs/offline-code.md. */

import { Malformed, decode } from "./cbor.js";
import * as cose from "./cose.js";

export class Newer extends Error {}

const MAX_BYTES = 1024;
const MAX_DIGITS = 2500;
const MOST_WRITTEN = 8192;
const MAX_TEXT = 255;
const MAX_NUMBER = 2 ** 32 - 1;
const MAX_MOMENT = 253402300799;
const MEMBERS = 13;
const OPTIONAL = new Set([7, 10]);
const WRITTEN = /^(?:(?:https?:\/\/[!-"$-~]+)?#)?([0-9]{60,})$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const SITE = new RegExp("^https?://(" + LABEL + "(?:\\." + LABEL + ")*)(?::([1-9][0-9]{0,4}))?$");
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;
const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const utf8 = new TextEncoder();

/* The bytes of the message in what was read or typed; null where it is nothing of the kind, false where it was meant to
   be one and is not. */
export function carried(text) {
  const found = text.length <= MOST_WRITTEN ? WRITTEN.exec(text.trim()) : null;
  if (!found) return null;
  const digits = found[1];
  if (digits.length > MAX_DIGITS || digits[0] === "0") return false;
  let hex = BigInt(digits).toString(16);
  if (hex.length % 2) hex = "0" + hex;
  const bytes = new Uint8Array(hex.length / 2);
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = parseInt(hex.substr(place * 2, 2), 16);
  return cose.isMessage(bytes) ? bytes : false;
}

/* The signed message and what it says; throws Malformed or Newer. */
export function read(bytes) {
  if (bytes.length > MAX_BYTES) throw new Malformed("longer than any code");
  const message = cose.read(bytes);
  const named = message.headers.get(cose.KEY_ID);
  if (message.unprotected.size || message.headers.size !== 2 || !message.headers.has(cose.ALGORITHM)) {
    throw new Malformed("other headers than the algorithm and the name of the key");
  }
  if (!(named instanceof Uint8Array) || !KEY_NAME.test(String.fromCharCode(...named))) throw new Malformed("key");
  return { message, kid: String.fromCharCode(...named), said: members(decode(message.payload)) };
}

function members(map) {
  if (!(map instanceof Map)) throw new Malformed("no members");
  const version = map.get(0);
  if (version !== 1) {
    if (isNumber(version) && version > 1) throw new Newer();
    throw new Malformed("version");
  }
  for (const label of map.keys()) {
    if (typeof label !== "number" || label < 0 || label >= MEMBERS) throw new Malformed("a member too many");
  }
  for (let label = 0; label < MEMBERS; label += 1) {
    if (!map.has(label) && !OPTIONAL.has(label)) throw new Malformed("a member is missing");
  }
  const [issuerSlug, issuerName] = parts(map.get(2), "string", "string");
  const [referentiel, number, badge] = parts(map.get(5), "string", "number", "string");
  const [revocations, suspensions, index] = parts(map.get(11), "number", "number", "number");
  for (const slug of [issuerSlug, referentiel, badge]) if (!SLUG.test(slug)) throw new Malformed("slug");
  const [site, host] = siteOf(map.get(1));
  bytesOf(map.get(3), 16);
  bytesOf(map.get(4), 32);
  return {
    site,
    issuer: "did:web:" + host + ":o:" + issuerSlug,
    issuerName: textOf(issuerName),
    achievement: site + "/r/" + referentiel + "/" + number + "#badge-" + badge,
    name: textOf(map.get(6)),
    level: map.has(7) ? levelOf(map.get(7)) : null,
    holder: holderOf(map.get(8)),
    validFrom: momentOf(map.get(9)),
    validUntil: map.has(10) ? momentOf(map.get(10)) : null,
    revocations,
    suspensions,
    index,
    signedAt: momentOf(map.get(12)),
  };
}

function siteOf(value) {
  const found = typeof value === "string" && value.length <= 255 ? SITE.exec(value) : null;
  if (!found) throw new Malformed("site");
  const [, host, port] = found;
  const last = host.split(".").pop();
  /* What ends in a number is an IP address to somebody. */
  if (host.length > 253 || /^[0-9]+$/.test(last) || last.startsWith("0x")) throw new Malformed("site");
  if (port && Number(port) > 65535) throw new Malformed("site");
  return [value, port ? host + "%3A" + port : host];
}

function parts(value, ...kinds) {
  if (!Array.isArray(value) || value.length !== kinds.length) throw new Malformed("not so many parts");
  value.forEach((part, place) => {
    const right = kinds[place] === "number" ? isNumber(part) : typeof part === kinds[place];
    if (!right) throw new Malformed("a part of another kind");
  });
  return value;
}

function isNumber(value) {
  return typeof value === "number" && value >= 0 && value <= MAX_NUMBER;
}

function textOf(value, least = 1) {
  const length = typeof value === "string" ? utf8.encode(value).length : -1;
  if (length < least || length > MAX_TEXT || CONTROL.test(value)) throw new Malformed("a text");
  return value;
}

function bytesOf(value, length) {
  if (!(value instanceof Uint8Array) || value.length !== length) throw new Malformed("bytes");
  return value;
}

function momentOf(value) {
  if (typeof value !== "number" || value < 0 || value > MAX_MOMENT) throw new Malformed("a moment");
  return value * 1000;
}

function levelOf(value) {
  if (Array.isArray(value) && value.length === 4) {
    const [count, lowest, highest, top] = parts(value, "number", "number", "number", "number");
    return { count, lowest, highest, top };
  }
  const [number, highest, name] = parts(value, "number", "number", "string");
  return { number, highest, name: textOf(name, 0) };
}

function holderOf(value) {
  if (!Array.isArray(value)) return { name: textOf(value) };
  if (value.length !== 2) throw new Malformed("holder");
  return { salt: textOf(value[0]), hash: bytesOf(value[1], 32) };
}
