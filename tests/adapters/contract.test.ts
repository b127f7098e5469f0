import { feishuBench } from '../contract/platform-feishu.ts';
import { playgroundBench } from '../contract/platform-playground.ts';
import { slackBench } from '../contract/platform-slack.ts';
import { platformContract } from '../contract/platform.ts';

platformContract('Slack over HTTP', slackBench('http'));
platformContract('Slack over Socket Mode', slackBench('socket'));
platformContract('Feishu over its webhook', feishuBench('webhook'));
platformContract('Feishu over the long connection', feishuBench('ws'));
platformContract('the playground', playgroundBench);
