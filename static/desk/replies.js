/* The reply editor's comfort (docs/replies.md). Without it every button asks the server. */
'use strict';
{
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
