import { app, teamOf, whoIs } from './app.js';
import { h } from './dom.js';
import { exact, short } from './time.js';
import { w } from './words.js';

/** Said by the machinery to itself: true, but not what a reader scans the timeline for. */
const HIDDEN = new Set(['checkpoint', 'linked']);
/** What the rules decided. The entry's actor only set them going. */
const BY_RULE = new Set(['entitled', 'dispatched']);

const people = (list) =>
  (list ?? [])
    .filter((told) => told?.person)
    .map((told) => whoIs(told, 'person'))
    .join(', ');

const clockName = (id) => w().metrics[String(id ?? '').split(/[#:]/)[0]] ?? id ?? '';

/** `restore 100%` */
const because = (text) => String(text ?? '').replace(/^[a-z]+(?= \d)/, clockName);

/** What belongs beside the word, in as few characters as possible. */
const detail = (entry) => {
  switch (entry.type) {
    case 'captured':
    case 'severity_changed':
      return entry.to ? `${entry.from} → ${entry.to}` : (entry.severity ?? '');
    case 'fields_changed':
      return Object.entries(entry.fields ?? {})
        .filter(([field]) => field !== 'impact_level')
        .map(([field, value]) => (field === 'since' && Date.parse(value) ? short(Date.parse(value)) : value))
        .join(' · ');
    case 'dispatched':
      return [teamOf(entry.team), entry.duty && whoIs(entry, 'duty')].filter(Boolean).join(' → ');
    case 'transferred':
    case 'escalated':
      return entry.to ? whoIs(entry, 'to') : entry.team ? teamOf(entry.team) : because(entry.because);
    case 'claimed':
      return entry.assignee === entry.actor ? '' : whoIs(entry, 'assignee');
    case 'assigned':
      return entry.assignee ? whoIs(entry, 'assignee') : '';
    case 'resolved':
      return entry.solution ?? '';
    case 'point_reached':
      return [clockName(entry.clock), entry.point, people([...(entry.remind ?? []), ...(entry.ping ?? [])])]
        .filter(Boolean)
        .join(' · ');
    case 'breached':
      return clockName(entry.clock);
    case 'reminded':
      return people(entry.told);
    case 'rated':
      return '★'.repeat(Number(entry.score) || 0);
    case 'pended':
      return [w().reasons[entry.reason] ?? entry.reason, entry.note].filter(Boolean).join(' · ');
    case 'entitled':
      return entry.contract ?? '';
    case 'refused':
      return entry.reason ?? '';
    default:
      return entry.text ?? entry.note ?? entry.reason ?? '';
  }
};

const BAD = new Set(['breached', 'refused']);

const drawEntry = (entry) => {
  const at = Date.parse(entry.saidAt ?? entry.at);
  const said = entry.type === 'message';
  const actor = BY_RULE.has(entry.type) ? app.state.bot : whoIs(entry, said && entry.author ? 'author' : 'actor');
  const internal = entry.type === 'note' || entry.internal === true;
  return h(
    'li',
    { class: [internal && 'internal', BAD.has(entry.type) && 'bad'].filter(Boolean).join(' ') },
    h('time', { class: 'quiet', datetime: entry.saidAt ?? entry.at, title: exact(at) }, short(at)),
    h(
      'p',
      {},
      h('strong', {}, actor),
      ' ',
      h('span', { class: 'did' }, w().events[entry.type] ?? entry.type),
      // Its tint says so, too, but never alone.
      internal && said && h('span', { class: 'did' }, ` (${w().gestures.internal})`),
      detail(entry) && h('span', { class: 'detail' }, ` ${detail(entry)}`),
    ),
  );
};

/** Newest first: what has just happened is what the visitor looks for. */
export const drawTimeline = (timeline) => {
  const entries = timeline.filter((entry) => !HIDDEN.has(entry.type)).reverse();
  return h(
    'section',
    {},
    h('h3', {}, w().timeline),
    entries.length === 0
      ? h('p', { class: 'quiet' }, w().noTimeline)
      : h('ol', { class: 'timeline', reversed: true }, entries.map(drawEntry)),
  );
};
