/** Kind and severity by the words people use: a careful guess, which the card shows as one. */
import type { Kind, Severity } from '../../domain/words.ts';

const FAULT =
  /报错|错误|异常|失败|超时|故障|宕机|挂了|崩|打不开|连不上|登不|起不来|白屏|卡(?:住|死|顿|了)?|很慢|变慢|好慢|巨慢|断断续续|时断时续|丢(?:数据|消息|包)|不(?:可用|能用|好使|正常|显示|更新|响应)|用不了|下不了|没反应|没收到|乱码|重复(?:推送|消费)|闪退|延迟|堆积|积压|泄[露漏]|只读|告警|\b(?:errors?|fail(?:s|ed|ing|ure|over)?|down|crash(?:es|ed)?|timeouts?|time[sd]? out|timing out|unreachable|offline|rejected|slow|broken|refused|denied|unavailable|stuck|hang(?:s|ing)?|50[0234]|40[1349]|429|oom|exception|lost|wrong|not work(?:ing)?|doesn'?t work|won'?t|can'?t (?:log|connect|open|reach)|dropped|missing|twice)\b/i;
const COMPLAINT =
  /投诉|不满意|失望|没人(?:管|理|回|给|跟)|(?:第[三四五]次|又来了).*(?:要|请)|整改|书面承诺|推诿|态度|\bcomplain(?:t|ing)?\b(?! about (?:slow|the slow))|escalate this to your (?:manager|management)|unacceptable|gone downhill|nobody (?:answers|fixed|cares)/i;
const NON_TECHNICAL =
  /发票|合同|续签|续费|报价|采购|商务|license|licence|许可证|授权文件|培训|认证考试|资质|保密协议|\bnda\b|invoice|quote|pricing|procurement|contract renewal|training|audit(?:or)?\b.*(?:list|paper|report)/i;
const SPARE_PART =
  /(?:坏了?|换|更换|备用?|申请).{0,6}(?:硬盘|内存条|电源|风扇|板卡|备件)|备件|\brma\b|spare part|replace(?:ment)? (?:disk|drive|psu|fan)/i;
const REQUEST =
  /请(?:问|教)|咨询|能不能|可以.{0,12}吗|能否|怎么(?:配|设|用|做)|如何|帮忙.{0,12}(?:加|建|开|改|配|看看|提供|申请|扩)|麻烦.{0,16}(?:加|建|开|改|配|提供|扩)|想(?:要|申请|咨询|了解)|申请|需要.{0,8}(?:支持|协助|文档)|支持.{0,6}吗|什么时候(?:支持|发布)|\b(?:how (?:do|to|can)|could you|can (?:you|we|i|someone)|would like|please (?:add|create|raise|provide|send|enable)|we need|need (?:the|a)|is it possible|question|request)\b/i;
const CHANGE = /变更(?:申请|窗口|单)|割接(?:申请|支持)|\bchange request\b/i;

export const kindOf = (text: string): Kind => {
  if (COMPLAINT.test(text) && /投诉|失望|没人|整改|承诺|complaint|downhill|unacceptable|nobody/i.test(text)) {
    // Customers of the customer complain too: "投诉已经上来了" is an impact of a fault.
    if (!/(?:用户|客户|群众|乘客|店长).{0,8}(?:投诉|complain)|投诉.{0,4}(?:上来|爆|电话|多|量)/i.test(text))
      return 'complaint';
  }
  if (SPARE_PART.test(text)) return 'spare_part';
  const fault = FAULT.test(text);
  if (NON_TECHNICAL.test(text) && !/(?:失败|报错|打不开|\berror\b|\bfail)/i.test(text)) return 'non_technical';
  if (CHANGE.test(text) && !fault) return 'change';
  if (REQUEST.test(text) && (!fault || /^(?:请问|请教|咨询|想)/.test(text.trim())))
    return fault && /报错|必报|挂|失败/.test(text) ? 'incident' : 'request';
  return 'incident';
};

const ALL_DOWN =
  /(?:全部|所有|全国|全省|全市|全网|整个|全线|全停|全断|全挂).{0,16}(?:失败|不了|不可用|停|断|挂|瘫|白屏|打不开|下不|办不|用不|登不|down)|(?:业务|系统|生产|产线|交易|服务|网办|窗口|办事).{0,8}(?:全停|全断|中断|停了|停摆|瘫痪|不可用)|(?:全停|全挂|全断|全瘫|彻底挂|完全(?:不可用|中断|不能)|一个.{0,6}都(?:办|做|下|用|登|打)不了|写不进去?了?|停产|宕机了?$)|\b(?:prod(?:uction)? (?:is )?down|everything is down|completely down|total outage|all (?:users|customers|orders|stores|sites|requests) .{0,24}(?:fail|down|can'?t|cannot|unable)|every (?:customer|user|route|request|store) .{0,24}(?:affected|fails?|returns? 50|down|can'?t)|nobody can|no one can|no primary)\b|(?:数据|订单|对象|文件).{0,8}(?:正在|还在|持续).{0,6}(?:丢|减少|删)|losing data|data (?:is being lost|loss)/i;
/** What a service is for, and who uses it: "all of them" fail. */
const WHOLE =
  '(?:users?|customers?|clients?|tenants?|people|colleagues|agents?|teams?|partners?|orders?|payments?|checkouts?|log-?ins?|sign-?ins?|sessions?|requests?|calls?|transactions?|transfers?|messages?|queries|writes?|uploads?|jobs?|devices?|stores?|shops?|sites?|branch(?:es)?|plants?|regions?|routes?|services?|systems?|connections?)';
const DOWN =
  "(?:fail(?:s|ed|ing)?|down|can['’]?t|cannot|unable|unreachable|unavailable|offline|broken|blocked|affected|rejected|refused|stuck|tim(?:es?|ed|ing) ?out|locked out|returns? 50|(?:gets?|getting) (?:an? )?(?:errors?|50))";
/** "every other order" and "every few minutes" are some; "not all users" too. */
const EVERY =
  '(?<!\\bnot )(?<!\\bnearly )(?:all|every(?! (?:other|second|third|few|now|\\d))|each|100 ?% of|the (?:whole|entire))';

/** Up to the fault, in one sentence, and nothing in between that says the contrary: "all users can log in, only exports fail". */
const THEN =
  "(?:(?!\\b(?:can(?!['’]?t)|fine|ok|okay|works?|working|except|but|only|one|some|normal|if|when|unless)\\b)[^.!?\\n]){0,32}";

/** English counts by quantifier, noun and fault, in either order: "all users: every order fails", "checkout is down for all stores". */
const ALL_DOWN_EN = new RegExp(
  `\\b${EVERY}(?: of)?(?: (?:the|our|your|their|my|online|live|new))*(?: [\\w-]+)? ${WHOLE}\\b${THEN}\\b${DOWN}\\b` +
    `|\\b${DOWN} (?:for|at|in|on|across) (?:${EVERY}(?: of)?(?: (?:the|our|your|their))*(?: [\\w-]+)? ${WHOLE}|everyone|everybody)\\b` +
    `|\\b(?:none of|not (?:a|one) single|no)(?: (?:the|our|your|their))* ${WHOLE} (?:(?:can|could|are able|is able)\\b|works?\\b|go(?:es)? through|gets? through|succeeds?)`,
  'i',
);
/** Told as history: it was so, and is over. */
const RECOVERED = /\b(?:recovered|is back|are back|works? again|fixed (?:now|itself)|no longer)\b/i;
const DEGRADED =
  /大面积|大量.{0,8}(?:失败|超时|报错|用户|投诉)|严重.{0,6}(?:影响|卡|慢)|核心.{0,10}(?:慢|失败|超时|不可用|异常)|一半|过半|[四五六七八九]成|(?:[3-9]\d)(?:\.\d+)?\s*[%％]|时断时续|断断续续|越权|串数据|看到(?:了)?别人|泄[露漏]|一条都(?:发|收)不|基本(?:超时|不可用|消费不动|不能用)|巨卡|很多(?:用户|客户|人|门店)|(?:下单|支付|交易|登录|结算|出库|过磅)(?:都)?(?:很慢|超时|失败|不了|卡住|全卡)|\b(?:(?:about |roughly )?half of|most (?:users|customers|calls|requests)|many (?:users|customers)|[3-9]\d ?%|widespread|severely|major(?:ity)?|intermittent(?:ly)? (?:down|failing)|wrong (?:result|data)|fewer rows|leak(?:ed|ing)?|exposed)\b/i;
const LIMITED_NO =
  /(?:业务|主库|线上|生产|客户)(?:都|也)?(?:没|无|不受|未受|没有)影响|业务正常|不影响(?:业务|线上|生产|使用)|能凑合|先用.{0,10}(?:顶|代替)|有(?:绕过|规避|替代)|(?:只有|就|仅)(?:这|一|某)|个别|no customer impact|not (?:burning|blocked|urgent)|workaround|only (?:one|the|a few|crew)|(?:a few|one|some) (?:of our )?(?:users?|partners?|customers?)/i;
const MINOR =
  /小问题|不急|不着急|建议|有点丑|文案|错别字|显示(?:有误|不对|错位)|遮挡|样式|好看|typo|cosmetic|minor|tiny|no rush|whenever|nice to have/i;

/** The severity somebody named: `S1`, `sev 2`, "级别 S2". Null: nobody did. */
export const severityNamed = (text: string): Severity | null => {
  const match =
    /(?:级别|严重|定级|sev(?:erity)?|优先级)\s*(?:是|为|:|：)?\s*[sS]?([1-4])(?!\d)|(?<![\w-])[sS]([1-4])(?:\s*(?:级|故障|事故|问题|issue|incident))/.exec(
      text,
    );
  const level = match?.[1] ?? match?.[2];
  return level ? (`S${level}` as Severity) : null;
};

/** Careful: shouting counts for nothing, and what nobody called severe is S3. */
export const severityOf = (text: string, kind: Kind, environment: string | null): Severity => {
  if (kind === 'request' || kind === 'non_technical' || kind === 'change') return 'S4';
  const allDown = ALL_DOWN.test(text) || (ALL_DOWN_EN.test(text) && !RECOVERED.test(text));
  const outside = environment === 'test' || environment === 'staging';
  if (outside) return MINOR.test(text) && !DEGRADED.test(text) && !allDown ? 'S4' : 'S3';
  const limited = LIMITED_NO.test(text);
  if (allDown && !/(?:业务|线上|生产).{0,4}(?:没|无|不)影响|业务正常/.test(text)) return 'S1';
  if (DEGRADED.test(text) && !limited) return 'S2';
  if (MINOR.test(text) && !DEGRADED.test(text)) return 'S4';
  return 'S3';
};
