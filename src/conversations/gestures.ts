import { GESTURES, type Gesture, type Policy } from '../domain/policy.ts';

/** What an emoji means here; null: nothing. `emoji` is a platform's name of it or the character, without skin tone. */
export const gestureOf = (emoji: string, policy: Pick<Policy, 'gestures'>): Gesture | null => {
  const seen = bare(emoji);
  return GESTURES.find((gesture) => policy.gestures[gesture].some((name) => bare(name) === seen)) ?? null;
};

/** The first way to make a gesture, as people see it: a character where the configuration holds one. Null: it has none. */
export const gestureShown = (gesture: Gesture, policy: Pick<Policy, 'gestures'>): string | null => {
  const names = policy.gestures[gesture];
  const character = names.find((name) => !/^[\w+-]+$/.test(name));
  return character ?? (names[0] === undefined ? null : `:${names[0]}:`);
};

/** Platforms disagree on variation selectors and skin tones; neither changes what is meant. */
const bare = (emoji: string): string =>
  emoji.replace(/^:|:$|[\ufe0e\ufe0f]|[\u{1f3fb}-\u{1f3ff}]|::skin-tone-\d/gu, '').toLowerCase();
