/** When the trouble began, where a clock time or a length in minutes or hours was said. */
import { toIsoWithOffset } from '../../domain/instant.ts';
import { readPast } from '../grammar/when.ts';
import type { IntakeMessage } from '../intake.ts';

const BEGAN =
  /开始|以来|(?:\d|点|半|左右|分)\s*(?:多|左右)?(?:就|起|那会|突然)|从.{0,14}(?:起|就)|发现|持续了?|已经.{0,4}(?:分钟|小时)|\b(?:since|started|starting|began|as of|for (?:the )?(?:last|past|about)|ago|first seen|on the dot)\b/i;
const AHEAD =
  /今晚.{0,10}(?:有|要)|明天|下周|截止|之前(?:要|必须)|开门|前必须|tomorrow|deadline|平时|每天|准时|usually/i;
const ASKED = /什么时候|几点|啥时候|何时|多久了|when did|since when|how long/i;

export const sinceOf = (messages: readonly IntakeMessage[], timezone: string): number | null => {
  let asked = false;
  let found: number | null = null;
  for (const message of messages) {
    if (message.side === 'service') {
      asked = ASKED.test(message.text);
      continue;
    }
    if (message.side !== 'customer') continue;
    for (const clause of message.text.split(/[,，。;；\n!！]|\. /)) {
      if (AHEAD.test(clause) || !(asked || BEGAN.test(clause))) continue;
      const said = readPast(clause, message.at, timezone);
      if (said && said.at <= message.at) found ??= said.at;
    }
    asked = false;
  }
  return found;
};

/** How `since` is kept: an instant as ISO 8601 in the file's time zone, so that a card can show it to each reader in his own. */
export const sinceField = (ms: number, timezone: string): string => toIsoWithOffset(ms, timezone);
