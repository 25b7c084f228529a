import { expect } from 'chai';
import { execute, subscribe as run } from 'graphql';
import { useServer as useGraphqlWs } from 'graphql-ws/use/ws';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { concat, map, NEVER, of, timer } from 'rxjs';
import type { GraphQLTestServerOptions, OperationHandler } from 'rx-graphql-ws/testing/server';
import { type ServerOptions, SubscriptionServer } from 'subscriptions-transport-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { createRoot, createSeen, schema } from '../../helpers/peers/schema.js';
import { useServer } from '../../helpers/use-server.js';
import { canWriteDeepJson, deepJson } from '../../helpers/wire.js';
import { current, init, legacy, start, subscribe } from './raw-client.js';

/** ms that a client may take to send `connection_init`: few where that is what is tried. */
const initTimeoutFor = (expected: readonly unknown[]) => (expected.includes(4408) ? 60 : patience);
/** ms without an answer more, and ms to wait for the expected answers or a close, after which a conversation counts as over. */
const [quiet, patience] = [150, 5_000];

type Frame = string | object;

const rootValue = createRoot(createSeen());

function startGraphqlWs(server: Server, connectionInitWaitTimeout: number): void {
  const webSockets = new WebSocketServer({ server });
  useGraphqlWs({ schema, roots: roots(), connectionInitWaitTimeout }, webSockets);
}

const roots = () => ({ query: rootValue, mutation: rootValue, subscription: rootValue });

function startLegacy(server: Server): void {
  const functions = { execute, subscribe: run } as Pick<ServerOptions, 'execute' | 'subscribe'>;
  SubscriptionServer.create({ schema, rootValue, ...functions }, { server });
}

/** Answers as those servers do. */
const handle: OperationHandler = ({ query }) =>
  query.startsWith('subscription')
    ? concat(timer(5).pipe(map(() => ({ data: 1 }))), NEVER)
    : of({ data: 1 });

/** Says something in one TCP segment. Resolves with the answers and the close code; `open` if the server leaves the socket open. */
async function converse(
  url: string,
  protocol: string | undefined,
  steps: readonly Frame[][],
  expected: readonly unknown[],
) {
  const socket = new WebSocket(url, protocol ?? [], { perMessageDeflate: false });
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => {
    const { type, id } = JSON.parse(data.toString()) as { type: string; id?: string };
    const told = id === undefined ? type : `${type} ${id}`;
    if (type !== 'data' || told !== heard.at(-1)) heard.push(told);
  });
  let stream: { cork(): void; uncork(): void } | undefined;
  socket.on('upgrade', (response) => (stream = response.socket));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  for (const frames of steps) {
    const before = heard.length;
    stream?.cork();
    for (const frame of frames)
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame), () => undefined);
    stream?.uncork();
    if (frames === steps.at(-1)) break;
    while (heard.length === before && socket.readyState === WebSocket.OPEN) await delay(2);
  }
  const deadline = performance.now() + patience;
  const isDue = () => expected.at(-1) !== 'open' || heard.length < expected.length - 1;
  while (isDue() && socket.readyState === WebSocket.OPEN && performance.now() < deadline)
    await delay(2);
  const end = await Promise.race([closed, delay(quiet, 'open', { ref: false })]);
  socket.terminate();
  await closed;
  return [...heard, end];
}

const query = (text: unknown, id = '1') => ({ ...subscribe, id, payload: { query: text } });
const ticks = query('subscription { ticks }');
const ping = { type: 'ping' };
const badDocument = query('{ hello');
const requesting = (fields: object) => ({
  ...subscribe,
  payload: { query: '{ hello }', ...fields },
});

/** What both servers answer, and what the client says for it. */
type Case = readonly [expected: unknown[], steps: Frame[][], subprotocol?: string];

const done = (result: string) => [`${result} 1`, 'complete 1', 'open'];
const greeted = (expected: readonly unknown[], ...frames: Frame[]): Case => [
  ['connection_ack', ...expected],
  [[init], frames],
];

describe('graphqlTestServer', () => {
  const serve = useServer();
  const { error } = console;
  let server: Server;

  before(() => {
    // graphql-ws tells there what is done to it here
    console.error = (...values: unknown[]) => {
      if (!String(values[0]).startsWith('Internal error')) error(...values);
    };
  });

  after(() => {
    console.error = error;
  });

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const realUrl = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

  const same = async (
    options: GraphQLTestServerOptions,
    subprotocol: string | undefined,
    steps: Frame[][],
    expected: unknown[],
  ) => {
    const ours = await serve({ handle, ...options });
    const urls = [realUrl(), ours.url];
    const seen = await Promise.all(urls.map((url) => converse(url, subprotocol, steps, expected)));
    expect(seen).to.deep.equal([expected, expected]);
  };

  describe('does the same as the server of graphql-ws', () => {
    const cases: Readonly<Record<string, Case>> = {
      'without a subprotocol': [[4406], [[init]], ''],
      'without an init': [[4408], [[]]],
      'for a second init': greeted([4429], init),
      'for two inits at once': [[4429], [[init, init]]],
      'for an operation before the init': [[4401], [[subscribe]]],
      'for an operation right behind the init': [[4401], [[init, subscribe]]],
      'for an operation': greeted(done('next'), query('{ hello }')),
      'for an id that is taken': greeted([4409], ticks, ticks),
      'for a document that lacks a brace': greeted([4500], badDocument),
      'for a document with a brace too many': greeted([4500], query('{ hello }}')),
      'for a document with braces in the wrong order': greeted([4500], query('}{')),
      'for braces in texts and comments': greeted(
        done('next'),
        query('{ hello(name: "}\\"{") # {{\n }'),
      ),
      'for braces in a block string': greeted(
        done('next'),
        query('{ hello(name: """}}\\"""""") }'),
      ),
      'for a ping behind such a document': greeted(['pong', 4500], badDocument, ping),
      'for a ping before such a document': greeted(['pong', 4500], ping, badDocument),
      'for a ping before no message': greeted([4400], ping, 'nonsense'),
      'for a ping, and then no message': [
        ['connection_ack', 'pong', 4400],
        [[init], [ping], ['nonsense']],
      ],
      'for a ping that is nested deeply': greeted(
        canWriteDeepJson() ? ['pong', 'open'] : [4500],
        `{"type":"ping","payload":{"a":${deepJson}}}`,
      ),
      'for a ping before the init': [['pong', 4408], [[ping]]],
      'for a pong and an end of no operation': greeted(
        ['open'],
        { type: 'pong' },
        { type: 'complete', id: '7' },
      ),
    };
    const malformed = [
      ...['', '{', 'null', '1', '[]', '{}', '{"type":1}', '{"type":"start"}'],
      ...[undefined, '', 1, null].map((id) => ({ ...subscribe, id })),
      ...[undefined, 'text', {}, { query: 1 }].map((payload) => ({ ...subscribe, payload })),
      ...['x', 1, []].map((variables) => requesting({ variables })),
      ...[requesting({ operationName: 1 }), requesting({ extensions: 'x' })],
      ...[{ type: 'ping', payload: 'text' }, { type: 'pong', payload: 1 }, { type: 'complete' }],
    ].map((frame) => [`for ${JSON.stringify(frame)}`, greeted([4400], frame)] as const);

    for (const [what, [expected, steps, subprotocol = current]] of [
      ...Object.entries(cases),
      ...malformed,
    ])
      it(what, async () => {
        const initTimeout = initTimeoutFor(expected);
        startGraphqlWs(server, initTimeout);
        await same({ initTimeout }, subprotocol || undefined, steps, expected);
      });
  });

  describe('does the same as the server of subscriptions-transport-ws', () => {
    const old = (text: unknown, id = '1') => ({ ...start(id), payload: { query: text } });
    const cases: Readonly<Record<string, Case>> = {
      'without an init': [['open'], [[]]],
      'for a second init': greeted(['connection_ack', 'open'], init),
      'for an operation before the init': [done('data'), [[old('{ hello }')]]],
      'for an operation right behind the init': [
        ['connection_ack', ...done('data')],
        [[init, old('{ hello }')]],
      ],
      'for a document that lacks a brace': greeted(['error 1', 'open'], old('{ hello')),
      'for no document': greeted(['error 1', 'open'], old(undefined)),
      'for a stop': [
        ['connection_ack', ...done('data')],
        [[init], [old('subscription { ticks }')], [{ type: 'stop', id: '1' }]],
      ],
      'for no JSON': greeted(['connection_error null', 'open'], 'nonsense'),
      'for null': greeted(['connection_error null', 'open'], 'null'),
      'for 1': greeted(['error', 'open'], '1'),
      'for {}': greeted(['error', 'open'], '{}'),
      'for a ping of the other protocol': greeted(['error', 'open'], ping),
      'for an unknown type with an id': greeted(['error 7', 'open'], { type: 'x', id: '7' }),
      'for connection_terminate': greeted([1005], { type: 'connection_terminate' }),
    };
    for (const [what, [expected, steps]] of Object.entries(cases))
      it(what, async () => {
        startLegacy(server);
        await same({}, legacy, steps, expected);
      });
  });
});
