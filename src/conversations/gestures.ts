import { GESTURES, type Gesture, type Policy } from '../domain/policy.ts';
import type { Inline } from './card.ts';

type Gestures = Pick<Policy, 'gestures' | 'platformGestures'>;

/** What an emoji means on a platform; null: nothing. `emoji` is the platform's name of it or the character, without skin tone. */
export const gestureOf = (emoji: string, policy: Gestures, platform: string): Gesture | null => {
  const seen = bare(emoji);
  return (
    GESTURES.find((gesture) => ownOf(gesture, policy, platform).some((name) => bare(name) === seen)) ??
    GESTURES.find((gesture) => policy.gestures[gesture].some((name) => bare(name) === seen)) ??
    null
  );
};

/** The first way to make a gesture on a platform, as people see it there: its own emoji, else a character. Null: it has none. */
export const gestureShown = (gesture: Gesture, policy: Gestures, platform: string): Inline | null => {
  const [own] = ownOf(gesture, policy, platform);
  if (own !== undefined) return { kind: 'emoji', name: own, text: own };
  const names = policy.gestures[gesture];
  const character = names.find((name) => !/^[\w+-]+$/.test(name));
  return character ?? (names[0] === undefined ? null : `:${names[0]}:`);
};

const ownOf = (gesture: Gesture, { platformGestures }: Gestures, platform: string): readonly string[] =>
  platformGestures?.[platform]?.[gesture] ?? [];

/** Platforms disagree on variation selectors and skin tones; neither changes what is meant. */
const bare = (emoji: string): string =>
  emoji.replace(/^:|:$|[\ufe0e\ufe0f]|[\u{1f3fb}-\u{1f3ff}]|::skin-tone-\d/gu, '').toLowerCase();
