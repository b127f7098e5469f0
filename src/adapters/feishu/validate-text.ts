/** Tags that the adapter writes, each in the only form in which it does. */
const KNOWN = [
  /<at id=ou_[\w-]+><\/at>/g,
  /<local_datetime millisecond='\d+' format_type='(?:date_short|time)'><\/local_datetime>/g,
];

/** A card's markdown: that it names one person at a time, links only pages, and closes what it opens. */
export const checkMarkdown = (content: unknown, report: (wrong: string) => void): void => {
  if (typeof content !== 'string' || content === '') return report('empty');
  const rest = KNOWN.reduce((text, tag) => text.replace(tag, '·'), content);
  checkFonts(rest, report);
  const [unknown] = /<(?!font color='\w+'>|\/font>)[^>]{0,30}>?/.exec(rest) ?? [];
  if (unknown !== undefined) report(`unknown tag: ${unknown}`);
  for (const [, url = ''] of rest.matchAll(/\]\(([^)]*)\)/g))
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) report(`no page: ${url}`);
  if (rest.includes('****') || rest.split('**').length % 2 === 0) report('bold without an end');
};

const checkFonts = (text: string, report: (wrong: string) => void): void => {
  let open = 0;
  for (const [tag] of text.matchAll(/<\/?font[^>]*>/g)) {
    open += tag.startsWith('</') ? -1 : 1;
    if (open < 0 || open > 1) break;
  }
  if (open !== 0) report('a colour without an end');
};
