import type { Language } from '../domain/words.ts';

/**
 * A card is meaning, not layout: each adapter draws it with its platform's own means and drops from the end what does not fit.
 * All text here is plain; the adapter escapes it for the place it goes to. A person is named by reference, so that only the
 * adapter decides how a mention looks, and nothing a user wrote can ever ping anybody.
 */
export type Inline =
  | string
  | { readonly kind: 'mention'; readonly user: string }
  | { readonly kind: 'bold'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** An instant, shown in the reader's time zone where the platform can; `text` is the fallback. */
  | { readonly kind: 'instant'; readonly ms: number; readonly text: string }
  /** One of the platform's own emoji, by its name there; `text` is the fallback. */
  | { readonly kind: 'emoji'; readonly name: string; readonly text: string };

export type RichText = readonly Inline[];

export type Tone = 'neutral' | 'info' | 'warning' | 'danger' | 'success';

export interface CardField {
  readonly label: string;
  readonly value: RichText;
}

export interface CardAction {
  /** What comes back in `ChatEvent` `button`: an action of `conversations/actions.ts`. */
  readonly action: string;
  /** Comes back with it; at most 200 characters. */
  readonly value: string;
  readonly label: string;
  readonly style?: 'primary' | 'danger';
  /** Opens this page instead of sending an event. */
  readonly url?: string;
}

export interface Card {
  /** `ITR-128 · incident · S2 · waiting for an owner` */
  readonly head: string;
  readonly title: string;
  readonly tone: Tone;
  /** One line each, the most important first. */
  readonly lines: readonly RichText[];
  /** The most important first: what does not fit is dropped from the end. */
  readonly fields: readonly CardField[];
  readonly actions: readonly CardAction[];
  /** Small print at the foot. */
  readonly note?: RichText;
}

/** A form: asked in a modal on Slack, a card with inputs on Feishu, a dialog in the playground. */
export interface Form {
  /** Comes back in `ChatEvent` `form`. */
  readonly id: string;
  /** Comes back unchanged: which ticket, which thread. At most 2,000 characters. */
  readonly context: string;
  readonly title: string;
  /** In which all of it is written. */
  readonly language?: Language;
  readonly intro?: string;
  readonly submit: string;
  readonly cancel: string;
  readonly inputs: readonly FormInput[];
}

export interface FormInput {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind: 'text' | 'long_text' | 'choice';
  readonly required: boolean;
  readonly value?: string;
  /** Of a `choice`. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly maxLength?: number;
}

/** Plain text of rich text: for notifications, fallbacks, logs and search. */
export const plain = (text: RichText): string =>
  text
    .map((part) => (typeof part === 'string' ? part : part.kind === 'mention' ? `@${part.user}` : part.text))
    .join('');
