import type { Standing } from '../../domain/identity.ts';
import type { Language } from '../../domain/words.ts';
import { en } from './texts-en.ts';
import { zh } from './texts-zh.ts';

/** Sentences of the pages. Words of the product (statuses, kinds, metrics) are the conversation's (`Labels`). */
export interface PageTexts {
  readonly nav: {
    readonly board: string;
    readonly duty: string;
    readonly new: string;
    readonly reports: string;
    readonly health: string;
    readonly playground: string;
  };
  readonly skip: string;
  readonly otherLanguage: string;
  readonly openFooter: string;
  readonly signOut: string;
  readonly times: (timezone: string) => string;
  readonly left: (time: string) => string;
  readonly over: (time: string) => string;
  readonly paused: string;
  readonly pausedLeft: (time: string) => string;
  readonly met: (time: string) => string;
  readonly cancelled: string;
  readonly due: (at: string) => string;
  readonly nobody: string;
  readonly board: {
    readonly title: string;
    readonly search: string;
    readonly all: string;
    readonly apply: string;
    readonly remove: (what: string) => string;
    readonly filter: { readonly team: string; readonly assignee: string; readonly project: string; readonly q: string };
    readonly count: (count: number) => string;
    readonly over: (count: number) => string;
    readonly more: (count: number) => string;
    readonly ended: string;
    readonly open: string;
    readonly missing: (fields: string) => string;
    readonly empty: string;
    readonly emptyHow: string;
    readonly emptyFiltered: string;
    readonly nothingHere: string;
    readonly waiting: string;
  };
  readonly ticket: {
    readonly owner: string;
    readonly next: string;
    readonly flow: string;
    readonly done: string;
    readonly now: string;
    readonly todo: string;
    readonly clocks: string;
    readonly noClocks: string;
    readonly why: string;
    readonly counted: string;
    readonly closedHours: string;
    readonly pausedSpan: string;
    readonly facts: string;
    readonly fact: Readonly<
      Record<
        | 'number'
        | 'requester'
        | 'customer'
        | 'project'
        | 'contract'
        | 'team'
        | 'routedBy'
        | 'opened'
        | 'first'
        | 'kind'
        | 'priority'
        | 'solution'
        | 'cause'
        | 'closure'
        | 'rating'
        | 'threads'
        | 'links'
        | 'entitlement',
        string
      >
    >;
    readonly guessed: string;
    readonly timeline: string;
    readonly newestFirst: string;
    readonly oldestFirst: string;
    readonly olderHidden: (count: number) => string;
    readonly showAll: string;
    readonly internal: string;
    readonly edited: string;
    readonly deleted: string;
    readonly wholeText: (lines: number) => string;
    readonly role: Readonly<Record<'origin' | 'work' | 'war_room', string>>;
    readonly activity: Readonly<Record<string, string>>;
    readonly stage: Readonly<Record<'acceptance' | 'handling' | 'closing' | 'end', string>>;
    readonly linkKind: Readonly<Record<'duplicate' | 'parent' | 'child' | 'related', string>>;
    readonly entitlement: Readonly<
      Record<'open' | 'entitled' | 'warned' | 'waiting' | 'authorized' | 'no_data', string>
    >;
    readonly refresh: string;
  };
  readonly duty: {
    readonly title: string;
    readonly team: string;
    readonly person: string;
    readonly until: string;
    readonly lead: string;
    readonly source: Readonly<Record<'rotation' | 'override' | 'fallback', string>>;
    readonly hole: string;
    readonly always: string;
    readonly empty: string;
  };
  readonly health: {
    readonly title: string;
    readonly ready: string;
    readonly notReady: string;
    readonly ok: string;
    readonly warning: string;
    readonly fault: string;
    readonly metrics: string;
  };
  readonly people: {
    readonly title: string;
    readonly person: string;
    readonly team: string;
    readonly empty: string;
    readonly unmatched: (count: number) => string;
    readonly allMatched: string;
    /** `asked` and what follows it are said with the time. */
    readonly state: Readonly<Record<Standing['state'], string>>;
    readonly how: string;
  };
  readonly later: Readonly<
    Record<'new' | 'reports', { readonly title: string; readonly text: string; readonly instead: string }>
  >;
  readonly start: {
    readonly title: string;
    readonly lead: string;
    readonly playground: string;
    readonly playgroundText: string;
    readonly boardText: string;
    readonly docs: string;
    readonly docsText: string;
  };
  readonly login: {
    readonly title: string;
    readonly text: string;
    readonly token: string;
    readonly submit: string;
    readonly wrong: string;
    readonly tooMany: string;
  };
  readonly error: {
    readonly notFound: string;
    readonly notFoundText: (path: string) => string;
    readonly noTicket: (id: string) => string;
    readonly noTicketText: string;
    readonly failed: string;
    readonly failedText: string;
    readonly id: (id: string) => string;
    readonly toBoard: string;
  };
}

const ALL: Readonly<Record<Language, PageTexts>> = { 'zh-CN': zh, en };

export const pageTexts = (language: Language): PageTexts => ALL[language];
