/* The page that verifies printed codes in the browser: keeps the snapshot, reads what was scanned, shows the answer.
   All its words stand in the page itself, in its language; nothing that was read leaves the phone. */

import * as cose from "./cose.js";
import * as snapshots from "./snapshot.js";
import { NAMES, verify } from "./report.js";
import { carried } from "./statement.js";

const STALE = 30 * 24 * 3600 * 1000;
const SNAPSHOTS = "jalon-etat";
const PATIENCE = 6000;

const root = document.querySelector("[data-offline]");
const { pinned, snapshot: address, worker, zone, stored } = root.dataset;
const language = document.documentElement.lang;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const words = (name) => root.querySelector(`template[data-words="${name}"]`).content.textContent.trim();

const day = (moment) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: zone }).format(moment);
const hour = (moment) => new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: zone }).format(moment);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

let known = null;

async function start() {
  if (!window.crypto || !crypto.subtle || !(await cose.isAble())) {
    say("ready", words("unable"));
    return;
  }
  part("tools").hidden = false;
  if ("BarcodeDetector" in window) {
    const kinds = await BarcodeDetector.getSupportedFormats().catch(() => []);
    part("scan").hidden = !kinds.includes("qr_code");
  }
  part("scan").addEventListener("click", scan);
  part("stop").addEventListener("click", () => part("video").srcObject && stop());
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    answer(part("typed").value);
  });
  window.addEventListener("hashchange", read);
  window.addEventListener("online", () => refresh().then(read));
  register();
  await refresh();
  await read();
}

function register() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker
    .register(worker, { scope: "/v", updateViaCache: "none" })
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => ready.active.postMessage({ language: stored }))
    .catch(() => {});
}

/* What the network gives, where the pinned key signed it; else what was kept. */
async function refresh() {
  const fresh = await take(() => fetched());
  if (fresh && (!known || fresh.read.asOf >= known.asOf)) {
    known = fresh.read;
    await keep(fresh.bytes);
  } else if (!known) {
    const kept = await take(() => held());
    if (kept) known = kept.read;
  }
  const text = known ? filled(words("ready"), { date: day(known.asOf), time: hour(known.asOf) }) : words("empty");
  say("ready", text);
}

async function take(source) {
  try {
    const response = await source();
    if (!response || !response.ok) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { bytes, read: await snapshots.read(bytes, pinned) };
  } catch (error) {
    return null;
  }
}

function fetched() {
  const giving = new AbortController();
  setTimeout(() => giving.abort(), PATIENCE);
  return fetch(address, { credentials: "omit", cache: "no-cache", signal: giving.signal });
}

async function held() {
  return "caches" in window ? (await caches.open(SNAPSHOTS)).match(address) : null;
}

async function keep(bytes) {
  if (!("caches" in window)) return;
  const headers = { "Content-Type": "application/cose" };
  await (await caches.open(SNAPSHOTS)).put(address, new Response(bytes, { headers })).catch(() => {});
}

/* What stands behind the # of this page, if it was opened from a card. */
async function read() {
  if (carried(location.hash) !== null) return answer(location.hash);
  if (/^\/v\/./.test(location.pathname)) return plainly("undetermined", "address_only");
}

async function answer(text) {
  const bytes = carried(text);
  if (bytes === null) return plainly("undetermined", "not_a_code");
  if (bytes === false) return plainly("invalid", "code_malformed");
  /* A clock that stands behind what the phone already knows is wrong. */
  const now = Math.max(Date.now(), known ? known.asOf : 0);
  return show(await verify(bytes, known, now, STALE));
}

function plainly(style, name) {
  const shown = copy(`plain_${style}`, { sentence: words(name) });
  put(shown);
}

function show(report) {
  const { said, checks, kind } = report;
  const asOf = known ? known.asOf : said && said.signedAt;
  const unknown = kind === "unproved" && checks.key_controlled[1] === "key_unreachable";
  let wanted = unknown ? "stranger" : kind;
  if (kind === "valid" && !said.holder.name) wanted = "valid_nameless";
  const start = wanted.startsWith("expired") ? said.validUntil : said && said.validFrom;
  const date = wanted === "status_unchecked" ? asOf : start;
  const issuer = said ? said.issuerName : "";
  const shown = document.createDocumentFragment();
  shown.append(copy(`answer_${wanted}`, { issuer, date: date ? day(date) : "" }));
  if (said) shown.append(badge(said), facts(said));
  if (unknown) shown.append(copy("known", { names: names() }));
  shown.append(copy("checked", { status: statusLine(checks, said) }));
  shown.querySelector("[data-checks]").append(...NAMES.map((name) => row(name, checks[name])));
  put(shown);
}

function statusLine(checks, said) {
  if (known && checks.status[1] !== "status_unreachable") {
    return filled(words("as_of"), { date: day(known.asOf), time: hour(known.asOf) });
  }
  return said ? filled(words("signed_at"), { date: day(said.signedAt) }) : "";
}

function badge(said) {
  const level = said.level;
  let line = "";
  if (level && "count" in level) {
    line = filled(words(level.lowest === level.highest ? "level_all" : "level_several"), level);
  } else if (level) {
    line = filled(words(level.name ? "level_named" : "level"), level);
  }
  return copy("badge", { name: said.name, level: line });
}

function facts(said) {
  const list = copy("facts", {
    holder: said.holder.name || words("nameless"),
    issuer: known && known.issuers.has(said.issuer) ? said.issuerName : `${said.issuerName} (${new URL(said.site).host})`,
    from: day(said.validFrom),
    until: said.validUntil === null ? "" : day(said.validUntil),
  });
  if (said.validUntil === null) list.querySelector("[data-until]").remove();
  return list;
}

function names() {
  const found = known ? [...known.issuers.values()].map((issuer) => issuer.name) : [];
  return found.slice(0, 20).join(" · ") || "–";
}

function row(name, [outcome, reason]) {
  const values = { name: words(`check_${name}`), sentence: reason ? words(`reason_${reason}`) : "" };
  return copy(`outcome_${outcome}`, values);
}

/* A copy of a piece of the page with what it leaves open filled in, as text: nothing that was read becomes markup. */
function copy(name, values) {
  const piece = root.querySelector(`template[data-piece="${name}"]`).content.cloneNode(true);
  const texts = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = filled(texts.currentNode.data, values);
  return piece;
}

function put(shown) {
  const place = part("answer");
  place.replaceChildren(shown);
  place.hidden = false;
  place.focus();
  place.scrollIntoView({ block: "start" });
}

function say(name, text) {
  part(name).textContent = text;
}

async function scan() {
  const video = part("video");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    say("ready", words("no_camera"));
    return;
  }
  part("viewer").hidden = false;
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  while (video.srcObject) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      stop();
      await answer(found.rawValue);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function stop() {
  const video = part("video");
  video.srcObject.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  part("viewer").hidden = true;
}

start();
