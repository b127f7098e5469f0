import { at, text, type Raw } from '../raw.ts';
import type { Self } from './inbound.ts';

/** Somebody named in a message. */
export interface Mention {
  /** What stands for him in the text: `@_user_1`. */
  readonly key: string;
  /** His open_id, or the id of an app; null: Feishu gave neither. */
  readonly id: string | null;
  readonly name: string | null;
}

/** An event gives the id as an object, the API as a string and what kind of id that is. Both may lack the open_id. */
export const mentionsOf = (raw: readonly Raw[]): readonly Mention[] =>
  raw.flatMap((mention): Mention[] => {
    const key = text(mention, 'key');
    if (key === null) return [];
    const kind = text(mention, 'id_type') ?? 'open_id';
    const usable = kind === 'open_id' || kind === 'app_id' ? text(mention, 'id') : null;
    return [{ key, id: text(at(mention, 'id'), 'open_id') ?? usable, name: text(mention, 'name') }];
  });

export interface Named {
  /** As people see it: people as `@<open_id>`, or by name where Feishu gave no id; everybody as `@all`; the bot's own mention removed. */
  readonly text: string;
  /** open_ids of those mentioned, the bot not among them. */
  readonly mentions: readonly string[];
  /** The bot was mentioned. */
  readonly addressed: boolean;
}

/** Whole numbers: the SDK replaces `@_user_1` within `@_user_10`. `@_all` has no entry among the mentions. */
const PLACEHOLDER = /@_user_\d+|@_all(?!\w)/g;
/** Only Markdown has these as text. */
const MARKDOWN = /<at (?:user_)?id="?([^"<>\s]*)"?>([^<]*)<\/at>|@_user_\d+|@_all(?!\w)/g;
const EVERYBODY: ReadonlySet<string> = new Set(['all', '@_all', 'all_members']);
const BOT = '\u0000';

export type Names = ReturnType<typeof createNames>;

/** Turns the parts of one message into text, and remembers whom they name. What its functions gave is put together and goes through `done`. */
export const createNames = (known: readonly Mention[], self: Pick<Self, 'openId' | 'appId'>) => {
  const byKey = new Map(known.map((mention) => [mention.key, mention]));
  const mentions = new Set<string>();
  let addressed = false;

  const shown = (id: string | null, name: string | null, otherwise: string): string => {
    if (id !== null && (id === self.openId || id === self.appId)) {
      addressed = true;
      return BOT;
    }
    if (id === null) return (name === null || name === '' ? otherwise : `@${name}`).replaceAll(BOT, '');
    const clean = id.replaceAll(BOT, '');
    mentions.add(clean);
    return `@${clean}`;
  };

  const placeholder = (key: string): string => {
    if (key === '@_all') return '@all';
    const mention = byKey.get(key);
    return shown(mention?.id ?? null, mention?.name ?? null, key);
  };

  /** An `at` of a rich text: by the key of a mention, or by an open_id outright. */
  const person = (id: string, name: string | null): string => {
    if (EVERYBODY.has(id)) return '@all';
    if (byKey.has(id)) return placeholder(id);
    return shown(id.startsWith('ou_') ? id : null, name, id.startsWith('@') ? id : `@${id}`);
  };

  return {
    person,
    typed: (said: string): string => said.replaceAll(BOT, '').replace(PLACEHOLDER, placeholder),
    markdown: (said: string): string =>
      said
        .replaceAll(BOT, '')
        .replace(MARKDOWN, (whole, id: string | undefined, name: string | undefined) =>
          id === undefined ? placeholder(whole) : person(id, name ?? null),
        ),
    done: (joined: string): Named => ({
      text: joined
        .replace(/^[ \t]*\0[ \t]*[:,\uFF1A\uFF0C]?[ \t]*/gm, '')
        .replace(/[ \t]?\0/g, '')
        // A placeholder that Feishu tells nothing of is shown, but not as what looks like one.
        .replaceAll('@_user_', '@user_')
        .trim(),
      mentions: [...mentions],
      addressed,
    }),
  };
};
