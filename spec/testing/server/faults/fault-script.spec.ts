import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { faultScripts } from '../../../../lib/testing/server/fault-script.js';
import type { Prepared } from '../../../../lib/testing/server/server-faults.js';
import { failureOf } from '../../../helpers/rejection.js';
import { useServer } from '../../../helpers/use-server.js';
import { connect, dial } from '../raw-client.js';

interface Faults {
  drop(): void;
  close(code: number): void;
  restart(ms: number): Promise<void>;
  fail(): void;
}

describe('server.script()', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(() => clock.restore());

  /** Scripts of faults that log the time of their calls. */
  function record(seed = 1) {
    const log: unknown[][] = [];
    const note = (...entry: readonly unknown[]) => void log.push([Date.now(), ...entry]);
    const faults: Prepared<Faults> = {
      drop: () => () => note('drop'),
      close: (code) => () => note('close', code),
      restart: (ms) => () => new Promise((resolve) => void setTimeout(resolve, ms)),
      fail: () => () => {
        throw new Error('broken');
      },
    };
    return { log, ...faultScripts(faults, seed) };
  }

  it('takes each step at its time, beside other scripts, and an overdue step at once', () => {
    const { begin, log } = record();
    clock.tick(100);
    const script = begin().drop().at(3_000).close(1).close(2);
    expect(log).to.deep.equal([]);
    clock.tick(2_999);
    begin().at(10).close(3);
    expect(log).to.deep.equal([[100, 'drop']]);
    clock.tick(1);
    expect(log.slice(1)).to.deep.equal([
      [3_100, 'close', 1],
      [3_100, 'close', 2],
    ]);
    clock.tick(900);
    script.drop();
    expect(log.slice(3)).to.deep.equal([
      [3_109, 'close', 3],
      [4_000, 'drop'],
    ]);
  });

  it('does not go back in time', () => {
    const script = record().begin().at(3_000).at(3_000);
    expect(() => script.at(2_999)).to.throw(
      RangeError,
      'at(2999) goes back: the script is at 3000',
    );
    expect(() => script.at('4' as unknown as number)).to.throw(TypeError, '`ms`');
  });

  it('draws one of several steps by the seed', () => {
    const draw = (seed: number) => {
      const { begin, log } = record(seed);
      const script = begin();
      for (let at = 1; at <= 20; at++)
        script.at(at).oneOf(
          ({ drop }) => drop(),
          ({ close }) => close(at),
        );
      clock.tick(100);
      return log.map(([, name]) => name);
    };
    expect(draw(7)).to.deep.equal(draw(7)).and.to.include.members(['drop', 'close']);
    expect(draw(7)).not.to.deep.equal(draw(8));
    expect(() => record().begin().oneOf()).to.throw(RangeError, 'oneOf() has no step to take');
  });

  it('is done when the steps so far were taken and their promises resolved', async () => {
    const { begin } = record();
    const script = begin().at(20).restart(50).drop();
    let done = false;
    const waiting = script.done.then(() => (done = true));
    await clock.tickAsync(65);
    expect(done).to.equal(false);
    await clock.tickAsync(10);
    expect(done).to.equal(true);
    await waiting;
    await begin().done;
  });

  it('ends at a step that throws: done rejects, and finished() has nothing to report', async () => {
    const { begin, log, finished } = record();
    const script = begin().at(10).fail().drop();
    const failure = failureOf(script.done);
    clock.tick(100);
    expect(await failure).to.have.property('message', 'broken');
    expect(log).to.deep.equal([]);
    await finished();
  });

  it('reports each error by finished() once, if nobody read done', async () => {
    const { begin, finished } = record();
    begin().at(10).fail();
    begin()
      .at(20)
      .oneOf(() => Promise.reject(new Error('second')));
    clock.tick(100);
    expect(await failureOf(finished())).to.have.property('message', 'broken');
    expect(await failureOf(finished())).to.have.property('message', 'second');
    await finished();
  });

  it('takes no step after cancel()', async () => {
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

describe('server.script() of a server', () => {
  const serve = useServer();

  it('has every fault as a step, and finished() waits for it', async () => {
    const server = await serve({ tokens: true });
    const url = `${server.url}?token=a`;
    const client = await connect(url);
    const script = server.script().at(10).send('hello').expireToken();
    const { url: _1, httpUrl, ledger, truth, peers, certificate, ...methods } = server;
    const own = ['script', 'finished', 'stop', 'start'];
    for (const name of Object.keys(methods))
      expect(Object.hasOwn(script, name), name).to.equal(!own.includes(name));
    await server.finished();
    expect(await client.next()).to.equal('hello');
    expect((await client.closed).code).to.equal(4403);
    expect(String(await failureOf(dial(url)))).to.include('401');
  });

  it('is cancelled by stop(), which reports earlier errors', async () => {
    const server = await serve();
    const { done } = server.script().at(60_000).drop();
    server.script().expireToken();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(String(await failureOf(server.stop()))).to.include('needs the option `tokens`');
    await done;
    await server.stop();
  });
});
