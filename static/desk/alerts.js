/* The number of new alerts in the header, asked for every twenty seconds while the page is looked at. */
'use strict';
(() => {
  const link = document.getElementById('alerts-link');
  if (!link) return;
  const number = link.querySelector('[data-alerts]');
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(link.dataset.count, { headers: { Accept: 'application/json' }, redirect: 'error' });
      if (!answer.ok) return;
      const { new: fresh } = await answer.json();
      if (number.textContent !== String(fresh)) number.textContent = fresh;
      number.parentElement.classList.toggle('tab-count-hot', fresh > 0);
    } catch {
      /* the network is away: the next round asks again */
    }
  };
  setInterval(ask, 20000);
  document.addEventListener('visibilitychange', ask);
  document.addEventListener('desk:alerts', ask);
})();
