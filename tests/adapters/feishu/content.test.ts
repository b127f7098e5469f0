import { describe, expect, it } from 'vitest';
import { readContent } from '../../../src/adapters/feishu/content.ts';
import { mentionsOf } from '../../../src/adapters/feishu/mentions.ts';
import type { Raw } from '../../../src/adapters/raw.ts';
import { mention, POST, SELF } from './fixtures.ts';

const read = (type: string, content: unknown, raw: readonly Raw[] = []) =>
  readContent(type, typeof content === 'string' ? content : JSON.stringify(content), mentionsOf(raw), SELF);

describe('plain texts', () => {
  it.each([
    ['orders fail', 'orders fail'],
    ['a\n\n  b', 'a\n\n  b'],
    ['see [the page](https://acme.example/a?b=1)', 'see the page (https://acme.example/a?b=1)'],
    ['[https://acme.example](https://acme.example)', 'https://acme.example'],
    ['[lin@acme.example](mailto:lin@acme.example)', 'lin@acme.example'],
    ['[a](b) and arr[0](1)', '[a](b) and arr[0](1)'],
    ['if a < b && c > d', 'if a < b && c > d'],
    ['', ''],
  ])('%s reads %s', (text, shown) => {
    expect(read('text', { text })).toEqual({ text: shown, mentions: [], addressed: false, attachments: [] });
  });

  it('one that is no JSON is what was said', () => {
    expect(read('text', 'orders @_user_1 fail', [mention(1, 'ou_wei')])).toMatchObject({
      text: 'orders @ou_wei fail',
      mentions: ['ou_wei'],
    });
  });
});

describe('rich texts', () => {
  const post = (content: readonly (readonly Raw[])[], raw: readonly Raw[] = []) => read('post', { content }, raw);

  it('the example of the documents', () => {
    expect(read('post', POST, [mention(1, 'ou_wei')])).toEqual({
      text: [
        '我是一个标题',
        '第一行 :超链接 (http://www.feishu.cn)@ou_wei',
        '',
        '第二行:文本测试',
        '',
        '[SMILE]',
        '---',
        '```',
        'func main() int64 {',
        '    return 0',
        '}',
        '```',
      ].join('\n'),
      mentions: ['ou_wei'],
      addressed: false,
      attachments: [
        { id: 'img_1', name: 'img_1.png', url: null, mime: null, bytes: null },
        { id: 'file_v2_1', name: 'file_v2_1.mp4', url: null, mime: null, bytes: null },
      ],
    });
  });

  it('the bot is addressed by an element of its own, and what follows is what was said', () => {
    const words = post(
      [
        [
          { tag: 'at', user_id: '@_user_1', user_name: 'ITR' },
          { tag: 'text', text: ' 建单' },
        ],
        [{ tag: 'text', text: '订单失败' }],
      ],
      [mention(1, 'ou_bot')],
    );
    expect(words).toMatchObject({ text: '建单\n订单失败', addressed: true, mentions: [] });
  });

  it.each<[string, Raw]>([
    ['flat', { title: '', content: [[{ tag: 'text', text: 'hello' }]] }],
    ['one element that is no paragraph', { content: [{ tag: 'text', text: 'hello' }] }],
    ['in the reader’s language', { zh_cn: { title: '', content: [[{ tag: 'text', text: 'hello' }]] } }],
    [
      'in several languages',
      {
        en_us: { content: [[{ tag: 'text', text: 'not this' }]] },
        zh_cn: { content: [[{ tag: 'text', text: 'hello' }]] },
      },
    ],
    ['in a language nobody foresaw', { fr_fr: { content: [[{ tag: 'text', text: 'hello' }]] } }],
    [
      'content_v2 before content',
      { content: [[{ tag: 'text', text: 'old' }]], content_v2: [[{ tag: 'text', text: 'hello' }]] },
    ],
    ['content_v2 in a language', { zh_cn: { content_v2: [[{ tag: 'text', text: 'hello' }]] } }],
    ['content where content_v2 is empty', { content: [[{ tag: 'text', text: 'hello' }]], content_v2: [] }],
    ['content where content_v2 is no list', { content: [[{ tag: 'text', text: 'hello' }]], content_v2: 'x' }],
    ['an element nobody foresaw', { content: [[{ tag: 'sparkle', text: 'hello' }]] }],
    ['Markdown', { content: [[{ tag: 'md', text: 'hello' }]] }],
  ])('%s', (_, body) => {
    expect(read('post', body).text).toBe('hello');
  });

  it('Markdown holds mentions as tags; a plain text that only looks like one does not', () => {
    const text = '**look** <at user_id="ou_wei">Wei</at> and <at id=ou_mei></at> @_user_1 <at id="all"></at>';
    expect(post([[{ tag: 'md', text }]], [mention(1, 'ou_bot')])).toMatchObject({
      text: '**look** @ou_wei and @ou_mei @all',
      mentions: ['ou_wei', 'ou_mei'],
      addressed: true,
    });
    expect(post([[{ tag: 'text', text: '<at id=ou_wei></at>' }]])).toMatchObject({
      text: '<at id=ou_wei></at>',
      mentions: [],
    });
  });

  it('one that is but pictures has no text', () => {
    expect(post([[{ tag: 'img', image_key: 'img_1' }], [{ tag: 'img', image_key: 'img_2' }]])).toMatchObject({
      text: '',
      attachments: [{ id: 'img_1' }, { id: 'img_2' }],
    });
  });
});

describe('files', () => {
  it.each([
    ['image', { image_key: 'img_1' }, { id: 'img_1', name: 'img_1.png', mime: null }],
    ['file', { file_key: 'f_1', file_name: 'test.TXT' }, { id: 'f_1', name: 'test.TXT', mime: 'text/plain' }],
    ['file', { file_key: 'f_1', file_name: 'core.dump' }, { id: 'f_1', name: 'core.dump', mime: null }],
    ['file', { file_key: 'f_1' }, { id: 'f_1', name: 'f_1', mime: null }],
    ['audio', { file_key: 'f_1', duration: 2000 }, { id: 'f_1', name: 'f_1.opus', mime: null }],
    [
      'media',
      { file_key: 'f_1', image_key: 'img_cover', file_name: '测试视频.mp4', duration: 2000 },
      { id: 'f_1', name: '测试视频.mp4', mime: 'video/mp4' },
    ],
  ])('%s: %j has no text', (type, body, file) => {
    expect(read(type, body)).toEqual({
      text: '',
      mentions: [],
      addressed: false,
      attachments: [{ ...file, url: null, bytes: null }],
    });
  });

  it('one without a key is named by its type', () => {
    expect(read('image', {})).toMatchObject({ text: '[image]', attachments: [] });
  });
});

describe('what has neither text nor a file to fetch', () => {
  it.each<[string, unknown, string]>([
    ['sticker', { file_key: 'f_1' }, '[sticker]'],
    ['folder', { file_key: 'f_1', file_name: 'logs' }, '[folder] logs'],
    ['share_chat', { chat_id: 'oc_1' }, '[share_chat]'],
    ['share_user', { user_id: 'ou_1' }, '[share_user]'],
    ['location', { name: '上海市', longitude: '1', latitude: '2' }, '[location] 上海市'],
    ['vote', { topic: '投票测试', options: ['1', '2'] }, '[vote] 投票测试'],
    ['video_chat', { topic: 'war room', start_time: '1623124523829' }, '[video_chat] war room'],
    ['share_calendar_event', { summary: '日程', start_time: '1' }, '[share_calendar_event] 日程'],
    ['todo', { task_id: '1', summary: { title: '', content: [[{ tag: 'text', text: '多吃' }]] } }, '[todo] 多吃'],
    ['system', { template: '{from_user} invited {to_chatters}', from_user: [] }, '[system]'],
    ['hongbao', { text: '[红包]' }, '[hongbao]'],
    ['merge_forward', { content: 'Merged and Forwarded Message' }, '[merge_forward]'],
    ['merge_forward', 'Merged and Forwarded Message', '[merge_forward]'],
    ['interactive', { title: '', elements: [[{ tag: 'img', image_key: 'img_1' }]] }, '[interactive]'],
    ['post', 'This message was recalled', '[post]'],
    ['constructor', {}, '[constructor]'],
    ['', '[]', '[unknown]'],
  ])('%s: %j reads %s', (type, body, shown) => {
    expect(read(type, body)).toEqual({ text: shown, mentions: [], addressed: false, attachments: [] });
  });
});

describe('cards', () => {
  it('as Feishu gives one that was received', () => {
    const card = {
      title: '卡片标题',
      elements: [
        [
          { tag: 'button', text: '主按钮', type: 'primary' },
          { tag: 'button', text: '次按钮', type: 'default' },
        ],
        [
          { tag: 'a', href: 'https://www.feishu.cn', text: '飞书' },
          { tag: 'text', text: ' 组织 ' },
          { tag: 'at', user_id: '@_user_1', user_name: '' },
        ],
        [{ tag: 'hr' }],
        [
          {
            tag: 'note',
            elements: [
              { tag: 'img', image_key: 'img_1' },
              { tag: 'text', text: '备注信息' },
            ],
          },
        ],
        [{ tag: 'select_static', options: ['选项1'], placeholder: '默认提示文本' }],
      ],
    };
    expect(read('interactive', card, [mention(1, 'ou_wei')])).toEqual({
      text: '卡片标题\n[主按钮][次按钮]\n飞书 (https://www.feishu.cn) 组织 @ou_wei\n备注信息',
      mentions: ['ou_wei'],
      addressed: false,
      attachments: [],
    });
  });

  it('as it was sent', () => {
    const card = {
      schema: '2.0',
      header: { title: { tag: 'plain_text', content: 'ITR-12' }, template: 'red' },
      body: {
        elements: [
          { tag: 'markdown', content: '**支付超时** <at id=ou_wei></at>' },
          {
            tag: 'column_set',
            columns: [{ elements: [{ tag: 'button', text: { tag: 'plain_text', content: '认领' } }] }],
          },
        ],
      },
    };
    expect(read('interactive', card).text).toBe('ITR-12\n**支付超时** @ou_wei\n[认领]');
  });

  it('one that is deeper than any card is cut, not followed', () => {
    const deep = `${'{"elements":['.repeat(20_000)}"x"${']}'.repeat(20_000)}`;
    expect(read('interactive', deep).text).toBe('[interactive]');
  });
});
