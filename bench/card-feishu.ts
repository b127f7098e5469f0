import { FeishuEmulator } from '../tests/emulators/feishu/index.ts';
import type { ApiCall, JsonObject, Message } from '../tests/emulators/feishu/index.ts';
import { OWNER, REQUESTER, dutyOf, feishuConfigOf, intakeOf, onFeishu } from './support/config.ts';
import { median, percentile, sleep, until } from './support/numbers.ts';
import { inFolder, startProgram } from './support/process.ts';
import { below } from './support/report.ts';
import type { Figure } from './support/report.ts';

const TEAMS = 15;
const CLAIMS = 30;
/** A card is edited once in 3 s at most: only one that has rested shows how fast an edit is. */
const REST_MS = 3_500;

type Delivery = 'webhook' | 'ws';

/** From the reaction on the card in the duty chat until Feishu (the emulator) is told to show the owner on it, over the webhook and the long connection. */
export async function cardFeishu(): Promise<readonly Figure[]> {
  return [await claimed('webhook'), await claimed('ws')];
}

async function claimed(delivery: Delivery): Promise<Figure> {
  const feishu = await openTenant(delivery);
  try {
    return await inFolder(async (folder) => {
      const program = await startProgram(folder, { config: feishuConfigOf(TEAMS), env: envOf(feishu, delivery) });
      if (delivery === 'webhook')
        feishu.setRequestUrl({ events: `${program.url}/feishu/events`, callbacks: `${program.url}/feishu/cards` });
      else await until('the long connection', () => feishu.connections > 0, { withinMs: 10_000 });
      try {
        const cards = await raiseTickets(feishu);
        await sleep(REST_MS);
        const ms: number[] = [];
        for (const card of cards) {
          if (showsOwner(feishu.card(card))) throw new Error(`${OWNER.name} is on the card before the reaction`);
          const at = Date.now();
          const since = feishu.calls().length;
          await feishu.reacts(OWNER.name, card, 'OnIt');
          ms.push((await ownerShown(feishu, since, card)).at - at);
        }
        console.log(`  ${delivery}: ms p50 / max ${median(ms).toFixed(0)} / ${percentile(ms, 1).toFixed(0)}`);
        return below(
          `card-feishu: OnIt to work card, ${delivery}, median`,
          median(ms),
          { name: 'limit', value: 400 },
          'ms',
        );
      } finally {
        await program.stop();
      }
    });
  } finally {
    await feishu.stop();
  }
}

async function openTenant(delivery: Delivery): Promise<FeishuEmulator> {
  const feishu = await FeishuEmulator.start({ delivery: delivery === 'ws' ? 'socket' : 'webhook' });
  for (const { user, name } of [OWNER, REQUESTER]) feishu.addPerson({ key: name, name, openId: onFeishu(user) });
  const members = [OWNER.name, REQUESTER.name];
  for (let team = 0; team < TEAMS; team++) {
    for (const id of [intakeOf(team), dutyOf(team)]) feishu.addChat({ id: onFeishu(id), name: id, members });
  }
  return feishu;
}

const envOf = ({ url, app }: FeishuEmulator, delivery: Delivery): Record<string, string> => ({
  FEISHU_DOMAIN: url,
  FEISHU_MODE: delivery,
  FEISHU_APP_ID: app.id,
  FEISHU_APP_SECRET: app.secret,
  FEISHU_ENCRYPT_KEY: app.encryptKey,
  FEISHU_VERIFICATION_TOKEN: app.verificationToken,
});

/** The work cards, team by team and then again, so that claims of one team are far enough apart for its chats. */
async function raiseTickets(feishu: FeishuEmulator): Promise<readonly string[]> {
  for (let i = 0; i < CLAIMS; i++)
    await feishu.says(REQUESTER.name, onFeishu(intakeOf(i % TEAMS)), `Trouble number ${i}: the orders page is slow`);
  return Promise.all(
    Array.from({ length: CLAIMS }, async (_, i) => {
      const card = (message: Message): boolean =>
        message.type === 'interactive' && feishu.text(message.id).includes(`Trouble number ${i}:`);
      const found = await until(
        `the card of number ${i}`,
        () => feishu.messages(onFeishu(dutyOf(i % TEAMS)), { from: 'bot' }).find(card) ?? null,
        { withinMs: 15_000, everyMs: 50 },
      );
      return found.id;
    }),
  );
}

/** Who is on duty stands below it from the beginning: in the head only the owner does. */
const showsOwner = ({ header }: JsonObject): boolean => JSON.stringify(header).includes(OWNER.name);

const ownerShown = (feishu: FeishuEmulator, since: number, card: string): Promise<ApiCall> =>
  until(
    `${OWNER.name} on the card`,
    () =>
      feishu
        .calls()
        .slice(since)
        .find(
          ({ name, path, body, code }) =>
            code === 0 &&
            name === 'message.patch' &&
            path.endsWith(`/${card}`) &&
            showsOwner(JSON.parse(String(body.content)) as JsonObject),
        ) ?? null,
    { withinMs: 10_000 },
  );
