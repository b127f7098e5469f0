import { isObject } from './blockKitReport.ts';
import type { Block, Json } from './types.ts';
import { interactiveElements } from './viewState.ts';

type Readable = { text?: string; blocks?: readonly Block[] };

/** Everything a person would read on a message or view, one piece per line: for `toContain`. Mrkdwn is left as it is. */
export function visibleText(message: Readable): string {
  const lines: string[] = [];
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'text' && typeof inner === 'string') lines.push(inner);
        else if (key === 'text' || key !== 'confirm') walk(inner);
      }
    }
  };
  // With blocks, `text` is only the notification: nobody sees it in the channel.
  if (message.blocks && message.blocks.length > 0) walk([...message.blocks]);
  else lines.push(message.text ?? '');
  return lines.join('\n');
}

export type Button = { action_id: string; text: string; value: string; style: string };

/** The buttons on a message or view, in order. */
export function buttonsOf(message: Readable): Button[] {
  return interactiveElements(message.blocks ?? [])
    .filter(({ element }) => element.type === 'button')
    .map(({ element }) => ({
      action_id: element.action_id,
      text: isObject(element.text) ? String(element.text.text) : '',
      value: String(element.value ?? ''),
      style: String(element.style ?? 'default'),
    }));
}
