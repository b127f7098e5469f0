/** What a thread says, as fields of a ticket. Pure; simple extraction that would rather leave a field empty than fill it wrongly. */
import type { Policy } from '../domain/policy.ts';
import type { Field, Kind, Language, Severity } from '../domain/words.ts';
import { productOf, componentOf } from './intake/names.ts';
import { sinceField, sinceOf } from './intake/since.ts';
import { environmentOf, impactLevelOf, impactOf, siteOf, speaksOfImpact, versionOf } from './intake/slots.ts';
import { titleOf } from './intake/title.ts';
import { kindOf, severityNamed, severityOf } from './intake/weigh.ts';
import { readPast } from './grammar/when.ts';

export interface IntakeMessage {
  readonly text: string;
  readonly at: number;
  /** What an engineer asks ("V3.2 对吧?") says nothing about the ticket until the customer's side says so. */
  readonly side: 'customer' | 'service' | 'bot';
}

export type Fields = Readonly<Partial<Record<Field, string>>>;

export interface Understood {
  readonly kind: Kind;
  readonly severity: Severity;
  /** Nobody named it. */
  readonly severityGuessed: boolean;
  readonly fields: Fields;
  readonly language: Language;
}

export type IntakePolicy = Pick<Policy, 'products' | 'projects' | 'impactLevels' | 'timezone' | 'locale'>;

/** @param project whose products are the likely ones. */
export const understand = (
  messages: readonly IntakeMessage[],
  policy: IntakePolicy,
  options: { readonly language?: Language | null; readonly project?: string | null } = {},
): Understood => {
  const read = heads(messages);
  const said = textsOf(read);
  const all = said.join('\n');
  const prose = withoutPastes(all);
  const kind = kindOf(prose);
  const fields = slots(read, policy, options.project ?? null);
  const named = severityNamed(prose);
  const products = options.project ? (policy.projects.get(options.project)?.products ?? []) : [];
  return {
    kind,
    severity: named ?? severityOf(prose, kind, fields.environment ?? null),
    severityGuessed: named === null,
    fields: clean({
      ...fields,
      // Of a project with one product nobody needs to name it.
      product: fields.product ?? (products.length === 1 ? products[0] : null),
      title: titleOf(said),
      description: descriptionOf(textsOf(messages)),
    }),
    language: options.language ?? languageOf(all) ?? policy.locale,
  };
};

/** What one more message adds; no title, which the first sentence has given. */
export const understandMore = (message: IntakeMessage, policy: IntakePolicy, project: string | null): Fields =>
  clean(slots(heads([message]), policy, project));

/** A severity which this text alone speaks for: named, or so grave that the guess so far cannot stand. Null: it says nothing of it. */
export const graver = (
  text: string,
  than: Severity,
  environment: string | null,
): { readonly severity: Severity; readonly words: string } | null => {
  const words = text.trim().slice(0, 80);
  const named = severityNamed(text.slice(0, MOST_OF_ONE));
  if (named !== null) return named === than ? null : { severity: named, words };
  const guess = severityOf(withoutPastes(text.slice(0, MOST_OF_ONE)), 'incident', environment);
  return (guess === 'S1' || guess === 'S2') && guess < than ? { severity: guess, words } : null;
};

/** Han characters make it Chinese, Latin letters English. Null: neither (a picture, a number). */
export const languageOf = (text: string): Language | null => {
  const prose = withoutPastes(text);
  const han = prose.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  if (han >= 2) return 'zh-CN';
  return /[a-z]{2,}/i.test(prose) ? 'en' : han > 0 ? 'zh-CN' : null;
};

const UNKNOWN =
  /^(?:(?:这个)?(?:暂时|目前|我)?(?:也)?(?:还)?(?:不清楚|不知道|不确定|不太清楚|没有?|无|说不准|暂无|没查到)(?:啊|呢|哈|了)?|(?:i )?(?:don'?t|do not) know(?: yet)?|no idea|not sure|unknown|n\/?a|none|dunno)[\s。.!！~]*$/i;
const ASKS_BACK =
  /[?？]\s*$|(?:吗|呢|什么意思|在哪(?:里|儿)?看|怎么(?:看|查))\s*$|^(?:what|why|where|which|how|who)\b/i;
const NO_ANSWER =
  /^(?:(?:好的?|收到|嗯+|行|可以|稍等|等一?下|马上|我(?:看看|问下|查下|确认下)|谢谢|多谢|ok(?:ay)?|sure|thanks?(?: you)?|one (?:moment|sec(?:ond)?)|let me (?:check|see)|will (?:check|do)|hold on|👌|👍|🙏|\+1)(?![a-z])[\s,，。.!！~～]*)+$/iu;

/** Kept where somebody said that he does not know: the question is answered, and is not asked again. */
export const UNKNOWN_VALUE: Readonly<Record<Language, string>> = { 'zh-CN': '不清楚', en: 'unknown' };

/**
 * A reply to the bot's question for `field`: what it says of that field, and of others ("V3.2, 客户机房"). Null: it is no answer — a question back,
 * an "ok, let me look", a command.
 */
export const answer = (
  field: Field,
  text: string,
  policy: IntakePolicy,
  context: {
    readonly at: number;
    readonly project: string | null;
    readonly language: Language;
    readonly product: string | null;
  },
): Fields | null => {
  const said = text.trim().slice(0, MOST_OF_ONE);
  if (said === '' || NO_ANSWER.test(said) || ASKS_BACK.test(said) || said.startsWith('//')) return null;
  if (UNKNOWN.test(said)) return { [field]: UNKNOWN_VALUE[context.language] };
  const more = understandMore({ text: said, at: context.at, side: 'customer' }, policy, context.project);
  const own = valueOf(field, said, more, policy, context);
  return clean({ ...more, ...(own === null ? {} : { [field]: own }) });
};

const valueOf = (
  field: Field,
  said: string,
  more: Fields,
  policy: IntakePolicy,
  context: { readonly at: number; readonly product: string | null },
): string | null => {
  switch (field) {
    case 'version':
      return more.version ?? /^[vV]?\d[\w.\- ]{0,30}$/.exec(said)?.[0].replace(/^[vV]/, '') ?? short(said);
    case 'product':
      // A name the configuration does not hold is kept as said: somebody on the service side knows what is meant.
      return more.product ?? short(said);
    case 'component':
      return more.component ?? (context.product ? componentOf(said, context.product, policy) : null) ?? short(said);
    case 'environment':
      return more.environment ?? short(said);
    case 'impact_level':
      return more.impact_level ?? short(said);
    case 'since': {
      const at = readPast(said, context.at, policy.timezone);
      return at ? sinceField(at.at, policy.timezone) : (more.since ?? short(said));
    }
    case 'site':
      return more.site ?? short(said);
    case 'title':
      return titleOf([said]);
    case 'impact':
      // "版本是3.2.1" after the question for the impact tells something else.
      return Object.keys(more).length > 0 && !speaksOfImpact(said) && said.length <= 40 ? null : said.slice(0, LONGEST);
    case 'description':
      return said.slice(0, LONGEST);
  }
};

const LONGEST = 3000;

const short = (said: string): string => said.replace(/\s+/g, ' ').slice(0, 200);

/** What people say stands at the beginning; what follows 3,000 characters later is a log, and nobody shall wait for us to read that. */
const MOST_OF_ONE = 3_000;
const MOST_OF_ALL = 12_000;

const heads = (messages: readonly IntakeMessage[]): readonly IntakeMessage[] => {
  let left = MOST_OF_ALL;
  return messages.map((message) => {
    const text = message.text.slice(0, Math.min(MOST_OF_ONE, left));
    left -= text.length;
    return { ...message, text };
  });
};

const textsOf = (messages: readonly IntakeMessage[]): readonly string[] =>
  messages.filter((message) => message.side === 'customer').map((message) => message.text);

const slots = (
  messages: readonly IntakeMessage[],
  policy: IntakePolicy,
  project: string | null,
): Partial<Record<Field, string>> => {
  const said = textsOf(messages);
  const all = said.join('\n');
  const expected = project === null ? [] : (policy.projects.get(project)?.products ?? []);
  const { product, component } = productOf(all, policy, expected);
  const impact = impactOf(said.flatMap(sentencesOf));
  const since = sinceOf(messages, policy.timezone);
  const level = impact === null ? null : impactLevelOf(impact, policy);
  const made: Partial<Record<Field, string | null | undefined>> = {
    product,
    component,
    version: versionOf(all),
    environment: environmentOf(all),
    site: siteOf(all),
    impact,
    impact_level: level,
    since: since === null ? null : sinceField(since, policy.timezone),
  };
  return clean(made);
};

const sentencesOf = (text: string): readonly string[] =>
  withoutPastes(text)
    .split(/[\n。!！;；]|(?<=[?？])|\. /)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

/** Logs speak of timeouts and 404s whatever the trouble is: they are kept, but not weighed. */
const withoutPastes = (text: string): string =>
  text
    .replace(/```[\s\S]*?(?:```|$)/g, '\n')
    .split('\n')
    .filter(
      (line) =>
        !/^\s*(?:at \S+\(|caused by:|\[?(?:error|warn|info|fatal|debug)\b|\{"|<\w+>|\d{4}-\d{2}-\d{2}[ t]\d{2}:\d{2}|[\w.]+(?:exception|error):)/i.test(
          line,
        ),
    )
    .join('\n');

const descriptionOf = (said: readonly string[]): string => {
  const whole = said.join('\n').trim();
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST - 1)}…`;
};

const clean = (fields: Readonly<Partial<Record<Field, string | null | undefined>>>): Partial<Record<Field, string>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? '') !== ''));
