/* data-digits: a link that takes along the statement behind the # of a printed square. Jalon works without this file. */
(function () {
  "use strict";
  var place = /^#[0-9]{60,}$/.test(location.hash) && document.querySelector("[data-digits]");
  if (place) { place.firstElementChild.href += location.hash; place.hidden = false; }
})();
