// Boards that keep themselves fresh: they ask every 15 seconds while somebody looks, say what
// changed, and never move a row under a hand.
const EVERY = 15000;
const stale = document.getElementById('stale');

const words = (milliseconds) => {
  const minutes = Math.floor(milliseconds / 60000);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(minutes / 1440);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 && days < 14 ? `${days} days ${hours % 24} h` : `${days} days`;
};

// What is left goes on counting down; the order of the rows stays as it was read.
const count = () => {
  const now = Date.now();
  for (const state of document.querySelectorAll('[data-due]')) {
    if (/working day|service hours/.test(state.textContent)) continue;
    const left = new Date(state.dataset.due) - now;
    state.textContent = left > 0 ? `${words(left)} left` : `overdue by ${words(-left)}`;
    if (left <= 0) {
      state.classList.remove('app-state--running', 'app-state--soon');
      state.classList.add('app-state--overdue');
    }
  }
  for (const since of document.querySelectorAll('[data-since]')) {
    since.textContent = words(now - new Date(since.dataset.since));
  }
};

const ask = () => {
  if (document.visibilityState !== 'visible') return;
  count();
  window.htmx?.trigger(document.body, 'board-poll');
};

setInterval(ask, EVERY);
document.addEventListener('visibilitychange', ask);
for (const trouble of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.body.addEventListener(trouble, () => { if (stale) stale.hidden = false; });
}
document.body.addEventListener('htmx:afterSwap', () => { if (stale) stale.hidden = true; });
