import type { HomeView, KnownBlock } from '@slack/types';
import { plain } from '../../conversations/card.ts';
import type { HomeSection } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import { context, drawActions, header, paragraph } from './blocks.ts';

const MAX_BLOCKS = 100;

/** One person's start page. Every section keeps its title; items beyond Slack's 100 blocks are counted instead of shown. */
export const drawHome = (sections: readonly HomeSection[], language: Language): HomeView => {
  const blocks: KnownBlock[] = [];
  const shown = sections.slice(0, 25);
  for (const [index, part] of shown.entries()) {
    // Each later section needs its title and one more block.
    const limit = MAX_BLOCKS - 2 * (shown.length - index - 1);
    blocks.push(header(part.title === '' ? '–' : part.title));
    let left = part.items.length;
    if (left === 0) blocks.push(context(part.empty === '' ? '–' : mark(part.empty)));
    for (const item of part.items) {
      const drawn: KnownBlock[] = [
        paragraph(plain(item.text).trim() === '' ? ['–'] : item.text),
        ...drawActions(item.actions),
      ];
      // One block is kept for the count, unless this is the last item.
      if (blocks.length + drawn.length + (left > 1 ? 1 : 0) > limit) break;
      blocks.push(...drawn);
      left -= 1;
    }
    if (left > 0 && part.items.length > 0) blocks.push(context(more(left, language)));
  }
  return { type: 'home', blocks };
};

const more = (count: number, language: Language): string =>
  language === 'zh-CN' ? `还有 ${count} 项` : `${count} more`;

const mark = (text: string): string => {
  const block = paragraph([text]);
  return block.text?.text ?? text;
};
