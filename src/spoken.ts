import type { PolicySource } from './desk/ports.ts';
import type { Policy } from './domain/policy.ts';
import type { Language } from './domain/words.ts';

/**
 * The policy in the language that the playground's visitor reads. Only for the built-in configuration: nobody wrote its `locale`, while a file's is
 * somebody's decision.
 */
export function inSpokenLanguage(
  source: PolicySource,
): PolicySource & { readonly speak: (language: Language) => void } {
  let spoken: Language | null = null;
  let made: { readonly from: Policy; readonly policy: Policy } | null = null;
  return {
    current() {
      const from = source.current();
      if (spoken === null || spoken === from.locale) return from;
      // One object for as long as nothing changes: what is derived from it is kept by its identity.
      if (made?.from !== from || made.policy.locale !== spoken) made = { from, policy: { ...from, locale: spoken } };
      return made.policy;
    },
    speak(language) {
      spoken = language;
    },
  };
}
