import { expect } from 'chai';
import { describe, it } from 'mocha';
import { of } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import type { RequestInput, Variables } from 'rx-graphql-ws';
import { fakeSocket, record } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';

const canary = 'c4n4ry';

/** What is recorded of one operation. */
function recorded(
  request: RequestInput<unknown, Variables>,
  { ack, data, redact }: { ack?: unknown; data?: unknown } & Parameters<typeof record>[1] = {},
) {
  const server = fakeSocket();
  const connectionParams = { anything: canary };
  const socket = graphqlSocket({
    url: `ws://a?token=${canary}`,
    webSocketImpl: server,
    connectionParams,
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

const texts = (recording: string) =>
  recording
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text?: string }).text ?? '');

describe('record leaves out', () => {
  for (const [what, request, options] of [
    ['the payload of connection_init', '{ a }'],
    ['a token in variables', { query: '{ a }', variables: { token: canary } }],
    [
      'a token deep in variables',
      { query: '{ a }', variables: { in: [{ ACCESS_TOKEN: { a: canary } }] } },
    ],
    [
      'a password',
      { query: '{ a }', variables: { oldPassword: canary, passwd: canary, pwd: canary } },
    ],
    ['a key', { query: '{ a }', variables: { 'x-api-key': canary, privateKey: [canary] } }],
    ['a secret', { query: '{ a }', variables: { client_secret: canary, auth: canary } }],
    [
      'a session',
      { query: '{ a }', variables: { session: canary, sessionId: canary, sid: canary } },
    ],
    [
      'headers in extensions',
      { query: '{ a }', extensions: { headers: { Authorization: canary, cookie: canary } } },
    ],
    ['a bearer under any name', { query: '{ a }', variables: { header: `Bearer ${canary}` } }],
    [
      'a JSON web token under any name',
      { query: '{ a }', variables: { it: `eyJhbGciOi.${canary}.x` } },
    ],
    ['an argument in the document', `mutation { login(name: "me", password: "${canary}") { id } }`],
    ['an argument in a block string', `{ a(secret: """${canary}\n"${canary}""") }`],
    [
      'arguments in a list, an object or a default',
      `query($token: String! = "${canary}") { a(tokens: ["${canary}"], auth: { key: "${canary}" }) }`,
    ],
    ['a quotation mark in an argument', `{ a(token: "\\"${canary}") }`],
    [
      'an argument within one that is none',
      `{ a(by: {token: "${canary}", in: [{pin: -12}]}) }`,
      { ack: { pin: 1 } },
    ],
    [
      'arguments beside another',
      `{ a(auth: {token: "${canary}", b: "${canary}"}) b(n: 1, secret: "${canary}") }`,
    ],
    ['arguments deep in one', `{ a(auth: {a: "}", by: [{b: "${canary}"}]}, n: "{") }`],
    ['credentials in the ack', '{ a }', { ack: { session: canary, user: { jwt: canary } } }],
  ] as const)
    it(
      what,
      run(({ flush }) => {
        const text = recorded(request, options);
        flush();
        expect(text).to.contain('[redacted]').and.not.to.contain(canary);
      }),
    );

  for (const [what, text] of [
    ['what is no JSON, for what is in it is not known', `token=${canary}`],
    ['what is nested too deeply', `${'['.repeat(20_000)}"${canary}"${']'.repeat(20_000)}`],
  ] as const)
    it(what, () => {
      const message = { type: 'complete', id: '1' } as const;
      const events$ = of({ type: 'sent', at: 1, connection: 1, message, text } as const);
      let recording = '';
      record(events$).subscribe((line) => (recording += line));
      expect(texts(recording).at(-1)).to.equal('[redacted]');
    });

  it('the payload of connection_init, even if the events have it', () => {
    const text = `{"type":"connection_init","payload":{"me":"${canary}"}}`;
    const message = { type: 'init' } as const;
    const events$ = of({ type: 'sent', at: 1, connection: 1, message, text } as const);
    let recording = '';
    record(events$).subscribe((line) => (recording += line));
    expect(texts(recording).at(-1)).to.equal('{"type":"connection_init","payload":"[redacted]"}');
  });

  it('nothing where there is nothing', () => {
    const message = { type: 'unknown', frame: 'null' } as const;
    const events$ = of({ type: 'received', at: 1, connection: 1, message, text: 'null' } as const);
    let recording = '';
    record(events$).subscribe((line) => (recording += line));
    expect(texts(recording).at(-1)).to.equal('null');
  });

  it(
    'what `redact` says, too, of both sides',
    run(({ flush }) => {
      const redact = (text: string, direction: string) =>
        direction === 'sent'
          ? text.replaceAll('me@here', 'SENT')
          : text.replaceAll('me@there', 'RECEIVED');
      const request = { query: '{ a }', variables: { mail: 'me@here', token: canary } };
      const text = recorded(request, { redact, data: { mail: 'me@there' } });
      flush();
      expect(text).to.contain('SENT').and.to.contain('RECEIVED');
      expect(text).not.to.contain('me@').and.not.to.contain(canary);
    }),
  );

  it(
    'nothing of results',
    run(({ flush }) => {
      const data = { Token: 'SOL', tokenAddress: 'So1111', Currency: { secret: 1 } };
      const text = recorded('{ a }', { data });
      flush();
      expect(texts(text)).to.deep.include(
        JSON.stringify({ type: 'next', id: '1', payload: { data } }),
      );
    }),
  );

  it(
    'nothing that is no credential, and keeps what it leaves to the letter',
    run(({ flush }) => {
      const variables = { author: 'a', sidebar: 'b', key: 'c', passenger: 'd', note: 'Basically' };
      const query =
        '{ a(author: "x", limit: 5, by: {tokenAddress: {is: "So1111"}}, since: "2026") }';
      const text = recorded({ query, variables: { ...variables, n: 1.5 } });
      flush();
      expect(texts(text)).to.deep.include(
        JSON.stringify({
          type: 'subscribe',
          id: '1',
          payload: { query, variables: { ...variables, n: 1.5 } },
        }),
      );
    }),
  );
});
