import { isObject } from './types.ts';
import type { Json, JsonObject, Mention, Who } from './types.ts';
import type { IdType, World } from './world.ts';

/** Gathers who is mentioned: the same person keeps the same `@_user_N`. */
class Mentioned {
  readonly list: Mention[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  key(who: Who): string {
    const same = this.list.find((mention) => JSON.stringify(mention.who) === JSON.stringify(who));
    if (same) return same.key;
    const key = `@_user_${this.list.length + 1}`;
    this.list.push({ key, who, name: this.world.nameOf(who) });
    return key;
  }
}

export type Written = { content: string; mentions: Mention[] };

/** `bot` is the first app's bot. */
export function whoIs(world: World, name: string): Who | undefined {
  const [first] = world.apps.keys();
  if (name === 'bot' && first !== undefined) return { kind: 'app', id: first };
  return world.people.has(name) ? { kind: 'person', key: name } : undefined;
}

/**
 * What a person types: `@wei`, `@bot` and `@all` become mentions, other words stay. The client puts a space behind every
 * mention. `@_all` has no entry among the mentions.
 */
export function typed(world: World, text: string, more: readonly string[] = []): Written {
  const mentioned = new Mentioned(world);
  const marked = [...more.map((name) => `@${name}`), text].filter((part) => part !== '').join(' ');
  const written = marked.replaceAll(/(?<![A-Za-z0-9_])@([A-Za-z0-9_]+)(\s?)/g, (whole, name: string, space: string) => {
    const who = whoIs(world, name);
    if (name !== 'all' && !who) return whole;
    return `${who ? mentioned.key(who) : '@_all'}${space === '' ? ' ' : space}`;
  });
  return { content: JSON.stringify({ text: written }), mentions: mentioned.list };
}

/** A person's post: an `at` names its person by key. */
export function typedPost(world: World, title: string, content: JsonObject[][]): Written {
  const mentioned = new Mentioned(world);
  const lines = content.map((line) =>
    line.map((part) => {
      if (part.tag !== 'at') return part;
      const who = whoIs(world, String(part.user_id));
      return {
        tag: 'at',
        user_id: who ? mentioned.key(who) : '@_all',
        user_name: who ? world.nameOf(who) : '',
        style: [],
      };
    }),
  );
  return { content: JSON.stringify({ title, content: lines }), mentions: mentioned.list };
}

/** A bot's text: `<at user_id="…">` becomes a mention. A person the app does not know stays as text, as in Feishu. */
export function sentText(world: World, app: string, text: string): Written {
  const mentioned = new Mentioned(world);
  const written = text.replaceAll(/<at user_id="([^"]*)">[^<]*<\/at>/g, (whole, id: string) => {
    if (id === 'all') return '@_all';
    const who = byAnyId(world, app, id);
    return who ? mentioned.key(who) : whole;
  });
  return { content: JSON.stringify({ text: written }), mentions: mentioned.list };
}

/** A bot's post, in the first language it has, without the wrapping. */
export function sentPost(world: World, app: string, post: JsonObject): Written {
  const mentioned = new Mentioned(world);
  const flat = Array.isArray(post.content) ? post : Object.values(post).find(isObject);
  const lines = Array.isArray(flat?.content) ? flat.content : [];
  const content = lines.map((line) =>
    (Array.isArray(line) ? line : []).map((part) => asMentioned(world, app, mentioned, part)),
  );
  return { content: JSON.stringify({ title: flat?.title ?? '', content }), mentions: mentioned.list };
}

function asMentioned(world: World, app: string, mentioned: Mentioned, part: Json): Json {
  if (!isObject(part) || part.tag !== 'at') return part;
  const who = byAnyId(world, app, String(part.user_id));
  return who ? { ...part, user_id: mentioned.key(who), user_name: world.nameOf(who) } : part;
}

function byAnyId(world: World, app: string, id: string): Who | undefined {
  const types: readonly IdType[] = ['union_id', 'user_id'];
  const person = types.map((type) => world.personBy(app, type, id)).find((found) => found !== undefined);
  return person ? { kind: 'person', key: person.key } : world.whoBy(app, id);
}

/** As people read it: mentions as `@name`. */
export function readable(text: string, mentions: readonly Mention[]): string {
  return text.replaceAll(/@_user_\d+|@_all/g, (key) => {
    if (key === '@_all') return '@所有人';
    return `@${mentions.find((mention) => mention.key === key)?.name ?? key}`;
  });
}
