import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import type { RequestInput, Variables } from 'rx-graphql-ws';
import { fakeSocket, record } from 'rx-graphql-ws/testing';
import { flush, test } from '../helpers/test.js';

const canary = 'c4n4ry';

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
  const stream = socket.subscribe$(request).subscribe();
  server.open();
  server.ack(ack);
  server.ping({ token: canary });
  server.next(1, data ?? null);
  stream.unsubscribe();
  return text;
}

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
