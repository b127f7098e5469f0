import { afterEach, beforeEach, describe } from 'vitest';

import type { OpenPlatform, PlatformBench } from './platform-bench.ts';
import { inboundContract } from './platform-inbound.ts';
import { lifeContract } from './platform-life.ts';
import { lookupContract } from './platform-lookup.ts';
import { outboundContract } from './platform-outbound.ts';
import { privateContract } from './platform-private.ts';

/** What every adapter promises (`ChatPlatform`). Where a platform cannot, the test says what the adapter does instead. */
export function platformContract(name: string, open: OpenPlatform): void {
  describe(`platform: ${name}`, () => {
    let bench: PlatformBench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());
    const here = (): PlatformBench => bench;
    inboundContract(here);
    outboundContract(here);
    privateContract(here);
    lookupContract(here);
    lifeContract(here, open);
  });
}
