import { cardProblem } from './cardCheck.ts';
import { isObject } from './types.ts';
import type { FailReason, Json, JsonObject, Toast } from './types.ts';

export type CardAnswer = { toast?: { type: Toast['type']; content: string }; card?: JsonObject };

/** An answer the person is shown a red line for instead. */
export class BadAnswer extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** What the person is shown when no answer came. */
export const codeOfSilence: Record<FailReason, number> = {
  timeout: 200341,
  connection_failed: 200342,
  http_error: 200671,
  handler_failed: 200671,
  bad_answer: 200672,
};

/** Judges what an app answers to a card callback: `{}`, a toast, a card, or both. */
export function cardAnswer(body: string): CardAnswer {
  const answer = parse(body);
  const unknown = Object.keys(answer).find((key) => key !== 'toast' && key !== 'card');
  if (unknown !== undefined) throw new BadAnswer(200672, `unknown field ${unknown}`);
  return { ...toastOf(answer.toast), ...cardOf(answer.card) };
}

function toastOf(toast: Json | undefined): Pick<CardAnswer, 'toast'> {
  if (toast === undefined) return {};
  if (!isObject(toast)) throw new BadAnswer(200672, 'toast must be an object');
  const { type = 'info', content } = toast;
  if (type !== 'info' && type !== 'success' && type !== 'error' && type !== 'warning') {
    throw new BadAnswer(200672, `unknown type of toast ${JSON.stringify(type)}`);
  }
  const i18n = isObject(toast.i18n) ? toast.i18n.zh_cn : undefined;
  const said = content ?? i18n;
  if (typeof said !== 'string' || said === '') throw new BadAnswer(200672, 'a toast without content');
  return { toast: { type, content: said } };
}

function cardOf(card: Json | undefined): Pick<CardAnswer, 'card'> {
  if (card === undefined) return {};
  if (!isObject(card) || card.type !== 'raw' || !isObject(card.data)) {
    throw new BadAnswer(200672, 'card must be {type: "raw", data: <card>}');
  }
  if (card.data.schema !== '2.0') throw new BadAnswer(200830, 'a card of schema 2.0 stays one');
  const problem = cardProblem(JSON.stringify(card.data));
  if (problem) throw new BadAnswer(200673, problem.message);
  return { card: card.data };
}

function parse(body: string): JsonObject {
  try {
    const answer = JSON.parse(body) as Json;
    if (isObject(answer)) return answer;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new BadAnswer(200672, `not a JSON object: ${body.slice(0, 80)}`);
}
