import { GESTURES } from '../../domain/policy.ts';
import type { Form, Gesture, Policy } from '../../domain/policy.ts';
import { KINDS, LEVELS } from '../../domain/words.ts';
import type { Kind } from '../../domain/words.ts';
import {
  DEFAULT_GESTURES,
  DEFAULT_IMPACT,
  DEFAULT_MATRIX,
  DEFAULT_PLATFORM_GESTURES,
  defaultForm,
} from '../defaults.ts';
import type { CompleteFile } from '../defaults.ts';
import { PLATFORMS } from '../schema/service.ts';

export const resolveMatrix = (file: CompleteFile): Policy['priorities'] => {
  const matrix = file.priorities?.matrix;
  return record(LEVELS, (impact) =>
    record(LEVELS, (urgency) => matrix?.[impact]?.[urgency] ?? DEFAULT_MATRIX[impact][urgency]),
  );
};

export const resolveImpact = (file: CompleteFile): Policy['impactLevels'] =>
  record(LEVELS, (level) => file.impact_levels?.[level] ?? DEFAULT_IMPACT[level]);

export const resolveForms = (file: CompleteFile): Map<Kind, Form> => {
  const hasProducts = Object.keys(file.products).length > 0;
  return new Map(
    KINDS.map((kind): [Kind, Form] => {
      const fallback = defaultForm(kind === 'incident', hasProducts);
      const form = file.forms?.[kind];
      const required = form?.required ?? (form?.ask === undefined ? fallback.required : []);
      // What is required has to be asked for, or the ticket could never be registered.
      return [kind, { required, ask: [...new Set([...(form?.ask ?? fallback.ask), ...required])] }];
    }),
  );
};

export const resolveGestures = (file: CompleteFile): Policy['gestures'] =>
  record(GESTURES, (gesture) => (file.gestures?.[gesture] ?? DEFAULT_GESTURES[gesture]).map(withoutColons));

export const resolvePlatformGestures = (file: CompleteFile): NonNullable<Policy['platformGestures']> =>
  Object.fromEntries(
    PLATFORMS.flatMap((platform) => {
      const own = file.gestures?.[platform];
      const fallback = DEFAULT_PLATFORM_GESTURES[platform];
      if (own === undefined && fallback === undefined) return [];
      // What the file gives another meaning loses its default one.
      const written = new Set([
        ...GESTURES.flatMap((gesture) => own?.[gesture] ?? []).map(withoutColons),
        ...GESTURES.flatMap((gesture) => file.gestures?.[gesture] ?? []).map(withoutColons),
      ]);
      const lists = GESTURES.flatMap((gesture): [Gesture, string[]][] => {
        const list = own?.[gesture]?.map(withoutColons) ?? fallback?.[gesture]?.filter((name) => !written.has(name));
        return list === undefined ? [] : [[gesture, list]];
      });
      return [[platform, Object.fromEntries(lists)]];
    }),
  );

const withoutColons = (emoji: string): string => emoji.replace(/^:(.+):$/, '$1');

const record = <K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
