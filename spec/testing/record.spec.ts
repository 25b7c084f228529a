import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, of, toArray } from 'rxjs';
import {
  graphqlSocket,
  type RequestInput,
  type SocketEvent,
  type SocketStatus,
  type Variables,
} from 'rx-graphql-ws';
import { fakeSocket, record } from 'rx-graphql-ws/testing';
import { expectObservable, flush, test } from '../helpers/test.js';
import { document, init, socketOver } from './marble-test.js';
import { ack, closed, header, opened, received, sent, status, wire } from './recorded.js';

const { next, subscribe } = wire('graphql-transport-ws');
const at = (ms: number, act: () => unknown) => asyncScheduler.schedule(() => void act(), ms);

/** Records at once, and gives the lines as objects. */
function recorded(...args: Parameters<typeof record>) {
  const lines: string[] = [];
  record(...args).subscribe((line) => lines.push(line));
  return () =>
    lines.map((line) => {
      expect(line).to.match(/^\{[^\n]*\}\n$/);
      return JSON.parse(line) as object;
    });
}

/** A session that is dropped, dialled again without success, and then left. */
function session(sourceName: 'socket' | 'events$') {
  const server = fakeSocket();
  const socket = socketOver(server);
  const lines = recorded(sourceName === 'socket' ? socket : socket.events$);
  const stream = socket.subscribe$(document).subscribe();
  at(5, () => server.open());
  at(7, () => server.ack());
  at(8, () => server.next(1, 7));
  at(20, () => server.close(1012, 'restart'));
  at(32, () => server.fail(new Error('refused')));
  at(43, () => stream.unsubscribe());
  flush();
  return lines();
}

const greeting = [opened(5), sent(5, init), received(7, ack)];
const operation = [sent(7, subscribe('1')), received(8, next('1', 7)), closed(20, 1012, 'restart')];

describe('record', () => {
  test('writes the frames, and the states that explain them', () => {
    const lines = [
      ...[header, status(0, 'idle'), status(0, 'connecting')],
      ...[...greeting, status(7, 'connected'), ...operation],
      ...[status(20, 'waiting', 'ConnectionClosedError'), status(30, 'connecting')],
      ...[closed(32, 1006, '', 2), status(32, 'waiting', 'ConnectionError')],
      ...[status(42, 'connecting'), closed(43, 1006, '', 3), status(43, 'idle')],
    ];
    const json = JSON.parse(JSON.stringify(lines)) as unknown;
    expect(session('socket')).to.deep.equal(json);
  });

  test('writes the frames alone, if it gets the events alone', () => {
    const ends = [closed(32, 1006, '', 2), closed(43, 1006, '', 3)];
    const lines = [header, ...greeting, ...operation, ...ends];
    expect(session('events$')).to.deep.equal(lines);
  });

  test('does not connect, begins anew with each subscription, and completes with the socket', () => {
    const server = fakeSocket();
    const socket = socketOver(server);
    const lines$ = record(socket).pipe(toArray());
    const a = [header, status(0, 'idle'), status(10, 'closed')].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    expectObservable(lines$).toBe('10ms (a|)', { a });
    expectObservable(lines$, '-----^').toBe('10ms (a|)', { a });
    at(10, () => socket.close());
    flush();
    expect(server.peers).to.deep.equal([]);
  });

  it('has no time before that of the last line, although the clock is set back', () => {
    const events = [
      { type: 'opened', at: 1_000, connection: 1, subprotocol: '' },
      { type: 'closed', at: 400, connection: 1, code: 1000, reason: '', wasClean: true },
      { type: 'closed', at: 1_200, connection: 2, code: 1006, reason: '', wasClean: false },
    ] as const;
    expect(recorded(of(...events))()).to.deep.equal([
      ...[header, opened(1_000, ''), closed(1_000, 1000), closed(1_200, 1006, '', 2)],
    ]);
  });

  describe('in the middle of a connection', () => {
    const frame: SocketEvent = {
      ...{ type: 'received', at: 50, connection: 3, text: '{}' },
      message: { type: 'unknown', frame: '{}' },
    };
    const end = { code: 1006, reason: '', wasClean: false };
    const dropped = { type: 'closed', at: 60, connection: 3, ...end } as const;
    const restarted: SocketEvent = { ...dropped, code: 1012 };
    const connected: SocketStatus = {
      ...{ since: 10, state: 'connected', subprotocol: 'graphql-ws', ackPayload: undefined },
    };
    const idle: SocketStatus = { since: 0, state: 'idle' };

    it('opens the socket first, with the subprotocol of the state', () => {
      const rest = [received(50, '{}', 3), closed(60, 1006, '', 3)];
      const events$ = of(frame, dropped);
      const before = { time: 10, status: 'connected' };
      const withStates = recorded({ status$: of(connected), events$ });
      expect(withStates()).to.deep.equal([header, before, opened(50, 'graphql-ws', 3), ...rest]);
      expect(recorded(events$)()).to.deep.equal([header, opened(50, '', 3), ...rest]);
    });

    const down = { status$: of(idle), events$: of(dropped) };
    const up = { status$: of(connected), events$: of(dropped) };
    for (const [what, source, opens] of [
      ['a drop alone as a failed dial', of(dropped), false],
      ['a close frame as the end of a socket', of(restarted), true],
      ['a drop while connected as the end of a socket', up, true],
      ['a drop while idle as a failed dial', down, false],
    ] as const)
      it(`takes ${what}`, () => {
        expect(recorded(source)().some((line) => 'opened' in line)).to.equal(opens);
      });

    it('fails with the error of `redact`', () => {
      const failure = new Error('cannot redact');
      const redact = () => {
        throw failure;
      };
      let caught: unknown;
      record(of(frame), { redact }).subscribe({ error: (error: unknown) => (caught = error) });
      expect(caught).to.equal(failure);
    });
  });
});

const canary = 'c4n4ry';

const textsOf = (recording: string) =>
  recording
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text?: string }).text ?? '');

/** Records a single frame, and gives its text. */
function recordedText(text: string) {
  const message = { type: 'unknown', frame: text } as const;
  const events$ = of({ type: 'received', at: 1, connection: 1, message, text } as const);
  let recording = '';
  record(events$).subscribe((line) => (recording += line));
  return textsOf(recording).at(-1);
}

describe('record removes', () => {
  /** Records one operation. */
  function recorded(
    request: RequestInput<unknown, Variables>,
    { ack, data, redact }: { ack?: unknown; data?: unknown } & Parameters<typeof record>[1] = {},
  ) {
    const server = fakeSocket();
    const socket = graphqlSocket({
      url: `ws://a?token=${canary}`,
      webSocketImpl: server,
      connectionParams: { anything: canary },
    });
    let text = '';
    record(socket, { redact }).subscribe((line) => (text += line));
    const stream = socket.execute$(request).subscribe();
    server.open();
    server.ack(ack);
    server.ping({ token: canary });
    server.next(1, data ?? null);
    stream.unsubscribe();
    return text;
  }

  const variables: readonly (readonly [string, object])[] = [
    ['a token', { token: canary }],
    ['a token deep in them', { in: [{ ACCESS_TOKEN: { a: canary } }] }],
    ['a password', { oldPassword: canary, passwd: canary, pwd: canary }],
    ['a key', { 'x-api-key': canary, privateKey: [canary] }],
    ['a secret', { client_secret: canary, auth: canary }],
    ['a session', { session: canary, sessionId: canary, sid: canary }],
    ['a bearer under any name', { header: `Bearer ${canary}` }],
    ['a JSON web token under any name', { it: `eyJhbGciOi.${canary}.x` }],
  ];
  const headers = { Authorization: canary, cookie: canary };
  const list = `{ a(tokens: ["${canary}"], auth: { key: "${canary}" }) }`;
  for (const [what, request, ack] of [
    ['the payload of connection_init', '{ a }'],
    ...variables.map(([what, given]) => [
      ...[`${what} in variables`, { query: '{ a }', variables: given }],
    ]),
    ['headers in extensions', { query: '{ a }', extensions: { headers } }],
    ['an argument in the document', `mutation { a(name: "me", password: "${canary}") { id } }`],
    ['an argument in a block string', `{ a(secret: """${canary}\n"${canary}""") }`],
    ['arguments in lists, objects and defaults', `query($token: String! = "${canary}") ${list}`],
    ['a quotation mark in an argument', `{ a(token: "\\"${canary}") }`],
    ['an argument in one that is none', `{ a(by: {token: "${canary}", in: [{pin: -12}]}) }`],
    [
      'arguments beside another',
      `{ a(auth: {token: "${canary}", b: "${canary}"}) b(n: 1, secret: "${canary}") }`,
    ],
    ['arguments deep in one', `{ a(auth: {a: "}", by: [{b: "${canary}"}]}, n: "{") }`],
    ['credentials in the ack', '{ a }', { session: canary, user: { jwt: canary } }],
  ] as [string, RequestInput<unknown, Variables>, unknown?][])
    test(what, () => {
      const text = recorded(request, { ack });
      flush();
      expect(text).to.contain('[redacted]').and.not.to.contain(canary);
    });

  for (const [what, text, expected] of [
    ['a frame that is no JSON', `token=${canary}`, '[redacted]'],
    ['a frame that is too deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, '[redacted]'],
    [
      'the payload of connection_init in an event',
      `{"type":"connection_init","payload":{"me":"${canary}"}}`,
      '{"type":"connection_init","payload":"[redacted]"}',
    ],
    ['nothing from null', 'null', 'null'],
  ] as const)
    it(what, () => {
      expect(recordedText(text)).to.equal(expected);
    });

  test('more with `redact`, from the frames of both sides', () => {
    const redact = (text: string, direction: string) =>
      text.replaceAll('me@here', direction.toUpperCase());
    const request = { query: '{ a }', variables: { mail: 'me@here', token: canary } };
    const text = recorded(request, { redact, data: { mail: 'me@here' } });
    flush();
    expect(text).to.contain('SENT').and.to.contain('RECEIVED');
    expect(text).not.to.contain('me@').and.not.to.contain(canary);
  });

  test('nothing from results', () => {
    const data = { Token: 'SOL', tokenAddress: 'So1111', Currency: { secret: 1 } };
    const text = recorded('{ a }', { data });
    flush();
    const result = { type: 'next', id: '1', payload: { data } };
    expect(textsOf(text)).to.deep.include(JSON.stringify(result));
  });

  test('nothing else, and keeps the frame to the letter', () => {
    const names = { author: 'a', sidebar: 'b', key: 'c', passenger: 'd', note: 'Basically' };
    const query = '{ a(author: "x", limit: 5, by: {tokenAddress: {is: "So1111"}}, since: "2026") }';
    const payload = { query, variables: { ...names, n: 1.5 } };
    const text = recorded(payload);
    flush();
    const sent = { type: 'subscribe', id: '1', payload };
    expect(textsOf(text)).to.deep.include(JSON.stringify(sent));
  });
});
