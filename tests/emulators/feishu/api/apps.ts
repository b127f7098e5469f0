import { cardProblem, cardRefusal } from '../cardCheck.ts';
import { isObject } from '../types.ts';
import type { JsonObject } from '../types.ts';
import type { World } from '../world.ts';
import type { Run } from './context.ts';
import { ApiError, refused } from './errors.ts';

const twoHours = 7200;
const halfAnHour = 1_800_000;

/** Tenant access tokens: two hours; the same again until half an hour is left, then a second one beside it. */
export class Tokens {
  private readonly world: World;
  private readonly issued = new Map<string, { app: string; expires: number }>();

  constructor(world: World) {
    this.world = world;
  }

  /** HTTP 200 throughout, with the reason in `code`. */
  issue(body: JsonObject): JsonObject {
    const app = this.world.apps.get(String(body.app_id));
    if (!app) return { code: 10003, msg: 'invalid param' };
    if (app.secret !== body.app_secret) return { code: 10014, msg: 'app secret invalid' };
    const now = this.world.now();
    const current = [...this.issued].find(([, token]) => token.app === app.id && token.expires - now >= halfAnHour);
    const [token, { expires }] = current ?? this.fresh(app.id);
    return { code: 0, msg: 'ok', tenant_access_token: token, expire: Math.floor((expires - now) / 1000) };
  }

  /** The app whose live token it is. */
  appOf(token: string): string | undefined {
    const issued = this.issued.get(token);
    return issued && issued.expires > this.world.now() ? issued.app : undefined;
  }

  /** All tokens die, as when a secret is reset. */
  revoke(): void {
    this.issued.clear();
  }

  private fresh(app: string): [string, { app: string; expires: number }] {
    const token = this.world.id('t-g1', 40);
    const made = { app, expires: this.world.now() + twoHours * 1000 };
    this.issued.set(token, made);
    return [token, made];
  }
}

const botInfo: Run = ({ app }) => {
  if (!app.botAbility) throw new ApiError(11205, 'app do not have bot');
  return {
    msg: 'ok',
    bare: {
      bot: {
        activate_status: app.published ? 2 : 0,
        app_name: app.name,
        avatar_url: 'https://example.com/bot.png',
        ip_white_list: [],
        open_id: app.openId,
      },
    },
  };
};

/** `grant_status` 1: granted, 2: asked for and not granted. */
const scopes: Run = ({ app }) => {
  if (!app.published) throw new ApiError(212100, 'app not install');
  const as = (grant_status: number, names: ReadonlySet<string>): JsonObject[] =>
    [...names].map((scope_name) => ({ scope_name, grant_status, scope_type: 'tenant' }));
  return { data: { scopes: [...as(1, app.scopes), ...as(2, app.asked)] } };
};

/** Within half an hour of a press, twice at most, and only once the press has been answered. */
const updateCard: Run = (call) => {
  const { world } = call;
  const token = world.cardTokens.get(call.text('token'));
  const card = call.json('card');
  if (token?.app !== call.app.id) throw new ApiError(300020, 'the token is invalid');
  if (world.now() - token.at > halfAnHour) throw new ApiError(300030, 'the token is expired');
  if (!token.answered) throw new ApiError(300020, 'the callback has not been answered yet');
  if (token.uses >= 2) throw new ApiError(300040, 'the token has been used up');
  const raw = isObject(card.data) ? card.data : card;
  const content = JSON.stringify(raw);
  const problem = cardProblem(content);
  if (problem) throw new ApiError(11311, cardRefusal(problem));
  const message = world.message(token.message);
  if (message.recalled) throw refused(200000, 'the card was recalled');
  token.uses += 1;
  Object.assign(message, { content, updatedAt: world.now(), edits: message.edits + 1 });
  world.changed();
  return { msg: 'ok', bare: {} };
};

export const appApis = { botInfo, scopes, updateCard };
