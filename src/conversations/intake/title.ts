/** The first sentence that says what is wrong: not the greeting, not a paste, not a picture. */

const MOST = 100;

const ADDRESS =
  /^\s*(?:[@＠/]\s*)?itr(?:[-_ ]?(?:bot|助手))?(?![-\w])[\s,:，：]*(?:(?:帮忙|请|麻烦)?(?:新?建(?:个)?单|新建|开单|提(?:个)?单|new|ticket)(?![a-z])[\s,:，：吧]*)?/i;
const GREETING =
  /^(?:(?:各位)?(?:领导|老师|大佬|同事|专家)?们?(?:大家)?(?:早上|上午|中午|下午|晚上)?(?:好呀|好啊|好|早)+|您好|你好|哈[喽啰]|在吗|在不在|有人吗|请教(?:个|一个)?问题|(?:想)?(?:请问|咨询|问)一?下|请问|紧急|急+|说实话|@\S+|hi|hello|hey|morning|good (?:morning|afternoon|evening)|dear|team|all|everyone|folks|guys|quick question|urgent|help|this is scary|tiny thing)(?:\s?(?:all|team|everyone|folks|there|各位|大家))?[\s,，。.:：;；!！~～?？]*/i;
const PASTE =
  /^(?:\s*(?:at |caused by|traceback|exception|error[: ]|fatal|warn|info|debug|\[?(?:error|warn|info|fatal|debug)\]?[\s:]|```|<\w|\{|\d{4}-\d{2}-\d{2}[ t]\d{2}:\d{2}|GET |PUT |POST |\$ |>)|\s*[\w.]+Exception\b)/i;
const NOTHING =
  /^(?:\s|\[(?:图片|文件|image|file|表情|视频)[^\]]*\]|[!！?？.。…~～↑👀🙏😭😂]|[\p{Emoji_Presentation}\u200d\ufe0f])*$/u;

/** At most 100 characters. Falls back to the first line, whatever it is; empty only of empty messages. */
export const titleOf = (texts: readonly string[]): string => {
  const lines = texts.flatMap((text) => text.replace(ADDRESS, '').split('\n')).map((line) => line.trim());
  const spoken = lines.filter((line) => !NOTHING.test(line) && !PASTE.test(line)).map(ungreeted);
  const told = spoken.find((line) => telling(line)) ?? spoken.find((line) => !NOTHING.test(line));
  return cut(told ?? lines.find((line) => line !== '') ?? '');
};

const ungreeted = (line: string): string => {
  let rest = line;
  for (let cutOff = rest.replace(GREETING, ''); cutOff !== rest && cutOff !== ''; cutOff = rest.replace(GREETING, ''))
    rest = cutOff;
  return rest.trim();
};

/** More than a sigh. */
const telling = (line: string): boolean =>
  !NOTHING.test(line) && Array.from(line).length >= (/[\u3400-\u9fff]/.test(line) ? 5 : 12);

const cut = (line: string): string => {
  const whole = line.replace(/\s+/g, ' ').trim();
  const sentence =
    /^(?:.{12,}?|(?=.*[\u3400-\u9fff]).{6,}?)(?:[。!！?？；;]|\.(?=\s))/u
      .exec(whole)?.[0]
      .replace(/[。！!；;.]+$/, '') ?? whole;
  const title = sentence.replace(/^[↑>\s]+/, '').replace(/[\s，,。！!；;：:]+$/, '');
  const characters = Array.from(title);
  return characters.length <= MOST ? title : `${characters.slice(0, MOST - 1).join('')}…`;
};
