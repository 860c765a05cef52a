"use strict";
// The posts refresh themselves; without this file the page is the same, only older.
const EVERY_MS = 3000;
const shown = document.querySelector("[data-fragment]");

async function refresh() {
  if (document.hidden || shown.contains(document.activeElement)) {
    return;
  }
  try {
    const answer = await fetch(shown.dataset.fragment, { credentials: "same-origin" });
    const stamp = answer.headers.get("X-Stamp");
    if (answer.ok && stamp && stamp !== shown.dataset.stamp) {
      shown.innerHTML = await answer.text();
      shown.dataset.stamp = stamp;
    }
  } catch {
    // The server is away: the next turn tries again.
  }
}

if (shown) {
  setInterval(refresh, EVERY_MS);
}
const faults = document.querySelector("details.faults");
if (faults && window.matchMedia("(min-width: 60rem)").matches) {
  faults.open = true;
}
