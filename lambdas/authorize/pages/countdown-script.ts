/** The longest wait that is counted down to, in seconds. */
export const longestCountdown = 120;

/**
 * Counts down to when another code can be requested, where the page says so, and lets nothing be requested before. Without
 * it the page says how long it was when it was made, and the server knows.
 */
export const countdownScript = `
const form = document.querySelector('form[data-wait]');
const button = form.querySelector('button');
const said = document.querySelector('#problem');
const end = performance.now() + form.dataset.wait * 1000;
const words = new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: 'second', unitDisplay: 'long' });
const timer = setInterval(tick, 1000);
function tick() {
  const left = Math.ceil((end - performance.now()) / 1000);
  said.textContent = form.dataset.text.replace('{time}', words.format(left));
  button.disabled = left > 0;
  if (left > 0) return;
  clearInterval(timer);
  said.hidden = true;
}
said.role = 'timer';
tick();
`;
