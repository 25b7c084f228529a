import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSocketError } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { useSocket } from '../helpers/use-socket.js';

/** What is done to a TCP connection once the client has asked to upgrade. */
type Answer = (socket: Socket, request: string) => void;

const says =
  (text: string): Answer =>
  (socket) => {
    socket.end(text);
  };
const http = (status: string, ...headers: readonly string[]) =>
  says([`HTTP/1.1 ${status}`, ...headers, 'Content-Length: 0', '', ''].join('\r\n'));
const upgrade =
  (build: (accept: string) => readonly string[]): Answer =>
  (socket, request) => {
    const key = /sec-websocket-key: (.*)/i.exec(request)?.[1]?.trim() ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    const lines = ['HTTP/1.1 101 Switching Protocols', ...build(accept.digest('base64'))];
    socket.write([...lines, '', ''].join('\r\n'));
  };
const accepting = (accept: string, ...headers: readonly string[]) => [
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Accept: ${accept}`,
  ...headers,
];

type Case = readonly [name: string, answer: Answer, status?: number];

const retried: readonly Case[] = [
  ['a reset', (socket) => socket.resetAndDestroy()],
  ['an end without a word', says('')],
  ['another protocol', says('SSH-2.0-OpenSSH_9.6\r\n')],
  ['half a status line', says('HTTP/1.1 10')],
  ['binary garbage', (socket) => socket.end(Buffer.from([0, 0xff, 0x0d, 0x0a, 0x0d, 0x0a]))],
  [
    'headers without end',
    (socket) => socket.write(`HTTP/1.1 101 No\r\n${'A: b\r\n'.repeat(20_000)}`),
  ],
  ['a key that is not ours', upgrade(() => accepting('bm9wZQ=='))],
  [
    'an upgrade to something else',
    upgrade((accept) => ['Upgrade: h2c', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`]),
  ],
  [
    'an extension that was not offered',
    upgrade((accept) =>
      accepting(
        accept,
        'Sec-WebSocket-Protocol: graphql-ws',
        'Sec-WebSocket-Extensions: permessage-deflate',
      ),
    ),
  ],
  ['200, a captive portal, say', says('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>'), 200],
  ['408', http('408 Request Timeout'), 408],
  ['425', http('425 Too Early'), 425],
  ['429', http('429 Too Many Requests'), 429],
  ['500', http('500 No'), 500],
  ['502', http('502 Bad Gateway'), 502],
  ['503', http('503 Busy'), 503],
];

const final: readonly Case[] = [
  ['301', http('301 Moved', 'Location: ws://127.0.0.1:1/secret?token=abc'), 301],
  ['400', http('400 Bad Request'), 400],
  ['401 with constant credentials', http('401 Unauthorized'), 401],
  ['404', http('404 Not Found'), 404],
  ['426', http('426 Upgrade Required'), 426],
];

describe('a hostile answer to the upgrade', () => {
  const tcp = useTcp();
  const connect = useSocket();
  useCalm();
  const serve = (answer: Answer) =>
    tcp((socket) => {
      socket.once('data', (request: Buffer) => answer(socket, request.toString()));
    });

  for (const [name, answer, status] of retried) {
    it(`${name} is a ConnectionError, and is dialled again`, async () => {
      const server = await serve(answer);
      const socket = connect({ url: `${server.url}?token=abc` });
      const waiting: GraphQLSocketError[] = [];
      socket.status$.subscribe((each) => {
        if (each.state === 'waiting') waiting.push(each.error);
      });
      const ends: unknown[] = [];
      socket.query$('{ a }').subscribe({ error: (error: unknown) => ends.push(error) });
      await eventually(() => expect(server.accepted).to.be.at.least(2));
      expect(waiting[0]?.name).to.equal('ConnectionError');
      expect(waiting[0]?.message).to.match(
        /^could not connect to ws:\/\/127\.0\.0\.1:\d+\/graphql/,
      );
      expect(waiting[0]?.message).not.to.include('abc');
      expect((waiting[0] as { status?: number }).status).to.equal(status);
      expect(ends).to.deep.equal([]);
    });
  }

  for (const [name, answer, status] of final) {
    it(`${name} is final at the first connect`, async () => {
      const server = await serve(answer);
      const socket = connect({ url: `${server.url}?token=abc` });
      const error = await failureOf(socket.query$('{ a }'), 'ConnectionError');
      expect(error.status).to.equal(status);
      expect(error.message)
        .to.match(/: HTTP \d+$/)
        .and.not.include('abc');
      await delay(50);
      expect(server.accepted).to.equal(1);
    });
  }

  it('a subprotocol that nobody offered is a HandshakeError, and final', async () => {
    const server = await serve(
      upgrade((accept) => accepting(accept, 'Sec-WebSocket-Protocol: mqtt')),
    );
    const error = await failureOf(connect({ url: server.url }).query$('{ a }'), 'HandshakeError');
    expect(error.kind).to.equal('subprotocol');
    await delay(50);
    expect(server.accepted).to.equal(1);
  });

  it('a byte of an answer now and then does not put off connectTimeout', async () => {
    const server = await serve((socket) => {
      const text = 'HTTP/1.1 101 Switching Protocols\r\n';
      const drip = setInterval(() => socket.write(text[socket.bytesWritten] ?? 'x'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    const socket = connect({ url: server.url, connectTimeout: 80, retry: false });
    const start = performance.now();
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionError');
    expect(performance.now() - start).to.be.within(75, 400);
    expect(error.message).to.match(/within 80 ms$/);
    await eventually(() => expect(server.sockets.size).to.equal(0));
  });

  it('a port that refuses and a name that does not resolve are dialled again', async () => {
    const { url, stop } = await tcp();
    await stop();
    const lookup = (host: string, _options: unknown, done: (error: Error) => void) => {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }));
    };
    const unknown = { url: 'ws://nowhere.invalid/graphql', webSocketOptions: { lookup } };
    for (const config of [{ url }, unknown]) {
      const socket = connect(config);
      const states: string[] = [];
      socket.status$.subscribe(({ state }) => states.push(state));
      socket.query$('{ a }').subscribe({ error: (error: Error) => states.push(error.name) });
      await eventually(() => expect(states.filter((each) => each === 'waiting')).to.have.length(2));
      expect(states).not.to.include('failed');
      socket.close();
    }
  });
});
