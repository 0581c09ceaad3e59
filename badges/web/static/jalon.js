/* Jalon works without this file; it only spares a gesture here and there. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  function closest(event, selector) {
    return event.target.closest ? event.target.closest(selector) : null;
  }

  document.addEventListener("click", function (event) {
    if (closest(event, "[data-print]")) {
      window.print();
      return;
    }
    var copy = closest(event, "[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(function () {
        var words = copy.querySelector("span") || copy;
        var before = words.textContent;
        words.textContent = copy.dataset.copied || "✓";
        copy.setAttribute("aria-live", "polite");
        setTimeout(function () { words.textContent = before; }, 2500);
      });
    }
  });

  /* data-start="words" data-into="field": begin a text with these words, where it does not begin with them yet. */
  document.addEventListener("click", function (event) {
    var start = closest(event, "[data-start]");
    var field = start && document.getElementById(start.dataset.into);
    if (!field) return;
    if (field.value.indexOf(start.dataset.start) !== 0) field.value = start.dataset.start + field.value;
    field.focus();
  });

  /* Signing out leaves nothing in a shared phone: entries of a group session that were not sent go too, if so wished. */
  function clearUnsent(question) {
    try {
      var kept = Object.keys(localStorage).filter(function (name) { return name.indexOf("jalon-seance:") === 0; });
      if (kept.length && !window.confirm(question)) return false;
      kept.forEach(function (name) { localStorage.removeItem(name); });
    } catch (blocked) { /* nothing can have been kept */ }
    return true;
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    if (form.dataset.unsent && !clearUnsent(form.dataset.unsent)) {
      event.preventDefault();
      return;
    }
    if ("once" in form.dataset) {
      /* A second tap on a slow phone must not post twice. The button keeps its value: it is only marked busy. */
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    }
  });

  /* Coming back with the browser's button: the form may be sent again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach(function (button) { button.removeAttribute("aria-busy"); });
    });
  });

  document.addEventListener("change", function (event) {
    var control = closest(event, "[data-autosubmit]");
    if (control && control.form) control.form.requestSubmit ? control.form.requestSubmit() : control.form.submit();
  });

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  /* data-keep="address": what is typed in the form is kept there as it changes, and when the page is left. */
  function keep(form) {
    if (form.dataset.sending || !window.fetch) { form.dataset.again = "1"; return; }
    form.dataset.sending = "1";
    fetch(form.dataset.keep, {
      method: "POST", body: new FormData(form), keepalive: true, headers: { Accept: "application/json" }
    }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (kept) {
      if (!kept) return;
      form.elements.revision.value = kept.revision;
      form.querySelector("[data-kept]").textContent = kept.words;
    }).catch(function () {}).then(function () {
      delete form.dataset.sending;
      if (form.dataset.again) { delete form.dataset.again; keep(form); }
    });
  }
  document.addEventListener("change", function (event) {
    var form = closest(event, "form[data-keep]");
    if (form) keep(form);
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState !== "hidden") return;
    document.querySelectorAll("form[data-keep]").forEach(function (form) { if (form.dataset.typed) keep(form); });
  });
  document.addEventListener("input", function (event) {
    var form = closest(event, "form[data-keep]");
    if (form) form.dataset.typed = "1";
  });

  /* data-filter="#list": hide what in the list does not contain what is typed: its [data-filter-item], or its
     children; a [data-filter-group] with nothing left to show goes too. */
  document.addEventListener("input", function (event) {
    var box = closest(event, "[data-filter]");
    var list = box && document.querySelector(box.dataset.filter);
    if (!list) return;
    var fold = function (text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
    var wanted = fold(box.value);
    var items = all(list, "[data-filter-item]");
    (items.length ? items : Array.prototype.slice.call(list.children)).forEach(function (one) {
      one.hidden = fold(one.textContent).indexOf(wanted) < 0;
    });
    all(list, "[data-filter-group]").forEach(function (group) {
      group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
    });
  });

  /* data-check-all="#form": tick whatever is shown, or nothing; data-checked="#form" says how many are ticked. */
  function boxes(selector) {
    return all(document, selector + " input[type=checkbox]").filter(function (one) { return !one.disabled; });
  }

  function count() {
    all(document, "[data-checked]").forEach(function (place) {
      var ticked = boxes(place.dataset.checked).filter(function (one) { return one.checked; }).length;
      if (place.textContent !== String(ticked)) place.textContent = ticked;
    });
    all(document, "[data-check-all]").forEach(function (button) {
      var words = button.querySelector("span");
      var shown = boxes(button.dataset.checkAll).filter(function (one) { return !one.closest("[hidden]"); });
      button.dataset.check = button.dataset.check || words.textContent;
      var full = shown.length && shown.every(function (one) { return one.checked; });
      button.dataset.full = full ? "1" : "";
      words.textContent = full ? button.dataset.uncheck : button.dataset.check;
    });
  }

  document.addEventListener("click", function (event) {
    var button = closest(event, "[data-check-all]");
    if (!button) return;
    var full = button.dataset.full;
    boxes(button.dataset.checkAll).forEach(function (one) {
      if (full) one.checked = false;
      else if (!one.closest("[hidden]")) one.checked = true;
    });
    count();
  });
  document.addEventListener("change", count);
  window.addEventListener("pageshow", count);

  /* data-drop="file" on a form: a file dropped anywhere on the page is handed in at once. */
  ["dragover", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = document.querySelector("form[data-drop]");
      if (!form || !event.dataTransfer || Array.prototype.indexOf.call(event.dataTransfer.types, "Files") < 0) return;
      event.preventDefault();
      form.classList.add("form--drop");
      if (name !== "drop" || !event.dataTransfer.files.length) return;
      form.elements[form.dataset.drop].files = event.dataTransfer.files;
      form.requestSubmit ? form.requestSubmit() : form.submit();
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    var first = document.querySelector("[data-focus]");
    if (first) first.focus();
  });
})();
