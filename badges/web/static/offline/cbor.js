/* CBOR in its one deterministic form, and of it only what our formats are made of: as verify/standards/cbor.py.
   Arrays are arrays, maps are Maps, byte strings Uint8Arrays, tags {tag, value}. Source: RFC 8949, section 4.2.1. */

export class Malformed extends Error {}

const MAX_DEPTH = 8;
const MAX_VALUES = 100000;
const WIDTHS = { 24: 1, 25: 2, 26: 4, 27: 8 };
const LEAST = { 1: 24, 2: 0x100, 4: 0x10000, 8: 0x100000000 };

export function decode(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.place !== bytes.length) throw new Malformed("bytes behind the end");
  return value;
}

/* The head of an array or a string: what a Sig_structure is put together from. */
export function head(major, argument) {
  if (argument < 24) return [(major << 5) | argument];
  if (argument < 0x100) return [(major << 5) | 24, argument];
  if (argument < 0x10000) return [(major << 5) | 25, argument >> 8, argument & 0xff];
  return [(major << 5) | 26, (argument >>> 24) & 0xff, (argument >>> 16) & 0xff, (argument >>> 8) & 0xff, argument & 0xff];
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.place = 0;
    this.left = MAX_VALUES;
    /* Without ignoreBOM the first character of a text might vanish. */
    this.utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  }

  value(depth) {
    this.left -= 1;
    if (depth > MAX_DEPTH || this.left < 0) throw new Malformed("nested too deeply, or too many values");
    const [major, argument] = this.head();
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return this.take(argument);
    if (major === 3) return this.text(argument);
    if (major === 4) {
      const items = [];
      for (let left = this.count(argument); left > 0; left -= 1) items.push(this.value(depth + 1));
      return items;
    }
    if (major === 5) return this.map(this.count(argument), depth);
    if (major === 6) return { tag: argument, value: this.value(depth + 1) };
    throw new Malformed("a float, a truth value or nothing");
  }

  head() {
    const first = this.take(1)[0];
    const argument = first & 0x1f;
    if (argument < 24) return [first >> 5, argument];
    const width = WIDTHS[argument];
    if (!width) throw new Malformed("a length left open, or a form that is not known");
    let wide = 0;
    for (const byte of this.take(width)) wide = wide * 256 + byte;
    if (!Number.isSafeInteger(wide) || wide < LEAST[width]) throw new Malformed("a number in another form");
    return [first >> 5, wide];
  }

  take(length) {
    if (length > this.bytes.length - this.place) throw new Malformed("cut short");
    this.place += length;
    return this.bytes.slice(this.place - length, this.place);
  }

  text(length) {
    try {
      return this.utf8.decode(this.take(length));
    } catch (error) {
      throw new Malformed("not UTF-8");
    }
  }

  count(count) {
    if (count > this.bytes.length - this.place) throw new Malformed("more values than bytes");
    return count;
  }

  map(count, depth) {
    const found = new Map();
    let before = new Uint8Array();
    for (let left = count; left > 0; left -= 1) {
      const start = this.place;
      const key = this.value(depth + 1);
      const written = this.bytes.slice(start, this.place);
      const kind = typeof key;
      if ((kind !== "number" && kind !== "string") || !isBefore(before, written)) throw new Malformed("a key");
      before = written;
      found.set(key, this.value(depth + 1));
    }
    return found;
  }
}

function isBefore(first, second) {
  const length = Math.min(first.length, second.length);
  for (let place = 0; place < length; place += 1) {
    if (first[place] !== second[place]) return first[place] < second[place];
  }
  return first.length < second.length;
}
