import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import type { FaultyProxy } from '../../helpers/faulty-proxy/faulty-proxy.js';
import { drip, limitData, reset, slowClose } from '../../helpers/faulty-proxy/toxics.js';
import { useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';
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
