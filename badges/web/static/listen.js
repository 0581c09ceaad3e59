/* Reads a page aloud, for whoever asks: loaded on people's own pages alone. Without a voice for the language of the page
   the button stays hidden, and nothing is missing. */
(function () {
  "use strict";
  var speech = window.speechSynthesis;
  var button = document.querySelector("[data-listen]");
  if (!speech || !window.SpeechSynthesisUtterance || !button) return;
  var words = button.querySelector("span");
  var listen = words.textContent;
  var speaking = false;

  function language(node) {
    var told = node.closest("[lang]");
    return told ? told.lang : document.documentElement.lang;
  }

  function voice(lang) {
    var primary = lang.split("-")[0].toLowerCase();
    return speech.getVoices().filter(function (one) { return one.lang.split(/[-_]/)[0].toLowerCase() === primary; })[0];
  }

  function offer() { button.parentNode.hidden = !voice(document.documentElement.lang); }

  /* What a reader would read, top to bottom: no drawing, no button, nothing hidden or folded away. */
  function passages() {
    var found = document.querySelectorAll("main :is(h1,h2,h3,p,li,dt,dd,label,legend,summary,caption,th,td,blockquote)");
    return Array.prototype.filter.call(found, function (node) {
      if (node.closest("svg,button,.listen,[hidden],[aria-hidden=true],.visually-hidden")) return false;
      if (!node.getClientRects().length || !node.innerText.trim()) return false;
      return !node.querySelector("h1,h2,h3,p,li,dt,dd,label,legend,th,td,blockquote");
    });
  }

  function stop() {
    speaking = false;
    speech.cancel();
    words.textContent = listen;
    button.setAttribute("aria-pressed", "false");
  }

  function start() {
    var said = passages();
    speech.cancel();
    speaking = true;
    words.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    said.forEach(function (node, place) {
      var lang = language(node);
      var one = new SpeechSynthesisUtterance(node.innerText.trim());
      one.lang = lang;
      one.voice = voice(lang) || null;
      if (place === said.length - 1) one.onend = function () { if (speaking) stop(); };
      speech.speak(one);
    });
  }

  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", function () { if (speaking) stop(); else start(); });
  window.addEventListener("pagehide", stop);
  if ("onvoiceschanged" in speech) speech.addEventListener("voiceschanged", offer);
  offer();

  /* A page of one's own that comes back out of the browser's memory asks the service first: one may have signed out. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
})();
