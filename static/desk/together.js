/* The complaint page while it stands open: signs of life, who else is here, what happened meanwhile. */
'use strict';
{
  const page = document.getElementById('together');
  const ALIVE = 30_000;
  const IDLE = 120_000;
  /* The page that this one took the place of has said good-bye by then. */
  const SOON = 3_000;
  const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;
  let acted = Date.now();
  ['keydown', 'pointerdown', 'wheel'].forEach((kind) => (
    document.addEventListener(kind, () => { acted = Date.now(); }, { passive: true, capture: true })));

  const show = (element, words) => { if (words !== element.textContent) { element.textContent = words; } };
  const ask = async () => {
    if (document.visibilityState !== 'visible' || Date.now() - acted > IDLE) return;
    const answer = await fetch(page.dataset.here, {
      method: 'POST', credentials: 'same-origin', redirect: 'manual', headers: { 'X-CSRFToken': token() },
      body: new URLSearchParams({ event: page.dataset.event }),
    }).catch(() => null);
    if (answer?.status !== 200) return;
    const said = await answer.json();
    const also = document.getElementById('also-here');
    show(also, said.here);
    also.hidden = !said.here;
    show(page.querySelector('span'), said.moved);
    page.hidden = !said.moved;
  };
  setInterval(ask, ALIVE);
  setTimeout(ask, SOON);
  document.addEventListener('visibilitychange', ask);
  document.addEventListener('desk:poll', ask);
  window.addEventListener('pagehide', () => navigator.sendBeacon(
    page.dataset.here, new URLSearchParams({ csrfmiddlewaretoken: token(), left: 'yes' })));
}
