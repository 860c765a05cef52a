/* What is being typed outlives everything: kept on the server soon after the last key, and in this tab until it is. */
'use strict';
{
  const KEEP_AFTER = 1500;
  const waiting = new Map();
  const keyOf = (area) => `desk-${area.dataset.keep}`;
  const stored = (key) => JSON.parse(sessionStorage.getItem(key) || 'null');
  const token = () => document.querySelector('input[name="csrfmiddlewaretoken"]').value;
  const behind = (text, added) => (text.includes(added) ? text : `${text}\n\n${added}`.trim());

  const forget = (area) => { clearTimeout(waiting.get(area)); waiting.delete(area); };
  const send = async (area) => {
    forget(area);
    const text = area.value;
    const answer = await fetch(area.dataset.autosave, {
      method: 'POST', credentials: 'same-origin', redirect: 'manual', headers: { 'X-CSRFToken': token() },
      body: new URLSearchParams({ field: area.dataset.field, text }),
    }).catch(() => null);
    if (answer?.status === 204 && stored(keyOf(area))?.text === text) sessionStorage.removeItem(keyOf(area));
  };
  document.addEventListener('input', (event) => {
    const area = event.target;
    if (!area.matches?.('textarea[data-keep]')) return;
    sessionStorage.setItem(keyOf(area), JSON.stringify({ text: area.value }));
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(() => send(area), KEEP_AFTER));
  });

  /* Sent: forgotten when the server says so, for the log-in may have ended meanwhile. */
  const sending = (form) => form.querySelectorAll?.('textarea[data-keep]').forEach((area) => {
    forget(area);
    sessionStorage.setItem(keyOf(area), JSON.stringify({ text: area.value, sent: true }));
  });
  document.addEventListener('submit', (event) => sending(event.target));
  document.addEventListener('htmx:beforeRequest', (event) => {
    sending(event.detail.elt);
    [...waiting.keys()].forEach(send);
  });
  window.addEventListener('pagehide', () => [...waiting.keys()].forEach((area) => navigator.sendBeacon(
    area.dataset.autosave,
    new URLSearchParams({ csrfmiddlewaretoken: token(), field: area.dataset.field, text: area.value }),
  )));
  document.getElementById('logout-form')?.addEventListener('submit', () => sessionStorage.clear());

  const restore = (root) => {
    if (document.querySelector('.messagelist .success')) {
      Object.keys(sessionStorage).filter((key) => key.startsWith('desk-') && stored(key)?.sent)
        .forEach((key) => sessionStorage.removeItem(key));
    }
    if (document.getElementById('refused')) return;
    root.querySelectorAll('textarea[data-keep]').forEach((area) => {
      const before = stored(keyOf(area));
      if (!before) return;
      if (before.text === area.value) { sessionStorage.removeItem(keyOf(area)); return; }
      area.value = behind(before.text, area.dataset.added || '');
      area.form.querySelector('[data-kept]').hidden = false;
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };
  restore(document);
  document.addEventListener('desk:fresh', (event) => restore(event.target));

  /* A past answer goes behind what stands in the editor; it is saved when its writer saves. */
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-takes]');
    const area = document.getElementById('reply-text');
    if (!link || !area) return;
    event.preventDefault();
    area.value = behind(area.value, document.getElementById(link.dataset.takes).textContent.trim());
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  });
}
