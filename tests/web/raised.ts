import type { Status } from '../../src/domain/words.ts';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';
import { EXAMPLE, at } from '../support/world.ts';

export const LIN = 'slack:U0LIN';
/** Nobody's requester, in no team. */
export const STRANGER = 'slack:U0FAR';

/** Thursday afternoon of the example's calendar. */
export const START = at('2026-11-19T15:00:00+08:00');

export type Json = Record<string, unknown>;

export interface Office {
  readonly app: App;
  readonly clock: HandClock;
  raise(more?: Json): Promise<string>;
  /** Status and body of a command. */
  tell(number: string, command: Json): Promise<{ readonly status: number; readonly body: Json }>;
  /** A ticket of Lin's, brought to a status. Wei owns it where somebody does. */
  ticketIn(status: Status): Promise<string>;
  stop(): Promise<void>;
}

export async function openOffice(env: Readonly<Record<string, string>> = {}): Promise<Office> {
  const clock = new HandClock(START);
  const app = await startApp({ config: EXAMPLE, clock, env });

  const raise = async (more: Json = {}): Promise<string> => {
    const body = {
      title: '数据库时断时续',
      product: 'db',
      impact: '全部用户',
      project: 'acme-core',
      requester: LIN,
      ...more,
    };
    const made = await app.api('/api/v1/tickets', { method: 'POST', body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body['number'] as string;
  };
  const tell = (number: string, command: Json) =>
    app.api(`/api/v1/tickets/${number}/commands`, { method: 'POST', body: command });

  const WAY: Readonly<Record<Status, readonly Json[]>> = {
    draft: [],
    queued: [],
    in_progress: [{ type: 'claim', as: 'wei' }],
    pending: [
      { type: 'claim', as: 'wei' },
      { type: 'pend', as: 'wei', reason: 'customer' },
    ],
    restored: [
      { type: 'claim', as: 'wei' },
      { type: 'restore', as: 'wei' },
    ],
    resolved: [
      { type: 'claim', as: 'wei' },
      { type: 'resolve', as: 'wei', solution: '调整连接池', cause: 'configuration' },
    ],
    closed: [
      { type: 'claim', as: 'wei' },
      { type: 'resolve', as: 'wei', solution: '调整连接池', cause: 'configuration' },
      { type: 'confirm', as: LIN },
    ],
    rejected: [{ type: 'reject', as: 'mei', reason: 'out_of_scope' }],
    cancelled: [{ type: 'cancel', as: LIN }],
  };

  return {
    app,
    clock,
    raise,
    tell,
    async ticketIn(status) {
      // Without its impact it stays a draft.
      const number = await raise(status === 'draft' ? { impact: undefined } : {});
      for (const command of WAY[status]) {
        const told = await tell(number, command);
        if (told.status !== 200) throw new Error(JSON.stringify(told.body));
      }
      return number;
    },
    stop: () => app.stop(),
  };
}
