/* The keys of the triage desk (docs/triage.md). By the place of the key, not by its sign: J is J with Hangul on, too. */
'use strict';
{
  const desk = document.getElementById('triage');
  const dialog = document.getElementById('keys');
  const $ = (selector) => document.querySelector(selector);
  const DIGITS = { Digit1: '1', Digit2: '2', Digit3: '3', Digit4: '4', Digit5: '5', Digit6: '6', Digit7: '7', Digit8: '8', Digit9: '9',
    Numpad1: '1', Numpad2: '2', Numpad3: '3', Numpad4: '4', Numpad5: '5', Numpad6: '6', Numpad7: '7', Numpad8: '8', Numpad9: '9' };
  let busy = false;
  const say = (words) => { $('#desk-says').textContent = words; };

  /* A form that is on its way: until its answer is here, keys wait. */
  document.addEventListener('htmx:beforeRequest', (event) => { if (event.detail.elt.matches('form')) busy = true; });
  ['htmx:afterSettle', 'htmx:responseError', 'htmx:sendError', 'htmx:sendAbort'].forEach((name) => (
    document.addEventListener(name, () => { busy = false; })));

  const composing = (event) => event.isComposing || event.keyCode === 229;
  const writes = (field) => field.matches('textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"])');

  const move = (by) => {
    const links = [...desk.querySelectorAll('.triage-link')];
    const at = links.findIndex((link) => link.getAttribute('aria-current') === 'true');
    const free = links.filter((link) => link.querySelector('[data-here]').hidden);
    const next = at < 0 ? (by > 0 ? free[0] || links[0] : links.at(-1)) : links[at + by];
    const page = $(by > 0 ? '.triage-pages a[rel="next"]' : '.triage-pages a[rel="prev"]');
    (next || page)?.click();
  };
  const press = (selector) => {
    const form = $(selector);
    if (form) form.requestSubmit(form.querySelector('button'));
    return Boolean(form);
  };
  const focusIn = (selector) => {
    const field = $(selector);
    if (!field) return false;
    field.closest('details')?.setAttribute('open', '');
    field.focus();
    return true;
  };
  const digit = (number) => {
    const group = document.activeElement?.closest('#dismiss, #similar, #where, #incident, #reply-templates') || $('#assign');
    const button = group?.querySelector(`[data-digit="${number}"]`);
    if (button) button.click();
    return Boolean(button);
  };
  const openDismiss = () => focusIn('#dismiss [data-digit]');
  /* A part of the panel that is fetched when it is asked for; its first choice takes the focus. */
  const show = (part) => {
    if (focusIn(`#${part} [data-digit]`) || focusIn(`#${part} button`)) return true;
    const link = $(`#${part} > a`);
    if (!link) return focusIn(`#${part} a`);
    document.addEventListener('htmx:afterSettle', () => {
      if (focusIn(`#${part} [data-digit]`) || focusIn(`#${part} button`)) return;
      const title = $(`#${part}-title`);
      if (title) { title.tabIndex = -1; title.focus(); say($(`#${part}`).textContent.trim().replace(/\s+/g, ' ')); }
    }, { once: true });
    link.dispatchEvent(new Event(`desk:${part}`));
    return true;
  };
  /* N is a note, and a new incident for who has just asked for the incidents. */
  const note = () => {
    const fresh = document.activeElement?.closest('#incident')?.querySelector('[data-new]');
    if (fresh) { fresh.click(); return true; }
    return focusIn('#note-text');
  };
  const write = () => focusIn('#reply-text') || (say($('.reply-later')?.textContent || ''), true);

  const alarm = () => {
    const link = $('#alarm');
    if (!link) return false;
    say(link.dataset.says);
    link.click();
    return true;
  };

  const KEYS = {
    KeyJ: () => (move(1), true), KeyK: () => (move(-1), true), KeyD: () => focusIn('#find-department'),
    KeyE: openDismiss, KeyG: () => focusIn('#tag-name'), KeyP: () => focusIn('#where [data-digit]') || focusIn('#where-district'),
    KeyM: () => show('similar'), KeyI: () => show('incident'), KeyU: () => press('#urgent'), KeyA: alarm, KeyR: write, KeyN: note,
    KeyZ: () => press('#undo'), KeyT: () => focusIn('#reply-templates button'), Slash: () => focusIn('#searchbar'),
  };

  document.addEventListener('keydown', (event) => {
    if (composing(event)) {
      if (event.key === 'Enter' && event.target.matches('input')) event.preventDefault();
      return;
    }
    if (event.key === 'Escape' && writes(event.target)) { event.target.blur(); return; }
    const single = desk.dataset.singleKeys === 'on' && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!single || dialog.open || writes(event.target)) return;
    if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) { event.preventDefault(); dialog.showModal(); return; }
    if (event.shiftKey || event.repeat && !['KeyJ', 'KeyK'].includes(event.code)) return;
    const act = event.code in DIGITS ? () => digit(DIGITS[event.code]) : KEYS[event.code];
    if (!act) return;
    event.preventDefault();
    if (!busy) act();
  });

  /* The finder says what it found; the arrows choose, Enter in the field takes it. */
  document.addEventListener('input', (event) => {
    if (event.target.id !== 'find-department') return;
    const select = $('#assign-department');
    const found = select.querySelectorAll('option[value]:not([value=""])').length;
    say(`${select.selectedOptions[0]?.textContent || ''} (${found})`);
  });
  document.addEventListener('keydown', (event) => {
    if (event.target.id !== 'find-department' || composing(event)) return;
    const select = $('#assign-department');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const options = [...select.options].filter((option) => option.value);
      const next = options[options.indexOf(select.selectedOptions[0]) + step];
      if (next) { next.selected = true; say(next.textContent); }
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (select.value) event.target.form.requestSubmit(event.target.form.querySelector('.button-main'));
    }
  });

  const help = document.getElementById('open-keys');
  const showHelp = () => {
    const button = document.getElementById('open-keys');
    if (button) button.hidden = false;
  };
  document.addEventListener('click', (event) => { if (event.target.closest?.('#open-keys')) dialog.showModal(); });
  document.addEventListener('htmx:afterSettle', showHelp);
  if (help) showHelp();
  document.body.classList.add('keys-ready');
}
