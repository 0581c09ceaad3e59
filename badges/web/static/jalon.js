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

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
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

  /* data-filter="#list": hide the children of the list that do not contain what is typed. */
  document.addEventListener("input", function (event) {
    var box = closest(event, "[data-filter]");
    if (!box) return;
    var fold = function (text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); };
    var wanted = fold(box.value);
    Array.prototype.forEach.call(document.querySelector(box.dataset.filter).children, function (child) {
      child.hidden = fold(child.textContent).indexOf(wanted) < 0;
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    var first = document.querySelector("[data-focus]");
    if (first) first.focus();
  });
})();
