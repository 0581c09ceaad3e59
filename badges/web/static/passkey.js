/* Passkeys, on the two pages that ask the device. What the device answers is put into a plain form. */
(function () {
  "use strict";
  var able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;
  if (!able) return;
  document.querySelectorAll("[data-passkey]").forEach(function (part) { part.hidden = false; });
  document.querySelectorAll("[data-no-passkey]").forEach(function (part) { part.hidden = true; });

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function options(form) {
    var asked = JSON.parse(form.dataset.options);
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    (asked.excludeCredentials || []).forEach(function (one) { one.id = bytes(one.id); });
    return asked;
  }

  function answer(credential) {
    var given = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) given[name] = text(credential.response[name]);
    });
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: given, clientExtensionResults: {}
    });
  }

  var form = document.querySelector("[data-passkey-ask]");
  if (!form) return;
  form.addEventListener("submit", function (event) {
    if (form.elements.answer.value) return;
    event.preventDefault();
    navigator.credentials[form.dataset.passkeyAsk]({publicKey: options(form)}).then(function (credential) {
      form.elements.answer.value = answer(credential);
      form.submit();
    }).catch(function () { document.querySelector("[data-passkey-said]").hidden = false; });
  });
})();
