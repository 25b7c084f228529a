import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import { interval, map } from 'rxjs';
import { seededRandom, type GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { FaultyProxy } from '../../helpers/faulty-proxy/faulty-proxy.js';
import { corrupt, drip, limitData, reset, slowClose } from '../../helpers/faulty-proxy/toxics.js';
import { proxySeed, useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';
import { eventually } from '../../helpers/eventually.js';
import { followFeed, lostRanges } from './follow-feed.js';

type Fault = (proxy: FaultyProxy, server: GraphQLTestServer) => Promise<void> | void;

const faults: readonly (readonly [string, Fault])[] = [
  [
    'a reset',
    async (proxy) => {
      const remove = proxy.down.add(reset());
      await delayed(20);
      remove();
    },
  ],
  [
    'an end in the middle of a frame',
    async (proxy) => {
      const remove = proxy.down.add(limitData(101));
      await delayed(60);
      remove();
    },
  ],
  [
    'the server is down for 300 ms',
    async (proxy) => {
      await proxy.disable();
      await delayed(300);
      await proxy.enable();
    },
  ],
  [
    'a close whose FIN is 5 s late',
    (proxy, server) => {
      proxy.down.add(slowClose(5_000));
      server.close(1012);
    },
  ],
  [
    'an end, whose FIN to the server is 5 s late',
    (proxy, server) => {
      proxy.up.add(slowClose(5_000));
      server.close(1012);
    },
  ],
];

const useConfig = useSocket();
const start = useFaultyProxy();
const serve = useServer();

useCalm();

describe('a connection that the network loses', () => {
  for (const [name, fault] of faults)
    it(`is replaced within 1 s, with nothing twice and nothing out of order: ${name}`, async () => {
      const server = await serve({ feed: { every: 10 } });
      const proxy = await start(server.url);
      // closeTimeout is 200; the third dial is the last one that the ceiling lets through at once
      const followed = followFeed(
        useConfig({ url: proxy.url, pingInterval: false, retry: { delay: 200 } }),
      );
      await followed.more(10);

      const [, back] = await Promise.all([
        followed.until('waiting'),
        followed.until('connected'),
        fault(proxy, server),
      ]);
      expect(back, 'connected again after').to.be.below(1_000);
      await followed.more(10);
      expect(lostRanges(server, followed).length, 'lost ranges').to.be.at.most(proxy.accepted - 1);
      expect(followed.error).to.equal(undefined);
    });

  it('is dialled within connectTimeout, though bytes of the answer keep coming (A5)', async () => {
    const server = await serve({ feed: { every: 10 } });
    const proxy = await start(server.url);
    const remove = proxy.down.add(drip(20));
    const followed = followFeed(useConfig({ url: proxy.url, connectTimeout: 300 }));
    expect(await followed.until('waiting')).to.be.within(280, 600);
    const { status } = followed.statuses.at(-1)!;
    expect(status).to.have.nested.property('error.name', 'ConnectionError');
    remove();
    await followed.more(10);
    expect(lostRanges(server, followed)).to.deep.equal([]);
  });

  it('leaves no attempt behind that goes on dripping (A5)', async () => {
    const server = await serve({ feed: { every: 10 } });
    const proxy = await start(server.url);
    proxy.down.add(drip(20));
    const followed = followFeed(
      useConfig({ url: proxy.url, connectTimeout: 100, retry: { delay: 200 } }),
    );
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await followed.until('waiting');
      // the proxy hears of it at the next byte but one
      await delayed(100);
      expect(proxy.open, 'connections during the backoff').to.equal(0);
    }
  });
});

const names = ['alpha', 'omega'] as const;

/** Ids that no single bit makes into each other: of what TCP lets through, cleartext can hold no more. */
function distantIds(): () => string {
  let last = 0;
  return () => String.fromCharCode(97 + (last += 1)).repeat(6);
}

interface Heard {
  readonly values: Record<string, unknown>[];
  error: unknown;
}

function hear({ subscribe$ }: GraphQLSocket, name: string): Heard {
  const heard: Heard = { values: [], error: undefined };
  subscribe$<Record<string, unknown>>(`subscription ${name} { ${name} }`).subscribe({
    next: (data) => heard.values.push(data),
    error: (error: unknown) => {
      heard.error = error;
    },
  });
  return heard;
}

useCalm();

/** Two subscriptions, each on 20 sockets; each socket is damaged in its own way. Resolves with what each came to. */
async function damaged(damage: (proxy: FaultyProxy, random: () => number) => Promise<void>) {
  const server = await serve({
    handle: ({ query }) => {
      const name = names.find((each) => query.includes(each))!;
      return interval(20).pipe(map((number) => ({ data: { [name]: number } })));
    },
  });
  const trial = async (index: number) => {
    const seed = proxySeed * 1_000 + index;
    const proxy = await start(server.url, seed);
    const deadlines = { connectTimeout: 500, ackTimeout: 500, pingInterval: 150, pongTimeout: 250 };
    const socket = useConfig({ url: proxy.url, generateId: distantIds(), ...deadlines });
    const heard = names.map((name) => hear(socket, name));
    const more = (count: number) => {
      const wanted = heard.map(({ values }) => values.length + count);
      return eventually(() => {
        for (const [at, { values, error }] of heard.entries())
          if (!error) expect(values.length, `socket ${index}`).to.be.at.least(wanted[at]!);
      }, 4_000);
    };
    await more(3);
    await damage(proxy, seededRandom(seed));
    await more(5);
    return heard;
  };
  return Promise.all(Array.from({ length: 20 }, (_, index) => trial(index)));
}

/** No operation hears what another was told, and one at most ends for a byte: with what it could not read. */
function judge(outcomes: readonly (readonly Heard[])[]) {
  for (const heard of outcomes) {
    for (const [at, { values, error }] of heard.entries()) {
      const others = values.filter((value) => Object.hasOwn(value, names[1 - at]!));
      expect(others, `${names[1 - at]} at ${names[at]}`).to.deep.equal([]);
      if (error)
        expect(error)
          .to.have.property('name')
          .that.matches(/^(Protocol|Operation)Error$/);
    }
    expect(heard.filter(({ error }) => error).length, 'ended by one byte').to.be.at.most(1);
  }
}

describe(`one damaged bit (FAULTY_PROXY_SEED=${proxySeed})`, () => {
  for (const way of ['down', 'up'] as const)
    it(`costs no more than its connection or its operation: on the way ${way}, while rows come`, async function () {
      this.timeout(8_000);
      const outcomes = await damaged(async (proxy, random) => {
        const remove = proxy[way].add(corrupt({ at: Math.floor(random() * 150) }));
        // pings on the way up are few
        await delayed(way === 'up' ? 700 : 120);
        remove();
      });
      judge(outcomes);
      const ended = outcomes.filter((heard) => heard.some(({ error }) => error));
      expect(ended.length, 'of 20').to.be.below(way === 'up' ? 1 : 15);
    });

  it('costs no more than an attempt: while the connection is made again', async function () {
    this.timeout(8_000);
    const outcomes = await damaged(async (proxy, random) => {
      const remove = proxy.down.add(corrupt({ at: Math.floor(random() * 190) }));
      const cut = proxy.up.add(reset());
      await delayed(30);
      cut();
      await delayed(300);
      remove();
    });
    judge(outcomes);
  });
});
