/** Which cause code the words of a solution speak for. */
const WORDS: readonly (readonly [string, RegExp])[] = [
  ['third_party', /第三方|厂商|运营商|云厂商|上游|third[ -]?party|vendor|upstream|carrier/i],
  ['usage', /误操作|操作(?:失误|错误|不当)|使用(?:方式|不当)|用法|手工(?:删|清)|human error|misuse|user error/i],
  [
    'capacity',
    /容量|扩容|磁盘(?:满|空间)|空间不足|内存不足|加(?:内存|磁盘|节点)|过载|capacity|disk (?:full|space)|out of (?:memory|space)|overload|scaled? (?:up|out)/i,
  ],
  ['network', /网络|交换机|防火墙|专线|路由器|丢包|\bdns\b|network|switch|firewall|packet loss/i],
  [
    'configuration',
    /配置|参数|阈值|连接池|证书|权限|白名单|config|setting|parameter|threshold|typo|certificate|permission|\bttl\b|pool size/i,
  ],
  ['defect', /缺陷|\bbug\b|补丁|修复版本|热修|升级到|回滚|defect|hotfix|patch|fixed in|rolled back|regression/i],
];

/** Null: the words speak for none of the configured codes; better to ask than to guess. */
export const causeOf = (text: string, causes: readonly string[]): string | null =>
  causes.find((cause) => new RegExp(`(?<![\\w-])${escaped(cause)}(?![\\w-])`, 'i').test(text)) ??
  WORDS.find(([cause, words]) => causes.includes(cause) && words.test(text))?.[0] ??
  null;

const escaped = (code: string): string => code.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Reads like the report of something done that helped, not like a step on the way. */
export const soundsSolved = (text: string): boolean =>
  text.trim().length >= 6 &&
  !/[?？]\s*$/.test(text) &&
  /已(?:经)?(?:调整|修改|改|修复|解决|重启|扩容|回滚|更换|处理|恢复|升级|清理|切换)|(?:调整|修改|改|切|扩|降|升)(?:到|成|为|回)|修复|恢复(?:正常)?了?|搞定|根因|原因是|fixed|changed|restarted|rolled back|replaced|raised|lowered|increased|patched|root cause|resolved|set .+ to/i.test(
    text,
  );
