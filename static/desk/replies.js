/* The reply editor's comfort (docs/replies.md). Without it every button asks the server. */
'use strict';
{
  /* How it will stand on the network is shown while it is typed: no button is needed for that. */
  const live = (root) => root.querySelectorAll('[data-live]').forEach((button) => { button.hidden = true; });
  live(document);
  document.addEventListener('desk:fresh', (event) => live(event.target));
  document.addEventListener('desk:measured', (event) => {
    const shown = document.getElementById('reply-preview');
    if (shown) shown.innerHTML = event.detail.preview;
  });

  /* What the words promise is told while they are typed; the field opens by itself, and is never shut. */
  document.addEventListener('desk:measured', (event) => {
    const says = document.querySelector('#reply-promise-says');
    if (!says || says.textContent === event.detail.promise) return;
    says.textContent = event.detail.promise;
    if (event.detail.promises) says.closest('details').open = true;
  });

  /* Who sees it decides how long it may be and where it stands. */
  document.addEventListener('change', (event) => {
    if (event.target.name !== 'reach') return;
    event.target.form.querySelector('[data-measure]')?.dispatchEvent(new Event('input', { bubbles: true }));
  });

  /* Personal data is told while it is typed; the words that the server marked lead to their place. */
  document.addEventListener('desk:measured', (event) => {
    const box = document.getElementById('reply-personal');
    if (!box) return;
    box.hidden = !event.detail.personal;
    document.getElementById('reply-personal-words').textContent = event.detail.personal;
    box.querySelector('.reply-marked')?.remove();
  });
  document.addEventListener('click', (event) => {
    const mark = event.target.closest?.('a[data-start]');
    if (!mark) return;
    event.preventDefault();
    const area = document.querySelector(mark.getAttribute('href'));
    area.focus();
    area.setSelectionRange(Number(mark.dataset.start), Number(mark.dataset.end));
  });

  /* A template goes in where the cursor stands; a field that it could not fill is marked, to be typed over. */
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('button[data-insert]');
    if (!button) return;
    event.preventDefault();
    const area = document.getElementById(button.dataset.into);
    button.closest('details').open = false;
    area.focus();
    area.setRangeText(button.dataset.insert, area.selectionStart, area.selectionEnd, 'end');
    const gap = /\{[^{}\n]{1,40}\}/.exec(area.value);
    if (gap) area.setSelectionRange(gap.index, gap.index + gap[0].length);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
