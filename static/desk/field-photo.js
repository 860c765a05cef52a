/* A photo from the street goes up as soon as it is taken, and is not lost where the line breaks: it can be sent again.
   Without this file the form has its own button and sends itself. */
'use strict';
document.querySelectorAll('form[data-photo]').forEach((form) => {
  const file = form.querySelector('input[type="file"]');
  const again = form.querySelector('button[type="submit"]');
  const says = form.querySelector('[role="status"]');
  const said = (page) => new DOMParser().parseFromString(page, 'text/html').querySelector('.tray-refused')?.textContent;
  form.classList.add('tray-photo-live');
  again.hidden = true;

  const say = (words, bad = false) => {
    says.textContent = words;
    says.className = bad ? 'notice notice-error' : 'quiet';
  };
  const failed = (words) => { say(words || says.dataset.failed, true); again.hidden = Boolean(words); };
  const send = async () => {
    if (form.dataset.busy) return;
    form.dataset.busy = 'yes';
    say(says.dataset.sending);
    const answer = await fetch(form.action, {
      method: 'POST', body: new FormData(form), headers: { 'X-Desk-Script': 'photo' }, credentials: 'same-origin',
    }).catch(() => null);
    const page = await answer?.text().catch(() => '');
    delete form.dataset.busy;
    /* Done, and the page that is loaded now says so; the log-in page is an answer, too. */
    if (answer?.status === 204) {
      history.replaceState(null, '', new URL(form.action).hash);
      location.reload();
    } else failed(answer && !answer.ok && said(page));
  };
  form.addEventListener('submit', (event) => { event.preventDefault(); send(); });
  file.addEventListener('change', () => { if (file.files.length) form.requestSubmit(); });
  /* Back from another page: nothing is on its way any more. */
  window.addEventListener('pageshow', () => { file.value = ''; say(''); });
});
