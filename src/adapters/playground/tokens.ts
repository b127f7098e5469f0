/** How long an interaction may be answered, by the playground's clock. Generous beside Slack's three seconds for a form: nobody gains by haste here. */
const LIFETIME_MS = 5 * 60_000;
const MOST = 200;

export interface Interaction {
  readonly user: string;
  readonly chat: string | null;
  readonly thread: string | null;
}

/** Remembers who may be answered through which token. In memory only: after a restart every token has expired. */
export const createTokens = (options: { readonly now: () => number; readonly newId: () => string }) => {
  const open = new Map<string, { readonly interaction: Interaction; readonly until: number; formOpened: boolean }>();

  const live = (token: string) => {
    const entry = open.get(token);
    if (!entry || entry.until < options.now()) {
      open.delete(token);
      return null;
    }
    return entry;
  };

  return {
    issue(interaction: Interaction): string {
      const token = options.newId();
      open.set(token, { interaction, until: options.now() + LIFETIME_MS, formOpened: false });
      const oldest = open.keys().next().value;
      if (open.size > MOST && oldest !== undefined) open.delete(oldest);
      return token;
    },
    /** May be answered several times while it lives. */
    forReply: (token: string): Interaction | null => live(token)?.interaction ?? null,
    /** Opens one form only: a second one would take away what the person is typing. */
    forForm(token: string): Interaction | null {
      const entry = live(token);
      if (!entry || entry.formOpened) return null;
      entry.formOpened = true;
      return entry.interaction;
    },
  };
};
