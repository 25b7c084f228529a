import { expect } from 'chai';
import type { Socket } from 'node:net';
import { beforeEach, describe, it } from 'mocha';
import { lastValueFrom, NEVER, noop } from 'rxjs';
import { graphqlSocket, type GraphQLSocketConfig } from 'rx-graphql-ws';
import type { GraphQLTestServer, GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.js';
import { useCalm } from '../helpers/net/use-calm.js';
import { record } from '../helpers/parity/record.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useServer } from '../helpers/use-server.js';
import { useWatch, type Watch } from '../helpers/use-watch.js';

const subscription = 'subscription { a }';
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

/** A state that a socket object can be in, and how to come to it. */
interface Situation {
  readonly name: string;
  readonly url: () => Promise<string>;
  readonly config?: Partial<GraphQLSocketConfig>;
  /** The state of `status$` in which the end comes; with a server, what it has seen by then. */
  readonly state: string;
  readonly arrived?: () => void;
}

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
  const hasSocket = () => expect(sockets.size).to.equal(1);

  const situations: readonly Situation[] = [
    {
      name: 'an operation is under way',
      url: () => served(forever),
      state: 'connected',
      arrived: received('subscribe'),
    },
    {
      name: 'an operation is under way on the legacy protocol',
      url: () => served(forever),
      config: { subprotocols: ['graphql-ws'] },
      state: 'connected',
      arrived: received('start'),
    },
    {
      name: 'an option is being resolved',
      url: () => served(forever),
      config: { connectionParams: () => NEVER },
      state: 'connecting',
    },
    {
      name: 'the server accepts TCP and never answers',
      url: () => listening(),
      state: 'connecting',
      arrived: hasSocket,
    },
    {
      name: 'the server never acknowledges',
      url: () => served({ ackDelay: false }),
      state: 'connecting',
      arrived: received('connection_init'),
    },
    {
      name: 'the connection was refused, and a retry is waited for',
      url: async () => {
        const { url, stop } = await tcp();
        await stop();
        return url;
      },
      state: 'waiting',
    },
    {
      name: 'the connection was reset before the upgrade, and a retry is waited for',
      url: () => listening((socket) => void socket.once('data', () => socket.resetAndDestroy())),
      state: 'waiting',
    },
    {
      name: 'the server answered HTTP 502, and a retry is waited for',
      url: () => served({ authorize: () => ({ status: 502 }) }),
      state: 'waiting',
    },
    {
      name: 'the credentials were refused for good',
      url: () => served({ connect: () => false }),
      state: 'failed',
    },
  ];

  const arrive = async ({ url, config, state, arrived = noop }: Situation) => {
    const address = await url();
    left = watch();
    const socket = graphqlSocket({ url: address, ...patient, ...config });
    const subscriptions = [1, 2].map(() =>
      socket.subscribe$(subscription).subscribe({ error: noop }),
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

  for (const situation of situations) {
    it(`nothing is left after the last unsubscribe while ${situation.name}`, async () => {
      const { subscriptions, states } = await arrive(situation);
      for (const each of subscriptions) each.unsubscribe();
      await expectNothingLeft();
      expect(states().at(-1)).to.equal(situation.state === 'failed' ? 'failed' : 'idle');
    });

    it(`nothing is left after close() while ${situation.name}`, async () => {
      const { socket, subscriptions, states } = await arrive(situation);
      socket.close();
      await lastValueFrom(socket.status$);
      await expectNothingLeft();
      expect(states().at(-1)).to.equal('closed');
      expect(subscriptions.every(({ closed }) => closed)).to.equal(true);
    });
  }

  it('nothing is left after close() while idle, or while the last socket closes', async () => {
    const url = await served(forever);
    left = watch();
    const idle = graphqlSocket({ url });
    idle.close();
    await lastValueFrom(idle.status$);
    const closing = graphqlSocket({ url, ...patient });
    const running = closing.subscribe$(subscription).subscribe();
    await server?.ledger.received('subscribe');
    running.unsubscribe();
    await delay(1);
    closing.close();
    await lastValueFrom(closing.status$);
    await expectNothingLeft();
  });

  it('a server that does not answer our close is dropped after closeTimeout', async () => {
    const url = await served(forever);
    left = watch();
    const socket = graphqlSocket({ url, ...patient, closeTimeout: 30 });
    socket.subscribe$(subscription).subscribe();
    await server?.ledger.received('subscribe');
    server?.stall();
    const start = performance.now();
    socket.close();
    await lastValueFrom(socket.status$);
    expect(performance.now() - start).to.be.within(25, 500);
    // the stalled server's own end stays
    await eventually(() => expect(left()).to.deep.equal(['TCPWRAP']));
  });

  it('a socket object that nobody subscribes to opens nothing', async () => {
    const url = await served(forever);
    left = watch();
    const socket = graphqlSocket({ url, ...patient });
    void socket.query$('{ a }');
    socket.status$.subscribe();
    socket.events$.subscribe();
    await delay(10);
    await eventually(() => expect(left()).to.deep.equal([]));
    expect(server?.ledger.upgrades).to.deep.equal([]);
  });
});
