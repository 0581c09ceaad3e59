/* Sends each tick of a group session at once; what cannot be sent waits in this phone. Without this file the form's
   own button does the same. Kept in localStorage: codes and short acts, no name, until they have been sent. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-group]");
  if (!form || !window.fetch || !window.localStorage) return;
  var turn = form.elements.turn.value;
  var key = "jalon-seance:" + form.dataset.group + ":" + form.dataset.staff;
  var state = form.querySelector("[data-group-state]");
  var sending = false, again = false, ending = null, timer = null;

  function read() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }
  function write(pending) {
    if (Object.keys(pending).length) localStorage.setItem(key, JSON.stringify(pending));
    else localStorage.removeItem(key);
  }
  function say(kind) {
    state.dataset.kind = kind;
    state.textContent = form.dataset[kind] || "";
  }
  function boxes() { return Array.prototype.slice.call(form.querySelectorAll("input[name='vu']")); }
  function texts() { return Array.prototype.slice.call(form.querySelectorAll("textarea")); }
  function shownTick(box) { return box.parentNode.querySelector("input[name='avant']"); }
  function shownAct(text) { return form.elements["avant-" + text.name]; }

  /* One entry per tick and per act: what the page showed (was) and what it is to be (now). */
  function keep(name, was, now) {
    var pending = read(), id = turn + "|" + name;
    if (pending[id]) was = pending[id].was;
    if (was === now) delete pending[id]; else pending[id] = { turn: turn, name: name, was: was, now: now };
    write(pending);
  }

  function body(turnOf, entries) {
    var data = new URLSearchParams();
    data.append("csrf_token", form.elements.csrf_token.value);
    data.append("turn", turnOf);
    entries.forEach(function (one) {
      if (one.name.indexOf("acte:") === 0) {
        data.append(one.name, one.now);
        data.append("avant-" + one.name, one.was);
      } else {
        if (one.was) data.append("avant", one.name);
        if (one.now) data.append("vu", one.name);
      }
    });
    return data;
  }

  function send() {
    if (sending) { again = true; return; }
    var pending = read(), ids = Object.keys(pending);
    if (!ids.length) { return; }
    var first = pending[ids[0]].turn;
    var sent = ids.filter(function (id) { return pending[id].turn === first; });
    sending = true;
    clearTimeout(timer);
    say("sending");
    fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual",
      body: body(first, sent.map(function (id) { return pending[id]; })) })
      .then(function (answer) {
        if (answer.status === 401 || answer.type === "opaqueredirect") return later("signedOut");
        if (answer.status === 400) return renew();
        if (answer.status >= 500) return later("waiting");
        if (!answer.ok) return later("refused");
        return answer.json().then(function (held) {
          var left = read();
          sent.forEach(function (id) {
            if (!left[id]) return;
            if (left[id].now === pending[id].now) delete left[id]; else left[id].was = pending[id].now;
          });
          write(left);
          if (first === turn) show(held);
          sending = false;
          say(held.ended ? "ended" : "saved");
          if (again || Object.keys(left).length) { again = false; send(); }
          else if (ending) ending.click();
        });
      })
      .catch(function () { later("waiting"); });
  }

  function later(kind) {
    sending = false;
    say(kind);
    clearTimeout(timer);
    if (kind === "waiting") timer = setTimeout(send, 10000);
  }

  /* The page stood open for long: take a fresh token from a fresh page, then send. */
  function renew() {
    return fetch(location.href, { credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (!answer.ok) return later("signedOut");
      return answer.text().then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-group] [name='csrf_token']");
        if (!fresh || fresh.value === form.elements.csrf_token.value) return later("refused");
        form.elements.csrf_token.value = fresh.value;
        sending = false;
        send();
      });
    });
  }

  /* What stands now, whoever entered it; what this phone has not sent yet stays as it was ticked here. */
  function show(held) {
    var pending = read();
    boxes().forEach(function (box) {
      var seen = held.seen.indexOf(box.value) >= 0;
      shownTick(box).disabled = !seen;
      if (!pending[turn + "|" + box.value]) box.checked = seen;
      box.parentNode.querySelector(".tick__by").textContent = held.by[box.value] || "";
    });
    texts().forEach(function (text) {
      var act = held.acts[text.name.slice("acte:".length)];
      if (act === undefined) return;
      act = act.replace(/\r\n/g, "\n");
      if (document.activeElement !== text && !pending[turn + "|" + text.name]) { text.value = act; shownAct(text).value = act; }
    });
  }

  form.addEventListener("change", function (event) {
    var field = event.target;
    if (field.name === "vu") keep(field.value, !shownTick(field).disabled, field.checked);
    else if (field.name.indexOf("acte:") === 0) keep(field.name, shownAct(field).value, field.value);
    else return;
    send();
  });
  /* « Enregistrer » sends what waits; « Terminer » is an ordinary form, once nothing waits any more. */
  form.addEventListener("submit", function (event) {
    var waits = Object.keys(read()).length > 0, ends = event.submitter && event.submitter.name === "end";
    if (ends && !waits) return;
    event.preventDefault();
    ending = ends ? event.submitter : null;
    if (waits) send(); else say("saved");
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", look);
  setInterval(look, 15000);

  /* What colleagues, and this phone's own earlier page, have entered meanwhile. */
  function look() {
    if (document.visibilityState !== "visible" || sending) return;
    if (Object.keys(read()).length) { send(); return; }
    fetch(form.action + "?manche=" + turn, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" })
      .then(function (answer) { return answer.ok ? answer.json().then(show) : null; })
      .catch(function () { /* no network: the page stays as it is */ });
  }

  /* Coming back to the page with entries that were never sent. */
  var waiting = read();
  Object.keys(waiting).forEach(function (id) {
    var one = waiting[id];
    if (one.turn !== turn) return;
    boxes().forEach(function (box) { if (box.value === one.name) box.checked = one.now; });
    texts().forEach(function (text) { if (text.name === one.name) text.value = one.now; });
  });
  look();
})();
