import { extname } from 'node:path/posix';
import type { Attachment } from '../../conversations/platform.ts';

const MIME: ReadonlyMap<string, string> = new Map([
  ['.txt', 'text/plain'],
  ['.log', 'text/plain'],
  ['.md', 'text/markdown'],
  ['.csv', 'text/csv'],
  ['.html', 'text/html'],
  ['.json', 'application/json'],
  ['.xml', 'application/xml'],
  ['.yaml', 'application/yaml'],
  ['.yml', 'application/yaml'],
  ['.pdf', 'application/pdf'],
  ['.zip', 'application/zip'],
  ['.gz', 'application/gzip'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.webp', 'image/webp'],
  ['.mp4', 'video/mp4'],
  ['.mov', 'video/quicktime'],
  ['.mp3', 'audio/mpeg'],
]);

/** Feishu gives a key and perhaps a name, no address, type or size. `ending`: what files of this kind mostly are; no type is concluded from it. */
export const attachmentOf = (key: string, name: string | null, ending: string): Attachment => ({
  id: key,
  name: name ?? `${key}${ending}`,
  url: null,
  mime: name === null ? null : (MIME.get(extname(name).toLowerCase()) ?? null),
  bytes: null,
});
