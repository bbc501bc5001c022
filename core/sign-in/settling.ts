import { html } from '#core/http/html.ts';
import type { Words } from '#core/words/words.ts';

const SETTLING_MILLISECONDS = 800;

/**
 * A page that decides something does nothing for a moment after it comes into view or gets the focus: another page may
 * have put a window over it, which closes between the two clicks of a double click. Keys are let through, for nothing on
 * the page has the focus until somebody puts it there. Without scripts the page works at once.
 */
export function settlingScript({ settling }: Words): string {
  return `
const deciding = document.querySelectorAll('button, a.main');
const status = document.querySelector('[role=status]');
let settled, timer;
function mark(is) {
  settled = is;
  for (const each of deciding) each.ariaDisabled = !is;
}
function settle() {
  mark(false);
  clearTimeout(timer);
  if (!document.hidden && document.hasFocus()) timer = setTimeout(mark, ${SETTLING_MILLISECONDS}, true);
}
for (const change of ['focus', 'blur', 'pageshow']) addEventListener(change, settle);
document.addEventListener('visibilitychange', settle);
addEventListener('click', (event) => {
  const isByKey = event.detail === 0;
  if (settled || isByKey || !event.target.closest('button, a.main')) return;
  event.preventDefault();
  status.textContent = ${inScript(settling.tooSoon)};
}, true);
settle();
`;
}

/** A text as a script has it, which cannot end the script's element. */
function inScript(text: string): string {
  return JSON.stringify(text).replaceAll('<', '\\u003c');
}

/** Where the script says that it let nothing happen. */
export const settlingNotice = html`<p class="soft" role="status"></p>`;
