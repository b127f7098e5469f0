import { carryKey } from '../../desk/address.ts';
import { withNames } from '../../desk/names.ts';
import type { Place } from '../../desk/ports.ts';
import type { NoticeBody } from '../../domain/notices.ts';
import { sameMessage, type MessageKey } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import { DeliveryError, type Destination, type Outgoing } from '../platform.ts';
import { say, texts } from '../texts/index.ts';
import { platformOf, type DeliverDeps, type Row } from './context.ts';
import { sendOnce } from './send.ts';

export type Carried = Extract<NoticeBody, { readonly type: 'carry' | 'carry_edit' | 'carry_delete' }>;

/** Brings what was said in one thread into the other, in its author's name, exactly once; its edits and its deletion follow. */
export const deliverCarried = async (
  deps: DeliverDeps,
  row: Row,
  body: Carried,
  at: { readonly platform: string; readonly place: Place; readonly to: Destination; readonly language: Language },
): Promise<void> => {
  const { language, platform, to } = at;
  const author = { name: body.author.name };
  if (body.type === 'carry') {
    const text = withAttachments(await named(deps, body), body.attachments, language);
    await sendOnce(deps, { row, platform, to, what: { text, author, language }, kind: 'carry', copyOf: body.key });
    return;
  }
  const copy =
    row.ticket === null ? null : await deps.store.read.sent(carryKey(row.ticket, body.key, platform, at.place));
  const chat = platformOf(deps, platform);
  if (copy === null || !chat.capabilities.edit) {
    deps.log.debug(
      { key: row.key },
      'nothing to change: the message was not carried here, or the platform cannot edit',
    );
    return;
  }
  const text: RichText =
    body.type === 'carry_edit'
      ? withAttachments(await named(deps, body), await attachmentsOf(deps, row.ticket, body.key), language)
      : texts(language).notice.deletedMessage;
  const what: Outgoing = { text, author, language };
  try {
    await chat.edit(copy, what);
  } catch (error) {
    // The copy was removed by hand: then there is nothing left to correct.
    if (!(error instanceof DeliveryError && error.gone && error.scope === 'message')) throw error;
    deps.log.debug({ key: row.key }, 'the copy is gone');
  }
};

const named = (
  { directory, store }: DeliverDeps,
  { text, key }: Pick<Extract<Carried, { text: string }>, 'text' | 'key'>,
) => withNames(text, key.platform, directory, store.read);

/** An edit changes the words; the files stay. */
const attachmentsOf = async (deps: DeliverDeps, ticket: number | null, key: MessageKey) => {
  const timeline = ticket === null ? [] : await deps.store.read.timeline(ticket);
  const said = timeline.find((event) => event.type === 'message' && sameMessage(event.key, key));
  return said?.type === 'message' ? said.attachments : [];
};

/** Plain text as it was written: a name in it is no mention here, and pings nobody. */
const withAttachments = (
  text: string,
  attachments: readonly { readonly name: string; readonly url: string | null }[],
  language: Language,
): RichText => {
  const { attachment } = texts(language).notice;
  return attachments.reduce<RichText>(
    (all, { name, url }) => {
      const shown: Inline = url === null ? attachment(name) : { kind: 'link', text: attachment(name), url };
      return all.length === 0 ? [shown] : say`${all}\n${shown}`;
    },
    text === '' ? [] : [text],
  );
};
