/* Comfort only: every page works without this file. */
'use strict';
{
  /* A form marked data-once is sent once: the second click finds sleeping buttons. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-once]') || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll('button').forEach((button) => { button.disabled = false; });
  }));

  /* A live region speaks of what changes in it, not of what it was loaded with: what was done is put in once more. */
  window.addEventListener('load', () => setTimeout(() => {
    const said = document.querySelector('#announcements .messagelist');
    if (said) said.replaceWith(said.cloneNode(true));
  }, 200));

  /* Enter that ends a Korean composition is part of writing, not an order. */
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    if (event.isComposing || event.keyCode === 229) event.preventDefault();
  });

  /* One box for all boxes of the page. */
  document.querySelectorAll('input[data-picks]').forEach((all) => {
    const boxes = () => [...document.querySelectorAll(`input[name="${all.dataset.picks}"]`)];
    all.closest('label').hidden = false;
    all.addEventListener('change', () => boxes().forEach((box) => { box.checked = all.checked; }));
    document.addEventListener('change', (event) => {
      if (event.target.name === all.dataset.picks) all.checked = boxes().every((box) => box.checked);
    });
  });

  /* Filters: open on a wide screen, folded on a phone. */
  if (window.matchMedia('(min-width: 901px)').matches) {
    document.querySelectorAll('details[data-open-wide]').forEach((details) => { details.open = true; });
  }

  /* On a phone the main menu is one long line: the page one is on stands in sight. */
  document.querySelectorAll('.desk-nav [aria-current="page"]').forEach((here) => {
    const nav = here.closest('.desk-nav');
    nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
  });

  /* A menu closes on Escape and on a click elsewhere. */
  document.addEventListener('click', (event) => document.querySelectorAll('details.who[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') document.querySelectorAll('details.who[open]').forEach((menu) => {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });

  /* 초성: 관광정책과 is ㄱㄱㅈㅊㄱ; typed with the Latin keys it is rrwcr. */
  const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
  const initialsOf = (words) => words.replace(/[가-힣]/g, (sign) => INITIALS[Math.floor((sign.charCodeAt(0) - 0xac00) / 588)]);
  const LATIN = { r: 'ㄱ', s: 'ㄴ', e: 'ㄷ', f: 'ㄹ', a: 'ㅁ', q: 'ㅂ', t: 'ㅅ', d: 'ㅇ', w: 'ㅈ', c: 'ㅊ', z: 'ㅋ', x: 'ㅌ', v: 'ㅍ', g: 'ㅎ' };
  const asHangul = (typed) => (/^[a-z]+$/.test(typed) ? typed.replace(/./g, (sign) => LATIN[sign] || sign) : typed);
  /* An input method may join two consonants into one sign. */
  const apart = (typed) => typed.replace(/[ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ]/g, (sign) => (
    { ㄳ: 'ㄱㅅ', ㄵ: 'ㄴㅈ', ㄶ: 'ㄴㅎ', ㄺ: 'ㄹㄱ', ㄻ: 'ㄹㅁ', ㄼ: 'ㄹㅂ', ㄽ: 'ㄹㅅ', ㄾ: 'ㄹㅌ', ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ' }[sign]));

  /* What a part of a page needs that came in later (the triage desk) as well as a whole page; asked twice, done once. */
  const prepare = (root) => {
    /* A field that narrows the choices of a long select. */
    root.querySelectorAll('[data-narrows]').forEach((field) => {
      const select = document.getElementById(field.dataset.narrows);
      const curtain = field.closest('[hidden]');
      if (!select || !curtain) return;
      const groups = Array.from(select.querySelectorAll('option')).map((option) => {
        const words = option.textContent.trim().toLowerCase();
        return { option, home: option.parentNode, words, initials: initialsOf(words) };
      });
      curtain.hidden = false;
      field.addEventListener('input', () => {
        const typed = field.value.trim().toLowerCase();
        const initials = apart(asHangul(typed));
        const rank = ({ words, initials: own }) => (
          words.startsWith(typed) ? 0 : own.startsWith(initials) ? 1 : words.includes(typed) ? 2 : own.includes(initials) ? 3 : 4);
        const fits = groups.filter((entry) => !entry.option.value || rank(entry) < 4);
        groups.forEach((entry) => entry.option.remove());
        fits.forEach((entry) => entry.home.append(entry.option));
        select.querySelectorAll('optgroup').forEach((group) => { group.hidden = !group.children.length; });
        const first = fits.filter((entry) => entry.option.value).sort((one, other) => rank(one) - rank(other))[0];
        if (typed && first) first.option.selected = true;
      });
    });

    /* How long the reply is, as the network counts it: the server says, nobody guesses. */
    root.querySelectorAll('textarea[data-measure]:not([data-measured])').forEach((area) => {
      area.dataset.measured = 'yes';
      const shown = document.getElementById(area.dataset.shownIn);
      const token = area.form.querySelector('input[name="csrfmiddlewaretoken"]').value;
      let timer = 0;
      let asked = 0;
      const ask = async () => {
        const mine = ++asked;
        const reach = new FormData(area.form).get('reach') || '';
        const body = new URLSearchParams({ text: area.value, reach });
        const answer = await fetch(area.dataset.measure, {
          method: 'POST', body, headers: { 'X-CSRFToken': token }, credentials: 'same-origin',
        }).catch(() => null);
        if (!answer || !answer.ok || mine !== asked) return;
        const said = await answer.json();
        shown.textContent = said.text;
        shown.classList.toggle('counter-over', said.over);
        area.dispatchEvent(new CustomEvent('desk:measured', { bubbles: true, detail: said }));
        document.getElementById('reply-cost').textContent = said.cost;
        document.getElementById('reply-without-links').hidden = !said.by_links;
      };
      area.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 250); });
    });

  };
  prepare(document);
  document.addEventListener('desk:fresh', (event) => prepare(event.target));

  /* Django's forms leave fields without a name: those of a table, the halves of a date, the selects that search. */
  const heading = (field) => {
    const cell = field.closest('td');
    const head = cell && cell.closest('table').querySelectorAll('thead th')[cell.cellIndex];
    return head || field.closest('.form-row')?.querySelector('label, legend');
  };
  const named = () => document.querySelectorAll('.aligned, .inline-group').forEach((part) => {
    part.querySelectorAll(':is(input, select, textarea):not([type="hidden"])').forEach((field) => {
      const name = (field.labels?.[0] || heading(field))?.textContent.trim().replace(/:$/, '');
      if (!name) return;
      if (!field.labels?.length && !field.hasAttribute('aria-label')) field.setAttribute('aria-label', name);
      field.parentNode.querySelectorAll('.select2-selection, .select2-selection__rendered').forEach((box) => {
        box.removeAttribute('aria-labelledby');
        box.setAttribute('aria-label', `${name} ${field.selectedOptions?.[0]?.textContent.trim() || ''}`.trim());
      });
    });
  });
  named();
  const forms = document.querySelector('.change-form #content-main');
  if (forms) new MutationObserver(named).observe(forms, { childList: true, subtree: true });
}
