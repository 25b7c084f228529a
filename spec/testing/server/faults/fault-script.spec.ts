import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { faultScripts } from '../../../../lib/testing/server/fault-scripts.js';
import type { ServerFaults } from '../../../../lib/testing/server/faults/server-faults.js';
import { eventually } from '../../../helpers/eventually.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { connect, dial } from '../raw-client.js';
import { connectionNumber, outcome } from './survival.js';

const broken = new Error('broken');

describe('script', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(() => {
    clock.restore();
  });

  /** Faults that write down when they are called. */
  function record(seed = 1) {
    const log: unknown[][] = [];
    const note =
      (name: string) =>
      (...args: readonly unknown[]) => {
        log.push([Date.now(), name, ...args]);
      };
    const faults = {
      drop: note('drop'),
      close: note('close'),
      halfOpen: note('halfOpen'),
      garble: () => {
        throw broken;
      },
      restart: (downFor: number) =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, downFor);
        }),
    } as unknown as ServerFaults;
    return { log, ...faultScripts(faults, seed, {}) };
  }

  it('takes each step at its time since script(), those of the same time in one go', () => {
    const { begin, log } = record();
    clock.tick(100);
    begin().drop().at(3_000).halfOpen().close(4499, 'x').at(8_000).drop();
    expect(log).to.deep.equal([]);
    clock.tick(0);
    clock.tick(2_999);
    expect(log).to.deep.equal([[100, 'drop']]);
    clock.tick(1);
    expect(log.slice(1)).to.deep.equal([
      [3_100, 'halfOpen'],
      [3_100, 'close', 4499, 'x'],
    ]);
    clock.tick(60_000);
    expect(log.slice(3)).to.deep.equal([[8_100, 'drop']]);
  });

  it('runs beside other scripts', () => {
    const { begin, log } = record();
    begin().at(10).drop().at(30).drop();
    clock.tick(5);
    begin().at(10).close();
    clock.tick(100);
    expect(log.map(([at]) => at)).to.deep.equal([10, 15, 30]);
  });

  it('takes a step that is added late at once', () => {
    const { begin, log } = record();
    const script = begin().at(10).drop();
    clock.tick(50);
    script.close();
    expect(log).to.deep.equal([
      [10, 'drop'],
      [50, 'close'],
    ]);
    script.at(20).drop();
    clock.tick(0);
    expect(log[2]).to.deep.equal([50, 'drop']);
  });

  it('does not go back in time', () => {
    const { begin } = record();
    const script = begin().at(3_000);
    script.at(3_000);
    expect(() => script.at(2_999)).to.throw(
      RangeError,
      'at(2999) goes back: the script is at 3000 ms',
    );
    expect(() => script.at('4' as unknown as number)).to.throw(TypeError, '`ms`');
  });

  it('draws one of several by the seed, the same each time', () => {
    const draw = (seed: number) => {
      const { begin, log } = record(seed);
      for (let i = 0; i < 2; i++) {
        const script = begin();
        for (let at = 1; at <= 10; at++)
          script.at(at).oneOf(
            ({ drop }) => {
              drop();
            },
            ({ close }) => {
              close(i);
            },
            ({ halfOpen }) => {
              halfOpen(at);
            },
          );
      }
      clock.tick(100);
      return log.map(([, ...what]) => what);
    };
    expect(draw(7)).to.deep.equal(draw(7)).and.to.have.length(20);
    expect(draw(7)).not.to.deep.equal(draw(8));
    expect(new Set(draw(7).map(([name]) => name))).to.have.property('size', 3);
  });

  it('has something to draw from', () => {
    const { begin } = record();
    expect(() => begin().oneOf()).to.throw(RangeError, 'oneOf() has no step to take');
  });

  it('is done when the steps so far were taken, and their promises resolved', async () => {
    const { begin } = record();
    const script = begin().at(10).drop().at(20).restart(50).drop();
    const order: string[] = [];
    const done = script.done.then(() => order.push('done'));
    await clock.tickAsync(65);
    expect(order).to.deep.equal([]);
    await clock.tickAsync(10);
    expect(order).to.deep.equal(['done']);
    await done;
    await begin().done;
    await script.done;
  });

  it('ends at the first step that throws: done rejects', async () => {
    const { begin, log, finished } = record();
    const script = begin().at(10).garble('null').drop();
    const failure = script.done.catch((error: unknown) => error);
    clock.tick(100);
    expect(await failure).to.equal(broken);
    expect(log).to.deep.equal([]);
    await finished();
  });

  it('tells finished() once, where nobody asked for done', async () => {
    const { begin, finished } = record();
    begin().at(10).garble('null');
    begin()
      .at(20)
      .oneOf(() => Promise.reject(new Error('second')));
    clock.tick(100);
    for (const expected of [broken.message, 'second', 'nothing']) {
      const told = await finished().then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
      expect(told).to.equal(expected);
    }
  });

  it('is over when it is cancelled', async () => {
    const { begin, log, cancel, finished } = record();
    const { done } = begin().at(10).drop();
    cancel();
    await done;
    await finished();
    clock.tick(100);
    expect(log).to.deep.equal([]);
    expect(clock.countTimers()).to.equal(0);
  });
});

describe('script()', () => {
  const serve = useServer();
  const socketTo = useSocket();

  it('halves open, then restarts: a subscription goes on', async () => {
    const server = await serve({ handle: connectionNumber });
    const seen = outcome(socketTo({ url: server.url, pingInterval: 30, pongTimeout: 30 }));
    await server.ledger.until('started');
    const { done } = server.script().at(30).halfOpen().at(200).restart(50);
    await eventually(() => expect(seen).to.deep.equal([1, 2]));
    await done;
    await eventually(() => expect(seen).to.deep.equal([1, 2, 3]), 3_000);
  });

  it('has every fault of the server for a step', async () => {
    const server = await serve({ handle: connectionNumber, tokens: true });
    const script = server.script();
    const { url, httpUrl, ledger, truth, peers, certificate, ...methods } = server;
    const own = ['script', 'finished', 'stop', 'start'];
    for (const name of Object.keys(methods))
      expect(Object.hasOwn(script, name), name).to.equal(!own.includes(name));
    expect([url, httpUrl, ledger, truth, peers, certificate]).to.have.length(6);
  });

  it('draws the same on two servers with the same seed, which is 1 by default', async () => {
    const draw = async (seed?: number) => {
      const server = await serve({ seed });
      const drawn: number[] = [];
      const steps = Array.from({ length: 100 }, (_, n) => () => drawn.push(n));
      await server
        .script()
        .oneOf(...steps)
        .oneOf(...steps)
        .oneOf(...steps).done;
      return drawn;
    };
    expect(await draw(7)).to.deep.equal(await draw(7));
    expect(await draw())
      .to.deep.equal(await draw(1))
      .and.not.to.deep.equal(await draw(7));
  });

  it('drives the faults of results and tokens, too', async () => {
    const server = await serve({ handle: connectionNumber, tokens: true });
    const url = `${server.url}?token=a`;
    const client = await connect(url);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ a }' } });
    await client.next();
    await server.script().complete().at(10).expireToken().done;
    expect(await client.next()).to.deep.equal({ type: 'complete', id: '1' });
    expect((await client.closed).code).to.equal(4403);
    expect(await dial(url).catch((error: unknown) => String(error))).to.include('401');
  });

  it('is cancelled by stop(), which tells what failed before', async () => {
    const server = await serve();
    const { done } = server.script().at(60_000).drop();
    await server.stop();
    await done;
    await server.start();
    server.script().oneOf(({ garble }) => {
      garble('nonsense' as 'null');
    });
    await delay(10);
    const error: unknown = await server.stop().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
    await server.stop();
  });

  it('is waited for by finished()', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.script().at(30).close(1001);
    await server.finished();
    expect((await client.closed).code).to.equal(1001);
  });
});
