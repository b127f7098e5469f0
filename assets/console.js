// A convenience: without it the pages show the same, and are reloaded by hand.

const $ = (selector, root = document) => root.querySelector(selector);

// The reader's own clock, beside the service's, where they differ.
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const addOwnTime = (root) => {
  for (const time of root.querySelectorAll('time[datetime][title]')) {
    if (time.title.includes(`(${ownZone})`) || time.dataset.own) continue;
    const own = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { hour12: false });
    time.title += ` · ${own} (${ownZone})`;
    time.dataset.own = 'yes';
  }
};
addOwnTime(document);

const live = $('[data-live]');
let waiting = 0;
let loading = false;

// Nothing moves under the pointer, under the keyboard, or while something is unfolded.
const busy = () => {
  const region = $('#board') ?? $('.ticket');
  const typing = document.activeElement?.matches('input, select');
  return Boolean(typing || region?.matches(':hover') || region?.querySelector('details[open]'));
};

const refresh = async ({ wanted = false } = {}) => {
  if (loading) return;
  loading = true;
  try {
    // Not every browser sends its language along with a fetch, and half a page in another one is none.
    const headers = { accept: 'text/html', 'accept-language': document.documentElement.lang };
    const response = await fetch(location.href, { headers });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const next = $('main', fresh);
    if (!next) return;
    // Somebody may have begun to type while it was on its way.
    if (!wanted && busy()) {
      if (waiting > 0) tell();
      return;
    }
    const focused = document.activeElement?.dataset?.number;
    const across = $('#board')?.scrollLeft ?? 0;
    // Another tab may have chosen another language meanwhile: then all of the page is in it, not a half.
    const same = fresh.documentElement.lang === document.documentElement.lang;
    for (const part of same ? ['main'] : ['.skip', 'header', 'main', 'footer']) {
      const [old, other] = [$(part), $(part, fresh)];
      if (old && other) old.replaceWith(document.adoptNode(other));
    }
    document.documentElement.lang = fresh.documentElement.lang;
    document.title = fresh.title;
    if (focused) $(`[data-number="${focused}"]`)?.focus();
    if (across) $('#board')?.scrollTo({ left: across });
    addOwnTime(document);
    waiting = 0;
  } catch {
    // The next change, or the next minute, tries again.
  } finally {
    loading = false;
  }
};

const tell = () => {
  const line = $('[data-live]');
  if (!line) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = line.dataset.live === 'board' ? `${waiting} ${line.dataset.text}` : line.dataset.text;
  button.addEventListener('click', () => void refresh({ wanted: true }));
  line.replaceChildren(button);
};

if (live) {
  const which = live.dataset.live;
  const events = new EventSource('/api/v1/events');
  let opened = false;
  events.addEventListener('open', () => {
    // What happened while nobody listened was not sent.
    if (opened && !busy()) void refresh();
    opened = true;
  });
  events.addEventListener('ticket', (event) => {
    if (which !== 'board' && JSON.parse(event.data).number !== which) return;
    waiting += 1;
    if (busy()) tell();
    else void refresh();
  });
  // Time passes on the clocks, too.
  setInterval(() => {
    if (document.visibilityState === 'visible' && !busy() && waiting === 0) void refresh();
  }, 60_000);
  addEventListener('pagehide', () => events.close());
}

// j and k move, / searches.
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.('input, select, textarea')) return;
  if (event.key === '/') {
    const search = $('input[type=search]');
    if (!search) return;
    event.preventDefault();
    search.focus();
  } else if (event.key === 'j' || event.key === 'k') {
    const cards = [...document.querySelectorAll('.card')];
    const at = cards.indexOf(document.activeElement);
    const next = event.key === 'j' ? Math.min(at + 1, cards.length - 1) : Math.max(at - 1, 0);
    cards[next]?.focus();
  }
});
