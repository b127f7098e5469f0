import { audit } from './audit.ts';
import { clock } from './clock.ts';
import { disk } from './disk.ts';
import { durable } from './durable.ts';
import { killUnderLoad } from './kill.ts';
import { lock } from './lock.ts';
import { outage } from './outage.ts';
import { race } from './race.ts';
import { ratelimit } from './ratelimit.ts';
import { redelivery } from './redelivery.ts';
import type { Form, Scenario } from './scenario.ts';
import { timeout } from './timeout.ts';

const killed = (form: Form) => (form === 'short' ? { kills: 4, pauseMs: 800 } : { kills: 200, pauseMs: 1_500 });

/** What can be broken, by the name that `npm run test:faults -- NAME` takes. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  kill: (form) => killUnderLoad({ database: 'sqlite', processes: 1, ...killed(form) }),
  two: (form) => killUnderLoad({ database: 'postgresql', processes: 2, ...killed(form) }),
  outage,
  ratelimit,
  timeout,
  redelivery,
  clock,
  durable,
  audit,
  lock,
  disk,
  race,
};
