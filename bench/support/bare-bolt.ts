import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, LogLevel } from '@slack/bolt';
import type { App } from '@slack/bolt';
import { SIGNING_SECRET } from './slack-stub.ts';

/** Bolt's own receiver in front of nothing: it checks the signature, reads the body and acknowledges. It keeps no event. */
const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, logLevel: LogLevel.ERROR });
const nothing: Pick<App, 'processEvent'> = { processEvent: ({ ack }) => ack() };
receiver.init(nothing as App);

const server = createServer((request, response) => receiver.requestListener(request, response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
