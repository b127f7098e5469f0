import type { Logger } from 'pino';
import type { Receive } from '../../conversations/platform.ts';
import type { Raw } from '../raw.ts';
import { isRefused } from './errors.ts';
import { isForward } from './forwarded.ts';
import type { Self } from './inbound.ts';
import { listedMessage, listedRecall } from './inbound-message.ts';
import { missedReactions, type MissedReactionsOptions, type Reactable } from './missed-reactions.ts';

/** Messages are asked for from a little before what is known to have been received: two clocks, and the way. */
const OVERLAP_MS = 60_000;
/** What is on its way just now is not missing. */
const SETTLED_MS = 60_000;
const LONGEST_MS = 24 * 3_600_000;
/** A trouble that did not come again for so long is over. */
const OVER_AFTER_MS = 3_600_000;

export interface Talk {
  readonly chat: string;
  /** The message it began with. */
  readonly thread: string;
  /** All of the chat is about the one ticket. */
  readonly wholeChat: boolean;
  /** The ticket's card in it, which people react to; null: there is none. */
  readonly card: string | null;
}

type Since = (where: string, sinceMs: number, pause: (ms: number) => Promise<boolean>) => AsyncIterable<readonly Raw[]>;

export interface CatchUpOptions {
  /** Chats whose messages matter. */
  readonly watched: () => readonly string[];
  /** Between two looks while nothing breaks. */
  readonly everyMs: number;
  /** Threads whose messages matter, wherever they are. */
  readonly talks: () => Promise<readonly Talk[]>;
  /** Messages of a chat; of topics only the first. */
  readonly since: Since;
  /** Messages of the topic that this one opened. */
  readonly topicSince: Since;
  /** What the messages say that were forwarded in this one; null: nothing that could be read. */
  readonly forwarded: (message: string) => Promise<string | null>;
  readonly self: Self;
  readonly receive: Receive;
  readonly reactions: MissedReactionsOptions['reactions'];
  readonly isGesture: MissedReactionsOptions['isGesture'];
  /** Until when everything is known to have been received; null: never. Kept across restarts. */
  readonly load: () => Promise<number | null>;
  readonly save: (until: number) => Promise<void>;
  /** Somebody listens, and it is known who the bot is. */
  readonly canLook: () => boolean;
  /** What it means that messages are missing although nothing broke. */
  readonly cause: string;
  /** A connection that is dead is found to be within this: nobody else is blamed before. */
  readonly sureAfterMs: number;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * What Feishu did not deliver while no connection was open, asked for; doubles are none, since a message found here has the very id of its event.
 *
 * Feishu gives each event to one connection of the app, whosever it is, and tells nobody. So the same look is taken every few minutes: what is missing
 * although the connection never broke went to somebody else's, a forgotten test process mostly. That is reported, and what was missing is taken in.
 */
export class CatchUp {
  private from: number | null = null;
  private unbroken = false;
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private problem: { readonly line: string; readonly from: number; readonly at: number } | null = null;
  private wake: (() => void) | undefined;
  private readonly options: CatchUpOptions;

  constructor(options: CatchUpOptions) {
    this.options = options;
  }

  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => void this.look(), this.options.everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.wake?.();
    await this.running;
  }

  /** Something may not have reached us, and will be found; nobody else is to blame for it. */
  broke(): void {
    this.unbroken = false;
    if (!this.isSure()) this.problem = null;
  }

  /** Null: nothing is wrong. */
  health(): string | null {
    return this.isSure() ? (this.problem?.line ?? null) : null;
  }

  /** Resolves when everything that could be had is stored. One look at a time; asked for meanwhile, another follows. Never throws. */
  look(): Promise<void> {
    if (this.running !== null) {
      this.again = true;
      return this.running;
    }
    this.running = this.looks().finally(() => (this.running = null));
    return this.running;
  }

  private async looks(): Promise<void> {
    do {
      this.again = false;
      if (!this.options.canLook() || this.ended()) return;
      const wasUnbroken = this.unbroken;
      this.unbroken = true;
      await this.once(wasUnbroken).catch((error: unknown) => {
        // What the break has cost is still to be found.
        if (!wasUnbroken) this.unbroken = false;
        this.options.log.warn(
          { err: error },
          'Feishu: missed messages could not be looked for; tried again with the next look',
        );
      });
    } while (this.wanted());
  }

  private async once(wasUnbroken: boolean): Promise<void> {
    const { now, load, save } = this.options;
    const startedAt = now();
    const known = this.from ?? (await load());
    const from = Math.max(known ?? startedAt, startedAt - LONGEST_MS) - OVERLAP_MS;
    let missed = 0;
    const failures: unknown[] = [];
    const until = wasUnbroken ? startedAt - SETTLED_MS : startedAt + OVERLAP_MS;
    const { chats, topics, cards } = known === null ? NOWHERE : await this.places();
    const seen: Reactable[] = [];
    for (const place of [...chats, ...topics]) {
      if (this.ended()) return;
      // A call for each open ticket is not for every few minutes: somebody else's connection shows in the chats, too.
      if (place.since === this.options.topicSince && wasUnbroken && missed === 0) break;
      try {
        missed += await this.missedIn(place, from, until, seen);
      } catch (error) {
        failures.push(error);
      }
    }
    // As with topics: a call for each.
    if (!wasUnbroken || missed > 0) {
      try {
        const asked = [...cards, ...seen.reverse()];
        missed += await missedReactions(this.options, asked, { from, until }, (ms) => this.pause(ms));
      } catch (error) {
        failures.push(error);
      }
    }
    this.tell(missed, wasUnbroken, startedAt);
    if (this.ended()) return;
    // Not until all could be asked: the next look begins where this one did.
    if (failures.length > 0) throw failures[0];
    this.from = startedAt;
    await save(startedAt);
  }

  private tell(missed: number, wasUnbroken: boolean, at: number): void {
    const { log, cause } = this.options;
    if (missed === 0) {
      if (wasUnbroken && this.problem !== null && at - this.problem.at >= OVER_AFTER_MS) this.problem = null;
    } else if (wasUnbroken) {
      const line = `${missed} messages did not come although nothing broke: ${cause}`;
      this.problem = { line, from: this.problem?.from ?? at, at };
      if (this.isSure()) log.error(`Feishu: ${line}`);
      else log.warn({ missed }, 'Feishu: messages did not come although nothing broke, as far as is known yet');
    } else {
      log.info({ missed }, 'Feishu: messages of the time without connection were taken in');
    }
  }

  private isSure(): boolean {
    const { now, sureAfterMs } = this.options;
    return this.problem !== null && now() - this.problem.from >= sureAfterMs;
  }

  /** Asked for meanwhile. */
  private wanted(): boolean {
    return this.again;
  }

  private ended(): boolean {
    return this.stopped;
  }

  /** Chats, then topics: what opened a topic comes before what was said in it. */
  private async places(): Promise<Places> {
    const { watched, talks, since, topicSince } = this.options;
    const open = await talks();
    const rooms = open.filter(({ wholeChat }) => wholeChat).map(({ chat }) => chat);
    const topics = open.filter(({ wholeChat }) => !wholeChat);
    return {
      chats: [...new Set([...watched(), ...rooms])].map((chat) => ({ chat, where: chat, since })),
      topics: topics.map(({ chat, thread }) => ({ chat, where: thread, since: topicSince })),
      cards: open.flatMap(({ chat, card }) => (card === null ? [] : [{ chat, message: card }])),
    };
  }

  /** How many were missing. */
  private async missedIn(
    { chat, where, since }: AskedPlace,
    from: number,
    until: number,
    seen: Reactable[],
  ): Promise<number> {
    const { self, receive, forwarded, log } = this.options;
    let missed = 0;
    try {
      for await (const page of since(where, from, (ms) => this.pause(ms))) {
        for (const item of page) {
          const recall = listedRecall(item, chat);
          // Not counted: whether the event of it is on its way just now, nobody can tell.
          if (recall !== null) await receive(recall);
          const event = listedMessage(item, chat, 'group', self);
          if (event === null || event.at > until) continue;
          seen.push({ chat, message: event.message });
          const inside = isForward(item) ? await forwarded(event.message) : null;
          if ((await receive(inside === null ? event : { ...event, text: inside })).kind === 'accepted') missed += 1;
        }
      }
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Not let read this chat's history (the scope im:message.group_msg): the others are looked at all the same.
      log.debug({ err: error, chat }, 'Feishu: the messages of a chat could not be asked for');
    }
    return missed;
  }

  /** False: stopped meanwhile. */
  private async pause(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.ended())
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, ms);
      });
    clearTimeout(timer);
    return !this.ended();
  }
}

interface AskedPlace {
  readonly chat: string;
  /** What `since` is asked for: the chat, or the message that opened a topic. */
  readonly where: string;
  readonly since: Since;
}

interface Places {
  readonly chats: readonly AskedPlace[];
  readonly topics: readonly AskedPlace[];
  readonly cards: readonly Reactable[];
}

const NOWHERE: Places = { chats: [], topics: [], cards: [] };
