import { describe, expect, it } from 'vitest';

import type { Immediate } from '../../src/conversations/platform.ts';
import { inChat, sendText, theOnly } from './platform-bench.ts';
import type { OpenPlatform, PlatformBench } from './platform-bench.ts';

/** Beginning, trouble and end. */
export function lifeContract(bench: () => PlatformBench, open: OpenPlatform): void {
  describe('its life', () => {
    it('is well once it has started, and says so in a line with its name', () => {
      const { ok, line } = bench().platform.health();
      expect(ok).toBe(true);
      expect(line).toMatch(new RegExp(`^${bench().platform.name}: [^\\n]+$`));
    });

    it('says when the platform refuses its keys; what waits is for later; it is well again when they are accepted', async () => {
      await bench().refuseKeys();
      const failed = await sendText(bench(), inChat(bench()), 'x').catch((error: unknown) => error);
      if (bench().keys) expect(failed).toMatchObject({ permanent: false, unknown: false, scope: 'platform' });
      else expect(failed).toMatchObject({ chat: bench().chat });
      expect(bench().platform.health().ok).toBe(!bench().keys);
      await bench().acceptKeys();
      // What was refused waits for a while; anything else that is asked finds it out.
      await bench().platform.profile(bench().ids.lin);
      expect(bench().platform.health().ok).toBe(true);
    });

    it('starts although the platform is down, says so, and gets through by itself', async () => {
      const late = await open({ start: false });
      try {
        late.down();
        await late.platform.start();
        expect(late.platform.health().ok).toBe(false);
        late.up();
        await expect.poll(() => late.platform.health().ok, { timeout: 20_000 }).toBe(true);
        await late.settled();
        await late.says('lin', 'orders fail');
        expect(theOnly(late, 'message').text).toBe('orders fail');
        expect(await late.text(await sendText(late, inChat(late), 'seen'))).toBe('seen');
      } finally {
        await late.close();
      }
    });

    it('ends when what it took in is stored, and takes in nothing more', async () => {
      let store = (): void => undefined;
      bench().receive = () =>
        new Promise<Immediate>((resolve) => {
          store = () => resolve({ kind: 'accepted' });
        });
      const before = bench().acknowledged();
      const said = bench().says('lin', 'orders fail');
      await expect.poll(() => bench().events.length).toBe(1);
      let ended = false;
      const stopping = bench()
        .platform.stop()
        .then(() => (ended = true));
      // Another exchange with the platform: who does not wait would have ended meanwhile.
      await bench().platform.profile(bench().ids.lin);
      expect(ended).toBe(false);
      store();
      await Promise.all([stopping, said]);
      await expect.poll(() => bench().acknowledged()).toBe(before + 1);
      bench().receive = () => Promise.resolve({ kind: 'accepted' });
      await bench().says('lin', 'and payments');
      expect(bench().events).toHaveLength(1);
      expect(bench().acknowledged()).toBe(before + 1);
    });
  });
}
