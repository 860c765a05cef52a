/* An emergency under way: its clock counts on every page; on its own page what is new comes by itself. */
'use strict';
{
  const two = (number) => String(number).padStart(2, '0');
  const tick = () => document.querySelectorAll('[data-since]').forEach((place) => {
    const passed = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
    const hours = Math.floor(passed / 3600);
    const rest = `${two(Math.floor(passed / 60) % 60)}:${two(passed % 60)}`;
    place.textContent = hours ? `${hours}:${rest}` : rest;
  });
  tick();
  setInterval(tick, 1000);

  const live = document.getElementById('live');
  let shown = '';
  /* Nothing is taken from under a hand: whoever is inside is left alone until he leaves. */
  const ask = async () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    const answer = await fetch(live.dataset.asks, { redirect: 'error' }).catch(() => null);
    if (!answer || !answer.ok || live.contains(document.activeElement)) return;
    const text = await answer.text();
    const bare = text.replace(/<input type="hidden" name="csrfmiddlewaretoken"[^>]*>/g, '').replace(/(data-since="[^"]*">)[^<]*/g, '$1');
    if (bare === shown) return;
    shown = bare;
    live.innerHTML = text;
    tick();
  };
  if (live && live.dataset.state !== 'CLOSED') {
    setInterval(ask, 3000);
    document.addEventListener('visibilitychange', ask);
  }
}
