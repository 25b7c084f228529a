import { Agent } from 'node:http';
import { expect } from 'chai';
import { graphqlSocket } from 'rx-graphql-ws';
import type { Row } from '../row.js';
import { fails, faults, play, row, survives } from './faults.js';

const { dials } = faults;

/** A proxy that drops the first connection. */
function dropping(): Agent {
  let connections = 0;
  const agent = new Agent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    if ((connections += 1) > 1) return connect(options, done);
    setImmediate(() => done?.(new Error('the proxy dropped it'), undefined as never));
    return undefined;
  };
  return agent;
}

/** Asked for again, the value is another one: what happens at the first dial decides about the configuration. */
const second = <T>(first: T, then: () => T | Promise<T>) => {
  let calls = 0;
  return () => ((calls += 1) === 2 ? then() : first);
};
const reject = () => Promise.reject(new Error('é'.repeat(300)));

/** Section A: subprotocols, TLS, and values that the user's functions give. */
export const negotiation: readonly Row[] = [
  row('A16-none', 'no subprotocol selected', survives, dials('no-subprotocol', Infinity), {
    server: { fallback: 'graphql-ws' },
    check: ({ server }) => expect(server.ledger.upgrades[1]!.subprotocols).to.deep.equal([]),
  }),
  row(
    'A17-unknown',
    'a subprotocol selected that nobody offered',
    fails('HandshakeError', { kind: 'subprotocol' }),
    dials('unknown-subprotocol', Infinity),
  ),
  row('A18-legacy', 'a legacy server, and a half-open connection to it', survives, {
    server: { subprotocols: ['graphql-ws'] },
    options: () => ({ keepAliveTimeout: 900 }),
    fault: ({ server }) => server.halfOpen(),
  }),
  play(
    'A19-current',
    'the current protocol selected, and the legacy one spoken: the operation fails, and events$ tells of the rest',
    async ({ server, pause }) => {
      server.failDials('other-dialect');
      const socket = graphqlSocket({ url: server.url });
      const [types, notices]: [string[], unknown[]] = [[], []];
      socket.events$.subscribe((event) => {
        if (event.type !== 'unhandled') return;
        types.push((JSON.parse(event.frame) as { type: string }).type);
      });
      const note = (notice: unknown) => notices.push(notice);
      socket.subscribe$('subscription { rows }').subscribe({ next: note, error: note });
      await pause(700);
      expect(types).to.include('ka');
      expect(String(notices)).to.equal('OperationError: operation failed: Invalid message type!');
      expect(server.ledger.upgrades).to.have.length(1);
      socket.close();
    },
  ),
  row(
    'A19-legacy',
    'the legacy protocol selected, and the current one spoken',
    survives,
    dials('other-dialect'),
    { options: () => ({ subprotocols: ['graphql-ws'] }) },
  ),
  ...(['self-signed', 'expired', 'wrong-host'] as const).map((certificate): Row =>
    row(
      `A20-${certificate}`,
      `a certificate that is ${certificate}`,
      fails('ConnectionError', {}, 0),
      {
        server: { tls: certificate },
        options: ({ certificate: ca }) =>
          certificate === 'self-signed' ? {} : { webSocketOptions: { ca } },
      },
    ),
  ),
  row('A21-tls-stall', 'TLS is not answered', survives, dials('tls-stall'), {
    server: { tls: 'self-signed' },
    options: ({ certificate: ca }) => ({ webSocketOptions: { ca } }),
  }),
  row('A22-proxy', 'a proxy drops the connection', survives, {
    options: () => ({ webSocketOptions: { agent: dropping() } }),
  }),
  row('A24-first', 'url() rejects at the first dial', fails('ConnectionError', {}, 0), {
    also: ['G5'],
    options: () => ({ url: reject }),
  }),
  row('A24-later', 'url() rejects at a later dial', survives, {
    options: ({ url }) => ({ url: second(url, reject) }),
    fault: ({ server }) => server.drop(),
  }),
  row('A25-never', 'url() never resolves, at a later dial', survives, {
    options: ({ url }) => ({ url: second(url, () => new Promise<string>(() => {})) }),
    fault: ({ server }) => server.drop(),
  }),
  row(
    'A26-crlf',
    'a token with a line break, for a header',
    fails('ConfigurationError', { option: 'webSocketOptions' }, 0),
    {
      options: () => ({
        webSocketOptions: { headers: { Authorization: 'Bearer hunter2\r\nX: y' } },
      }),
    },
  ),
  row(
    'A27-url',
    'url() gives no URL, with credentials in it',
    fails('ConfigurationError', { option: 'url' }, 0),
    { options: () => ({ url: () => 'ws://user:hunter2@:no/graphql' }) },
  ),
  play('A12-follow', 'redirects are asked for, and refused', async ({ server, pause }) => {
    const errors: unknown[] = [];
    try {
      const socket = graphqlSocket({
        url: server.url,
        webSocketOptions: { followRedirects: true },
      });
      socket.query$('{ rows }').subscribe({ error: (error: unknown) => errors.push(error) });
    } catch (error) {
      errors.push(error);
    }
    await pause(300);
    expect(errors[0]).to.include({ name: 'ConfigurationError', option: 'webSocketOptions' });
    expect(server.ledger.upgrades).to.deep.equal([]);
  }),
];
