// What makes pages quicker to use; every page works without it.
import { initAll } from 'govuk-frontend';

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

initAll();
document.body.addEventListener('htmx:afterSwap', (event) => {
  initAll({ scope: event.target });
  bringToLife(event.target);
});

function bringToLife(inside) {
  all('.app-form', inside).forEach((form) => {
    questionsThatDepend(form);
    answersOrReasons(form);
    times(form);
    moreRows(form);
    betterWords(form);
    recordFromAnywhere(form);
    searchWhileTyping(form);
    if (form.dataset.draft) saveWhileTyping(form);
  });
  all('[data-focus]', inside).forEach((place) => place.focus());
  all('[data-focus-on]', inside).forEach((place) => document.getElementById(place.dataset.focusOn).focus());
}

// Questions asked only after a certain answer: `data-only-if="order_or_notice=yes"`.
function questionsThatDepend(form) {
  const update = () => all('[data-only-if]', form).forEach((question) => {
    const [name, wanted] = question.dataset.onlyIf.split('=');
    const given = all(`[name="${CSS.escape(name)}"]:checked`, form).map((input) => input.value);
    const typed = all('input, textarea', question).some((i) => (i.type === 'radio' || i.type === 'checkbox' ? i.checked : i.value));
    question.hidden = !given.includes(wanted) && !typed;
  });
  form.addEventListener('change', update);
  update();
}

// An answer and a reason for having none exclude each other: the later one stands.
function answersOrReasons(form) {
  form.addEventListener('change', ({ target }) => {
    const because = target.name && target.name.endsWith('-not-known');
    const question = target.closest('.app-q');
    if (!question) return;
    if (because && target.value) {
      all('input[type=radio], input[type=checkbox]', question).forEach((i) => { i.checked = false; });
    } else if (!because && (target.type === 'radio' || target.type === 'checkbox') && target.checked) {
      const reason = question.querySelector(':scope > details select');
      if (reason) reason.value = '';
    }
  });
}

// Say what a short time means: `-20m` is 22:43, and `0200` for what is to be done is tomorrow's.
function times(form) {
  form.addEventListener('input', ({ target }) => {
    const moment = target.closest('.app-moment');
    if (moment) sayTime(moment);
  });
}

function sayTime(moment) {
  const [time, day] = all('input', moment).map((input) => input.value.trim().toLowerCase());
  let said = moment.querySelector('.app-moment__means');
  if (!said) {
    said = document.createElement('span');
    said.className = 'app-moment__means';
    said.setAttribute('role', 'status');
    moment.append(said);
  }
  const ahead = 'ahead' in moment.dataset;
  const away = /^([+-])(\d{1,3})\s*(m|h)$/.exec(time);
  const wall = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/.exec(time);
  if (day) { said.textContent = ''; return; }
  if (ahead && wall) {
    const now = londonTime(new Date()).replace(':', '');
    const then = wall[1].padStart(2, '0') + wall[2];
    said.textContent = then <= now ? '= tomorrow' : '= today';
    return;
  }
  if (!away || (away[1] === '+' && !ahead)) { said.textContent = ''; return; }
  const minutes = Number(away[1] + away[2]) * (away[3] === 'h' ? 60 : 1);
  said.textContent = `= ${londonTime(new Date(Date.now() + minutes * 60000))}`;
}

function londonTime(at) {
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
}

// Another row, from the last one, empty.
function moreRows(form) {
  all('[data-more]', form).forEach((button) => button.addEventListener('click', (event) => {
    event.preventDefault();
    const name = button.dataset.more;
    const rows = button.parentElement.querySelector('.app-rows');
    const number = rows.children.length;
    const row = rows.lastElementChild.cloneNode(true);
    const old = `${name}-${number - 1}-`;
    all('[name], [id], [for], [aria-labelledby], [aria-describedby]', row).forEach((part) => {
      ['name', 'id', 'for', 'aria-labelledby', 'aria-describedby'].forEach((attribute) => {
        const value = part.getAttribute(attribute);
        if (value) part.setAttribute(attribute, value.replaceAll(old, `${name}-${number}-`));
      });
      if (part.matches('input, textarea')) part.value = '';
    });
    row.querySelector('legend').textContent = number + 1;
    rows.append(row);
    const count = form.querySelector(`[name="${CSS.escape(name)}-rows"]`);
    if (count) count.value = number + 1;
    row.querySelector('input, textarea, select').focus();
  }));
}

// Better words while a narrative is written: a suggestion, never a block.
function betterWords(form) {
  all('[data-words]', form).forEach((field) => {
    let asked = '';
    field.addEventListener('change', async () => {
      if (field.value === asked) return;
      asked = field.value;
      const answer = await post('/words', new URLSearchParams({ text: asked }), form);
      if (!answer || !answer.ok) return;
      const question = field.closest('.app-q');
      all('.app-better', question).forEach((old) => old.remove());
      field.insertAdjacentHTML('afterend', await answer.text());
      const shown = question.querySelector('.app-better');
      if (shown) shown.setAttribute('role', 'status');
    });
  });
}

// Ctrl and Enter press the button that records, so that nobody tabs through forty questions to it.
function recordFromAnywhere(form) {
  const button = form.querySelector('.app-send button');
  if (!button) return;
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
  button.insertAdjacentHTML('afterend', '<span class="app-keys app-small">or Ctrl + Enter</span>');
}

// What is typed is kept every few seconds, and when the field or the page is left.
function saveWhileTyping(form) {
  const said = form.querySelector('[data-saved]');
  let changed = false;
  let sending = false;
  const save = async () => {
    if (!changed || sending) return;
    changed = false;
    sending = true;
    const answer = await post('/drafts', new URLSearchParams(new FormData(form)), form);
    sending = false;
    const kept = answer && answer.ok && !answer.redirected ? await answer.json() : null;
    changed = changed || !kept;
    said.classList.toggle('app-saved--failed', !kept);
    said.textContent = kept ? `Draft saved ${kept.saved}` : 'Not saved. Are you still signed in? Keep this page open.';
  };
  form.addEventListener('input', ({ target }) => { changed = changed || target.name !== 'q'; });
  form.addEventListener('change', save);
  form.addEventListener('submit', () => { changed = false; });
  setInterval(save, 4000);
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
}

// Matches while the name is typed; the Search button does the same.
function searchWhileTyping(form) {
  all('[data-search]', form).forEach((field) => {
    let waiting;
    field.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const asked = field.value;
        const body = new URLSearchParams({ q: asked });
        all('[name=child]', form).forEach((child) => body.append('child', child.value));
        const answer = await post(field.dataset.search, body, form);
        if (answer && answer.ok && !answer.redirected && field.value === asked) {
          document.getElementById(field.dataset.into || 'found').innerHTML = await answer.text();
        }
      }, 250);
    });
  });
}

async function post(where, body, form) {
  const token = form.querySelector('[name=csrfmiddlewaretoken]').value;
  try {
    return await fetch(where, { method: 'POST', body, headers: { 'X-CSRFToken': token }, keepalive: true });
  } catch {
    return null;
  }
}

// A page that shows something which may change says so, and never moves under a hand.
all('[data-version-url]').forEach((banner) => setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch(banner.dataset.versionUrl).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const { version } = await answer.json();
  banner.hidden = version === banner.dataset.version;
}, 15000));

// A line for the incident log, copied in one press.
all('[data-copy]').forEach((field) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'govuk-button govuk-button--secondary app-button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    field.select();
    await navigator.clipboard.writeText(field.value).catch(() => document.execCommand('copy'));
    button.textContent = 'Copied';
  });
  field.after(button);
});

bringToLife(document);
