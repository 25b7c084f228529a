import { expect } from 'chai';
import type { Socket } from 'node:net';
import { beforeEach, describe, it } from 'mocha';
import { lastValueFrom, NEVER, noop } from 'rxjs';
import { graphqlSocket, type GraphQLSocketConfig, type SocketStatus } from 'rx-graphql-ws';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { record } from '../helpers/parity/record.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';
import { useWatch, type Watch } from '../helpers/use-watch.js';

/** Without a timer of its own. */
const forever: GraphQLTestServerOptions = { handle: () => NEVER, initTimeout: false };

/** Timers of ours would be seen: none is due within a test. */
const patient: Partial<GraphQLSocketConfig> = {
  connectTimeout: 60_000,
  ackTimeout: 60_000,
  closeTimeout: 60_000,
  pingInterval: 60_000,
  keepAliveTimeout: 60_000,
  retry: { delay: 60_000 },
};

/** A state that a socket object can be in when the end comes, and how to come to it. */
type Situation = readonly [
  name: string,
  state: SocketStatus['state'],
  url: () => Promise<string>,
  config?: Partial<GraphQLSocketConfig>,
  arrived?: () => void,
];

describe('resources', () => {
  const serve = useServer();
  const tcp = useTcp();
  const watch = useWatch();
  useCalm();
  let server: GraphQLTestServer | undefined;
  let sockets: ReadonlySet<Socket>;
  let left: Watch;
  beforeEach(() => {
    server = undefined;
    sockets = new Set();
  });

  const served = async (options: GraphQLTestServerOptions) => {
    server = await serve(options);
    return server.url;
  };
  const listening = async (onSocket?: (socket: Socket) => void) => {
    const listener = await tcp(onSocket);
    ({ sockets } = listener);
    return listener.url;
  };
  const received = (type: string) => () => {
    expect(server?.ledger.messages.map((message) => message.type)).to.include(type);
  };
  const refused = async () => {
    const { url, stop } = await tcp();
    await stop();
    return url;
  };

  const situations: readonly Situation[] = [
    ['an operation is under way', 'connected', () => served(forever), {}, received('subscribe')],
    [
      'an operation is under way on the legacy protocol',
      'connected',
      () => served(forever),
      { subprotocols: ['graphql-ws'] },
      received('start'),
    ],
    [
      'an option is being resolved',
      'connecting',
      () => served(forever),
      { connectionParams: () => NEVER },
    ],
    [
      'the server accepts TCP and never answers',
      'connecting',
      () => listening(),
      {},
      () => expect(sockets.size).to.equal(1),
    ],
    [
      'the server never acknowledges',
      'connecting',
      () => served({ ackDelay: false }),
      {},
      received('connection_init'),
    ],
    ['the connection was refused, and a retry is waited for', 'waiting', refused],
    [
      'the connection was reset before the upgrade, and a retry is waited for',
      'waiting',
      () => listening((socket) => void socket.once('data', () => socket.resetAndDestroy())),
    ],
    [
      'the server answered HTTP 502, and a retry is waited for',
      'waiting',
      () => served({ authorize: () => ({ status: 502 }) }),
    ],
    ['the credentials were refused for good', 'failed', () => served({ connect: () => false })],
  ];

  const arrive = async ([, state, url, config, arrived = noop]: Situation) => {
    const address = await url();
    left = watch();
    const socket = graphqlSocket({ url: address, ...patient, ...config });
    const subscriptions = [1, 2].map(() =>
      socket.subscribe$('subscription { a }').subscribe({ error: noop }),
    );
    const statuses = record(socket.status$);
    const states = () => statuses.values.map(({ state: each }) => each);
    await eventually(() => {
      expect(states().at(-1)).to.equal(state);
      arrived();
    });
    return { socket, subscriptions, states };
  };
  const expectNothingLeft = async () => {
    await eventually(() => {
      expect(left()).to.deep.equal([]);
      expect(sockets.size).to.equal(0);
      if (server) expect(server.peers).to.deep.equal([]);
    });
  };

  for (const situation of situations)
    for (const end of ['the last unsubscribe', 'close()'])
      it(`nothing is left after ${end} while ${situation[0]}`, async () => {
        const { socket, subscriptions, states } = await arrive(situation);
        if (end === 'close()') {
          socket.close();
          await lastValueFrom(socket.status$);
        } else for (const each of subscriptions) each.unsubscribe();
        await expectNothingLeft();
        const idle = situation[1] === 'failed' ? 'failed' : 'idle';
        expect(states().at(-1)).to.equal(end === 'close()' ? 'closed' : idle);
        expect(subscriptions.every(({ closed }) => closed)).to.equal(true);
      });
});
