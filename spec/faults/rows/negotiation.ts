import { Agent } from 'node:http';
import { expect } from 'chai';
import { graphqlSocket } from 'rx-graphql-ws';
import type { Row } from '../row.js';
import { fails, plays, survives } from './expectations.js';
import { faults } from './faults.js';

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
  {
    id: 'A16-none',
    name: 'no subprotocol selected',
    ...dials('no-subprotocol', Infinity),
    ...survives,
    check: ({ server }) => expect(server.ledger.upgrades[1]!.subprotocols).to.deep.equal([]),
  },
  {
    id: 'A17-unknown',
    name: 'a subprotocol selected that nobody offered',
    ...dials('unknown-subprotocol', Infinity),
    ...fails('HandshakeError', { kind: 'subprotocol' }),
  },
  {
    id: 'A18-legacy',
    name: 'a legacy server, and a half-open connection to it',
    server: { subprotocols: ['graphql-ws'] },
    options: () => ({ keepAliveTimeout: 900 }),
    fault: ({ server }) => {
      server.halfOpen();
    },
    ...survives,
  },
  {
    id: 'A19-current',
    name: 'the current protocol selected, and the legacy one spoken: tolerated, so that events$ alone tells',
    ...plays(async ({ server, pause }) => {
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
      expect(types).to.include.members(['ka', 'error']);
      expect(notices).to.deep.equal([]);
      expect(server.ledger.upgrades).to.have.length(1);
      socket.close();
    }),
  },
  {
    id: 'A19-legacy',
    name: 'the legacy protocol selected, and the current one spoken',
    options: () => ({ subprotocols: ['graphql-ws'] }),
    ...dials('other-dialect'),
    ...survives,
  },
  ...(['self-signed', 'expired', 'wrong-host'] as const).map((certificate): Row => ({
    id: `A20-${certificate}`,
    name: `a certificate that is ${certificate}`,
    server: { tls: certificate },
    options: ({ certificate: ca }) =>
      certificate === 'self-signed' ? {} : { webSocketOptions: { ca } },
    ...fails('ConnectionError', {}, 0),
  })),
  {
    id: 'A21-tls-stall',
    name: 'TLS is not answered',
    server: { tls: 'self-signed' },
    options: ({ certificate: ca }) => ({ webSocketOptions: { ca } }),
    ...dials('tls-stall'),
    ...survives,
  },
  {
    id: 'A22-proxy',
    name: 'a proxy drops the connection',
    options: () => ({ webSocketOptions: { agent: dropping() } }),
    ...survives,
  },
  {
    id: 'A24-first',
    also: ['G5'],
    name: 'url() rejects at the first dial',
    options: () => ({ url: reject }),
    ...fails('ConnectionError', {}, 0),
  },
  {
    id: 'A24-later',
    name: 'url() rejects at a later dial',
    options: ({ url }) => ({ url: second(url, reject) }),
    fault: ({ server }) => {
      server.drop();
    },
    ...survives,
  },
  {
    id: 'A25-never',
    name: 'url() never resolves, at a later dial',
    options: ({ url }) => ({ url: second(url, () => new Promise<string>(() => {})) }),
    fault: ({ server }) => {
      server.drop();
    },
    ...survives,
  },
  {
    id: 'A26-crlf',
    name: 'a token with a line break, for a header',
    options: () => ({ webSocketOptions: { headers: { Authorization: 'Bearer hunter2\r\nX: y' } } }),
    ...fails('ConfigurationError', { option: 'webSocketOptions' }, 0),
  },
  {
    id: 'A27-url',
    name: 'url() gives no URL, with credentials in it',
    options: () => ({ url: () => 'ws://user:hunter2@:no/graphql' }),
    ...fails('ConfigurationError', { option: 'url' }, 0),
  },
  {
    id: 'A12-follow',
    name: 'redirects are asked for, and refused',
    ...plays(async ({ server, pause }) => {
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
  },
];
