import { describe, expect, it } from 'vitest';

import type { Form } from '../../src/conversations/card.ts';
import type { Immediate } from '../../src/conversations/platform.ts';
import { heard, pressed, theOnly } from './platform-bench.ts';
import type { PlatformBench } from './platform-bench.ts';

const language = 'en';

const form = (context: string): Form => ({
  id: 'edit',
  context,
  title: 'Edit',
  submit: 'Save',
  cancel: 'Cancel',
  inputs: [
    { name: 'title', label: 'Title', kind: 'text', required: false, value: 'orders' },
    { name: 'details', label: 'Details', kind: 'long_text', required: false },
    {
      name: 'severity',
      label: 'Severity',
      kind: 'choice',
      required: false,
      options: [
        { value: 'S1', label: 'All stands still' },
        { value: 'S2', label: 'Much is broken' },
      ],
    },
  ],
});

/** What is between the bot and one person. */
export function privateContract(bench: () => PlatformBench): void {
  const reads = async (who: 'lin' | 'wei'): Promise<string> => (await bench().seenBy(who)).join('\n');
  const everybodyReads = async (): Promise<string> => (await bench().shown(bench().chat)).join('\n');

  describe('said to one person', () => {
    it('a whisper is seen by nobody else; two at one moment are two', async () => {
      const thread = await bench().says('lin', 'orders fail');
      const to = { chat: bench().chat, thread, user: bench().ids.wei };
      await bench().platform.whisper(to, { text: ['Li was first'], language });
      await bench().platform.whisper(to, { text: ['ask Mei'], language });
      await bench().platform.whisper({ ...to, thread: null }, { text: ['in the chat'], language });
      expect(await reads('wei')).toContain('Li was first');
      expect(await reads('wei')).toContain('ask Mei');
      expect(await reads('wei')).toContain('in the chat');
      expect(await reads('lin')).not.toContain('Li was first');
      expect(await everybodyReads()).not.toContain('Li was first');
    });

    it('a whisper to nobody will never arrive', async () => {
      const to = { chat: bench().chat, thread: null, user: bench().nobody };
      await expect(bench().platform.whisper(to, { text: ['?'], language })).rejects.toMatchObject({ permanent: true });
    });

    it('a button is answered privately, and its message stays', async () => {
      const { token, done, ref } = await pressed(bench(), 'wei');
      expect(await bench().platform.reply(token, { text: ['Li was first'], language })).toBe(true);
      await done;
      expect(await reads('wei')).toContain('Li was first');
      expect(await reads('lin')).not.toContain('Li was first');
      expect(await everybodyReads()).not.toContain('Li was first');
      expect(await bench().text(ref)).toContain('press me');
    });

    it('a token that is over answers nobody, nor does one that is none', async () => {
      const { token, done } = await pressed(bench(), 'wei');
      bench().platform.settled?.(token);
      await done;
      bench().clock.advance(31 * 60_000);
      const at = bench().clock.now();
      const made = { user: bench().ids.lin, id: 'x', at, trigger: 'x', url: 'https://elsewhere.example/x' };
      for (const one of [token, 'made up', '', Buffer.from(JSON.stringify(made)).toString('base64url')])
        expect(await bench().platform.reply(one, { text: ['too late'], language })).toBe(false);
      expect(await bench().platform.openForm('made up', form(''))).toBe(false);
      expect((await reads('wei')) + (await reads('lin'))).not.toContain('too late');
    });
  });

  describe('a form', () => {
    it('comes back with its context unchanged, and what was filled in', async () => {
      expect(bench().platform.capabilities.forms).toBe(true);
      const context = `{"chat":"工单","q":"\\"<&>'"}\n${'上下文'.repeat(1_000)}`.slice(0, 2_000);
      const { token, done } = await pressed(bench(), 'wei');
      expect(await bench().platform.openForm(token, form(context))).toBe(true);
      await done;
      bench().events.length = 0;
      const values = { title: 'orders & <payments>', details: 'first\nsecond 第二行', severity: 'S2' };
      expect(await bench().submits('wei', values)).toEqual([]);
      const event = theOnly(bench(), 'form');
      expect(event).toMatchObject({ user: bench().ids.wei, form: 'edit', values });
      expect(event.context).toBe(context);
    });

    it('what was filled in already comes back as it was, and what is left empty is empty', async () => {
      const { token, done } = await pressed(bench(), 'wei');
      await bench().platform.openForm(token, form('ITR-1'));
      await done;
      bench().events.length = 0;
      expect(await bench().submits('wei', {})).toEqual([]);
      const { values } = theOnly(bench(), 'form');
      expect(values['title']).toBe('orders');
      expect(values['details']).toBe('');
      expect(values['severity'] ?? '').toBe('');
    });

    it('what is wrong with it is said to the person, who can send it again', async () => {
      const { token, done } = await pressed(bench(), 'wei');
      await bench().platform.openForm(token, form('ITR-1'));
      await done;
      bench().events.length = 0;
      const wrong: Immediate = { kind: 'form_errors', errors: { details: 'What exactly?' } };
      bench().receive = () => Promise.resolve(wrong);
      expect(await bench().submits('wei', { title: 'x' })).toEqual(['What exactly?']);
      bench().receive = () => Promise.resolve({ kind: 'accepted' });
      expect(await bench().submits('wei', { title: 'x', details: 'all orders' })).toEqual([]);
      const [first, second] = heard(bench());
      expect(first?.id).not.toBe(second?.id);
      expect(second).toMatchObject({ type: 'form', values: { details: 'all orders' } });
    });
  });
}
