import { BOT, type PlaygroundPerson } from './model.ts';

export interface Understood {
  /** As the rest of the program reads it: `@wei` for a person, the bot's own mention taken out. */
  readonly text: string;
  readonly mentions: readonly string[];
  readonly addressed: boolean;
}

const LATIN = /[\p{Script=Latin}\p{N}_]/u;

/**
 * Finds `@name` in what a person typed. There is no space after a name in Chinese ("@魏伟请看"), so the longest known name that fits wins; a Latin
 * name must end where the word ends ("@Lisa" is not Li), and an `@` inside a word ("li@example.com") names nobody.
 */
export const readMentions = (typed: string, people: readonly PlaygroundPerson[]): Understood => {
  const names = people
    .flatMap((person) =>
      [person.id, person.name, ...person.aliases, ...Object.values(person.shown).map((shown) => shown.name)].map(
        (name) => ({ name: name.toLowerCase(), id: person.id }),
      ),
    )
    .concat({ name: BOT, id: BOT })
    .sort((a, b) => b.name.length - a.name.length);
  const lower = typed.toLowerCase();
  const mentions: string[] = [];
  let addressed = false;
  let text = '';

  for (let at = 0; at < typed.length; at += 1) {
    const before = typed[at - 1] ?? ' ';
    const found =
      typed[at] === '@' && !LATIN.test(before)
        ? names.find(({ name }) => {
            if (!lower.startsWith(name, at + 1)) return false;
            const after = typed[at + 1 + name.length] ?? ' ';
            return !(LATIN.test(name.at(-1) ?? '') && LATIN.test(after));
          })
        : undefined;
    if (!found) {
      text += typed.charAt(at);
      continue;
    }
    at += found.name.length;
    if (found.id === BOT) {
      addressed = true;
      while (typed[at + 1] === ' ') at += 1;
    } else {
      text += `@${found.id}`;
      if (!mentions.includes(found.id)) mentions.push(found.id);
    }
  }
  return { text: text.trim(), mentions, addressed };
};
