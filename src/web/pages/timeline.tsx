import type { TicketEvent } from '../../domain/events.ts';
import type { MessageKey } from '../../domain/ticket.ts';
import { Time } from './frame.tsx';
import { happened } from './happened.ts';
import type { PageView } from './view.ts';

interface TimelineProps {
  readonly view: PageView;
  readonly timeline: readonly TicketEvent[];
  readonly order: 'newest' | 'oldest';
  readonly hidden: number;
}

/** Both threads and everything that happened, merged by time; what is internal is tinted and says so. */
export const Timeline = ({ view, timeline, order, hidden }: TimelineProps) => {
  const { texts } = view;
  const marks = marksOf(timeline);
  const entries = order === 'newest' ? [...timeline].reverse() : timeline;
  const earlier =
    hidden === 0 ? null : (
      <p class="quiet">
        {texts.ticket.olderHidden(hidden)} <a href={view.sameWith('all', '1')}>{texts.ticket.showAll}</a>
      </p>
    );
  return (
    <section class="panel" aria-label={texts.ticket.timeline}>
      <h2 class="with-link">
        {texts.ticket.timeline}
        <a class="quiet" href={view.sameWith('order', order === 'newest' ? 'oldest' : null)}>
          {order === 'newest' ? texts.ticket.newestFirst : texts.ticket.oldestFirst} ⇅
        </a>
      </h2>
      {order === 'oldest' ? earlier : null}
      <ol class="timeline">
        {entries.map((event) => (
          <Entry view={view} event={event} marks={marks} />
        ))}
      </ol>
      {order === 'newest' ? earlier : null}
    </section>
  );
};

interface Marks {
  readonly edited: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  readonly internal: ReadonlySet<string>;
}

const nameOf = ({ platform, chat, message }: MessageKey): string => `${platform}:${chat}:${message}`;

/** What later entries say of messages: a message that was hidden afterwards is internal here, too. */
function marksOf(timeline: readonly TicketEvent[]): Marks {
  const keys = (type: TicketEvent['type']): ReadonlySet<string> =>
    new Set(
      timeline.flatMap((event) =>
        event.type === type && 'key' in event && event.key !== null ? [nameOf(event.key)] : [],
      ),
    );
  return { edited: keys('message_edited'), deleted: keys('message_deleted'), internal: keys('note') };
}

const Entry = ({
  view,
  event,
  marks,
}: {
  readonly view: PageView;
  readonly event: TicketEvent;
  readonly marks: Marks;
}) => {
  const { texts } = view;
  const { what, more, tone } = happened(event, view);
  const said = event.type === 'message';
  const key = said ? nameOf(event.key) : '';
  const internal = event.type === 'note' || (said && (event.internal || marks.internal.has(key)));
  const labels = [
    ...(internal ? [texts.ticket.internal] : []),
    ...(said && marks.edited.has(key) ? [texts.ticket.edited] : []),
    ...(said && marks.deleted.has(key) ? [texts.ticket.deleted] : []),
  ];
  const attachments = said ? event.attachments : [];
  return (
    <li
      class={[tone, said ? `said ${event.side}` : '', internal ? 'internal' : '']
        .filter((part) => part !== '')
        .join(' ')}
      id={`e${event.seq}`}
    >
      <p class="head">
        <Time ms={said ? event.saidAt : event.at} view={view} />
        <strong>{said ? event.author.name : event.actor.name}</strong> <span class="what">{what}</span>
        {labels.map((label) => (
          <span class="label">{label}</span>
        ))}
      </p>
      {more === null || more.trim() === '' ? null : <Words text={more} view={view} />}
      {attachments.length === 0 ? null : (
        <ul class="attachments">
          {attachments.map(({ name, url }) => (
            <li>
              📎{' '}
              {url === null || !/^https?:\/\//.test(url) ? (
                name
              ) : (
                <a href={url} rel="noreferrer noopener">
                  {name}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
};

const LONG = 1_200;
const MANY_LINES = 14;

/** A paste of 3,000 lines is there, and not in the way. */
const Words = ({ text, view }: { readonly text: string; readonly view: PageView }) => {
  const lines = text.split('\n');
  if (text.length <= LONG && lines.length <= MANY_LINES)
    return (
      <p class="words" dir="auto">
        {text}
      </p>
    );
  const start = lines.slice(0, 5).join('\n').slice(0, 500);
  return (
    <details class="long">
      <summary>
        <span class="words" dir="auto">
          {start}…
        </span>
        <span class="quiet"> {view.texts.ticket.wholeText(lines.length)}</span>
      </summary>
      <p class="words" dir="auto">
        {text}
      </p>
    </details>
  );
};
