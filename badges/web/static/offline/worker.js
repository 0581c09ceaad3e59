/* The service worker of the employer's pages, below /v alone. Keeps what reading a printed code takes: one page in two
   languages, its scripts, its style. `self.JALON` stands before this text: {version, pages, files}.
   Nothing else is ever kept: no page of a badge, nothing of anybody who is signed in. */

const NAME = `jalon-hors-ligne-${self.JALON.version}`;
const OURS = "jalon-hors-ligne-";
const CHOICE = "/verifier-hors-ligne/langue";
const PATIENCE = 5000;
const OVERLOADED = [502, 503, 504];

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(OURS) && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  const language = event.data && event.data.language;
  if (self.JALON.pages[language]) {
    event.waitUntil(caches.open(NAME).then((cache) => cache.put(CHOICE, new Response(language))));
  }
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (isOurs(url.pathname)) event.respondWith(page(event.request, url));
  } else if (self.JALON.files.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});

/* What is kept is asked for without cookies: what comes is what anybody gets. */
async function fill() {
  const cache = await caches.open(NAME);
  const addresses = [...Object.values(self.JALON.pages), ...self.JALON.files];
  await Promise.all(
    addresses.map(async (address) => {
      const response = await fetch(address, { credentials: "omit", cache: "reload" });
      if (!response.ok || response.redirected) throw new Error(address);
      await cache.put(address, response);
    }),
  );
}

function isOurs(path) {
  return path === "/v" || path === "/verifier-hors-ligne" || /^\/v\/[^/.]+$/.test(path);
}

/* The network first: it knows more. Where there is none, or it takes too long, the page that verifies by itself. */
async function page(request, url) {
  try {
    const response = await Promise.race([fetch(request), late()]);
    if (!OVERLOADED.includes(response.status)) return response;
  } catch (error) {
    /* said by the page itself */
  }
  return (await kept(url)) || Response.error();
}

function late() {
  return new Promise((resolve, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
}

async function kept(url) {
  const cache = await caches.open(NAME);
  const asked = url.searchParams.get("lang");
  const chosen = await cache.match(CHOICE);
  const spoken = (navigator.languages || []).map((language) => language.slice(0, 2));
  const wanted = [asked, chosen && (await chosen.text()), ...spoken, "fr"].find((one) => self.JALON.pages[one]);
  return cache.match(self.JALON.pages[wanted]);
}
