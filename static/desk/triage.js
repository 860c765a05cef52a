/* The triage desk's comfort: parts are swapped, news are announced. Without it every page works. */
'use strict';
{
  const desk = document.getElementById('triage');
  const $ = (id) => document.getElementById(id);
  const POLL = 10_000;
  const ALIVE = 30_000;
  const IDLE = 120_000;
  const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;
  const post = (url, fields) => fetch(url, {
    method: 'POST', credentials: 'same-origin', headers: { 'X-CSRFToken': token() }, body: new URLSearchParams(fields),
  }).catch(() => null);

  /* --- swaps ------------------------------------------------------------------------------------------------------ */
  const open = () => $('open-item');
  const lineOf = (number) => desk.querySelector(`.triage-line[data-number="${number}"]`);
  const markOpen = () => {
    desk.querySelectorAll('.triage-link[aria-current]').forEach((link) => link.removeAttribute('aria-current'));
    document.body.classList.toggle('triage-open', Boolean(open()));
    const line = open() && lineOf(open().dataset.number);
    if ($('keys-open')) $('keys-open').value = open()?.dataset.number || '';
    if (!line) return;
    line.querySelector('.triage-link').setAttribute('aria-current', 'true');
    line.scrollIntoView({ block: 'nearest' });
  };
  /* What was done stays in its place, so that nothing moves under the reader; it is only marked. */
  const markDone = () => {
    const bar = $('undo-bar');
    const line = bar?.dataset.done && lineOf(bar.dataset.done);
    if (line) {
      line.classList.add('triage-line-done');
      const words = line.querySelector('[data-done-words]');
      words.textContent = `✓ ${bar.dataset.words}`;
      words.hidden = false;
    }
    const back = open() && lineOf(open().dataset.number);
    if (back && back !== line && back.classList.contains('triage-line-done')) {
      back.classList.remove('triage-line-done');
      back.querySelector('[data-done-words]').hidden = true;
    }
  };

  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.responseURL.includes('/login/')) { event.detail.shouldSwap = false; location.reload(); }
  });
  document.addEventListener('htmx:responseError', () => say(desk.dataset.failed));
  document.addEventListener('htmx:sendError', () => say(desk.dataset.failed));
  document.addEventListener('htmx:afterSwap', (event) => {
    const target = event.detail.target;
    if (target.id !== 'item' && target.id !== 'list') return;
    markOpen();
    markDone();
    if (target.id === 'list') { etag = ''; return; }
    target.dispatchEvent(new Event('desk:fresh', { bubbles: true }));
    document.title = document.title.replace(/^.*? · /, `${open()?.dataset.number || ''} · `);
    target.scrollTop = 0;
    if (window.matchMedia('(max-width: 900px)').matches) window.scrollTo(0, 0);
    ($('refused') || $('item-title'))?.focus({ preventScroll: true });
    etag = '';
  });

  /* --- news ------------------------------------------------------------------------------------------------------- */
  const say = (words) => { if (words) $('desk-says').textContent = words; };
  let etag = '';
  const show = (said) => {
    const fresh = $('fresh');
    if (fresh && fresh.textContent !== said.fresh) { fresh.hidden = !said.fresh; fresh.textContent = said.fresh; }
    Object.entries(said.counts).forEach(([name, count]) => {
      const shown = desk.querySelector(`[data-count="${name}"]`);
      if (shown) shown.textContent = count;
    });
    desk.querySelectorAll('.triage-line').forEach((line) => {
      const words = said.here[line.dataset.pk] || '';
      const shown = line.querySelector('[data-here]');
      shown.textContent = words;
      shown.hidden = !words;
    });
    const also = $('also-here');
    if (also && also.textContent !== said.also) { also.textContent = said.also; also.hidden = !said.also; }
    const moved = $('moved');
    if (moved && said.moved && moved.querySelector('span').textContent !== said.moved) {
      moved.querySelector('span').textContent = said.moved;
      moved.hidden = false;
    }
  };
  const poll = async () => {
    const head = desk.querySelector('.list-head');
    const item = open();
    const query = new URLSearchParams(head.dataset.query);
    query.set('known', head.dataset.known);
    if (item) { query.set('open', item.dataset.number); query.set('event', item.dataset.event); }
    const answer = await fetch(`${desk.dataset.pulse}?${query}`, {
      credentials: 'same-origin', redirect: 'manual', headers: etag ? { 'If-None-Match': etag } : {},
    }).catch(() => null);
    if (!answer || answer.status !== 200 || item !== open()) return;
    etag = answer.headers.get('ETag') || '';
    show(await answer.json());
  };
  const beat = () => setTimeout(async () => {
    if (document.visibilityState === 'visible') await poll();
    beat();
  }, POLL * (0.8 + Math.random() * 0.4));
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') poll(); });
  document.addEventListener('desk:poll', poll);
  beat();

  /* --- presence: as long as somebody does something ---------------------------------------------------------------- */
  let acted = Date.now();
  ['keydown', 'pointerdown', 'wheel'].forEach((kind) => (
    document.addEventListener(kind, () => { acted = Date.now(); }, { passive: true, capture: true })));
  const alive = () => {
    if (open() && document.visibilityState === 'visible' && Date.now() - acted < IDLE) post(open().dataset.here, {});
  };
  setInterval(alive, ALIVE);
  setTimeout(alive, 3_000); /* the page that this one took the place of has said good-bye by then */

  window.addEventListener('pagehide', () => {
    if (open()) navigator.sendBeacon(open().dataset.here, new URLSearchParams({ csrfmiddlewaretoken: token(), left: 'yes' }));
  });

  markOpen();
  markDone();
}
