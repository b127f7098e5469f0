/** Version, environment, site and impact as people say them. */
import type { Policy } from '../../domain/policy.ts';
import type { Level } from '../../domain/words.ts';
import { LEVELS } from '../../domain/words.ts';

const NUMBERS =
  /(?<![\w.:/@-])[vV]?\s?(\d{1,3}(?:\.\d{1,5}){1,3}(?:[-_ ]?(?:SP|RC|LTS|beta|alpha|GA|P|R|build|hotfix|u)[-_ ]?\d*)?(?: build \d+)?)(?![\w.%:/])/gi;
const OTHERS =
  /(?:android|安卓|ios|xcode|jdk|java|python|node|chrome|windows|linux|centos|kernel|excel|office|aws-sdk[\w-]*|mysql|spring|http|tls|ssl|ip)\s*(?:版本)?\s*[vV]?$/i;
const UNITS =
  /^\s*(?:[%％]|万|亿|倍|秒|分|小时|天|个|条|次|台|人|元|成|折|点|s\b|ms\b|m\b|h\b|k\b|gb?\b|mb?\b|tb?\b|kb?\b|x\b|times|hours?|minutes?|seconds?|days?|percent)/i;

/** The last version that is said: a correction comes after what it corrects. As written, without its V. Null: none. */
export const versionOf = (text: string): string | null => {
  let found: string | null = null;
  for (const match of text.matchAll(NUMBERS)) {
    const before = text.slice(Math.max(0, match.index - 16), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 10);
    if (OTHERS.test(before) || UNITS.test(after)) continue;
    if (/^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(match[1] ?? '')) continue;
    const whole = /^\s?[vV]/.test(match[0]) || /版本|version|release|build|升|running|v\s*$/i.test(`${before}${after}`);
    // "2.5" alone may be anything; three parts are a version.
    if (!whole && (match[1] ?? '').split('.').length < 3 && /\d{1,2}\.\d{1,2}(?!\d)/.test(match[0]) && text.length > 12)
      continue;
    found = match[0].trim().replace(/^[vV]\s*/, '');
  }
  if (found !== null) return found;
  const alone = /(?:版本(?:号|好像|大概|应该)?是?|version(?: is)?|release|\bv)\s*[:：]?\s*[vV]?(\d{1,4}[\w.-]*)/i.exec(
    text,
  );
  return alone?.[1] ?? null;
};

const ENVIRONMENTS: readonly (readonly ['production' | 'staging' | 'test', RegExp])[] = [
  ['staging', /预发(?:布|环境)?|准生产|预生产|灰度环境|\bpre-?prod(?:uction)?\b|\bstaging\b|\bstage env/gi],
  [
    'test',
    /测试(?:环境|库|集群|区|服|机房)|测试(?=上|里|$)|\buat\b|\bqa\b|\bpoc\b|联调环境|开发环境|\bsandbox\b|\btest (?:env(?:ironment)?|cluster|system|instance)\b|\bdev env/gi,
  ],
  [
    'production',
    /(?<!准|预)生产(?:环境|库|集群|系统|上)?(?!者|线|计划|日报|报表|力|商|厂|部)|现网|(?:正式|线上|实网)(?:环境)?|局点|\bprod(?:uction|uctive)?\b|\blive (?:env|system|site|cluster)/gi,
  ],
];

/** Of the environments named, the one that is named last and is not only mentioned as unharmed ("不影响线上"). */
export const environmentOf = (text: string): 'production' | 'staging' | 'test' | null => {
  let found: { name: 'production' | 'staging' | 'test'; at: number } | null = null;
  for (const [name, words] of ENVIRONMENTS) {
    for (const match of text.matchAll(words)) {
      const before = text.slice(Math.max(0, match.index - 8), match.index);
      if (/(?:不影响|没影响|不是|非|无关|not|no)\s*(?:in |on |the )?$/i.test(before)) continue;
      if (found === null || match.index > found.at) found = { name, at: match.index };
    }
  }
  return found?.name ?? null;
};

const SITE =
  /([\u3400-\u9fff]{2,6}(?:局点|机房|中心|园区|厂区|节点|数据中心))|\b([A-Z][\w-]+(?: [A-Z][\w-]+)?) (?:site|data ?cent(?:er|re)|plant|region|office)\b/g;

export const siteOf = (text: string): string | null => {
  let found: string | null = null;
  for (const match of text.matchAll(SITE)) {
    const place = match[1] ?? match[2] ?? '';
    const name = match[1] ? place.replace(/^.*(?:在|是|地点|的|和|到|从|把)/, '') : place;
    if (
      !/^(?:客户|我们?|你们?|哪个?|什么|这个?|那个?|呼叫|服务|数据|个人|主|备|双|新|老|The|Our|This|Which)/.test(
        name,
      ) ||
      /^客户机房$/.test(name)
    )
      found = name;
  }
  return found;
};

const IMPACT =
  /影响|全部|所有|全国|全省|全网|大面积|部分|个别|一半|(?:用户|客户|门店|商户|业务|订单|系统|群众|产线|窗口|司机|[\u3400-\u9fff]?人).{0,12}(?:不了|失败|打不开|超时|卡|停|无法|不能|慢|报错|异常|投诉|白屏|登不|等着)|(?:无法|不能|没法)(?:下单|支付|登录|使用|交易|办|查询|提交|访问)|停(?:产|摆|线|了)|(?:下不了|办不了|用不了|登不上|付不了|做不了)|百分之|\d+(?:\.\d+)?\s*[%％]|[六七八九一二三四五]成|\b(?:all|every|nobody|no one|everyone|some|half|a few|one|several|many|most)\b.{0,24}\b(?:users?|customers?|partners?|orders?|stores?|sites?|devices?|agents?|calls?|sends?|requests?|people|colleagues)\b|\bcan(?:'t|not) (?:order|pay|log ?in|book|work|sign|upload|download|search|access|use)\b|\b(?:affect|impact|blocked|down for|users? (?:can't|cannot|are))/i;

export const speaksOfImpact = (text: string): boolean => IMPACT.test(text);

/** The sentence that says whom it hits. The last one, since an impact grows while people look. */
export const impactOf = (sentences: readonly string[]): string | null => {
  const found = sentences.findLast(
    (sentence) => IMPACT.test(sentence) && !/[?？]\s*$/.test(sentence) && sentence.length <= 200,
  );
  return found ?? null;
};

/** By the words of the configuration; the highest level that is named. */
export const impactLevelOf = (text: string, policy: Pick<Policy, 'impactLevels'>): Level | null => {
  const lower = text.toLowerCase();
  return (
    LEVELS.find((level) =>
      policy.impactLevels[level].some((word) => {
        const at = word === '' ? -1 : lower.indexOf(word.toLowerCase());
        return at !== -1 && !/(?:不是|并非|not )\s*$/i.test(lower.slice(Math.max(0, at - 4), at));
      }),
    ) ?? null
  );
};
