/* Measures a file in this device: it does not leave it, however large. Without this file, or in an old browser, the form
   sends the file to be measured and forgotten. */
(function () {
  "use strict";
  var file = document.getElementById("file"), field = document.getElementById("sha256");
  if (!file || !field || !window.crypto || !crypto.subtle || !window.Blob || !Blob.prototype.arrayBuffer) return;
  file.removeAttribute("name");
  file.addEventListener("change", function () {
    var chosen = file.files[0];
    if (!chosen) return;
    field.value = "";
    chosen.arrayBuffer().then(function (bytes) { return crypto.subtle.digest("SHA-256", bytes); }).then(function (digest) {
      field.value = Array.prototype.map.call(new Uint8Array(digest), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    }).catch(function () { file.name = "file"; /* too large for this device's memory: the form sends it */ });
  });
})();
