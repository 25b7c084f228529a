import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, type SinonFakeTimers } from 'sinon';
import type { GraphQLTestServerOptions } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../../helpers/rejection.js';
import { fakeTimers } from '../../../helpers/fake-timers.js';
import { useServer } from '../../../helpers/use-server.js';
import { connect, dial } from '../raw-client.js';

describe('server.script()', () => {
  const serve = useServer();
  let clock: SinonFakeTimers;
  afterEach(restore);

  /** Serves one client, and logs the time of each frame that is sent to it: `[ms, frame]`. */
  async function scripted(options?: GraphQLTestServerOptions) {
    const server = await serve(options);
    await connect(server.url);
    clock = fakeTimers({
      now: 0,
      toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    const log = () => server.ledger.sent.slice(1).map(({ at, frame }) => [at, frame]);
    return { ...server, log };
  }

  it('takes each step at its time, beside other scripts, and an overdue step at once', async () => {
    const { script, log } = await scripted();
    clock.tick(100);
    const first = script().send('a').at(3_000).send('b').send('c');
    clock.tick(2_999);
    script().at(10).send('d');
    expect(log()).to.deep.equal([[100, 'a']]);
    clock.tick(901);
    first.send('e');
    clock.tick(0);
    expect(log().slice(1)).to.deep.equal([
      [3_100, 'b'],
      [3_100, 'c'],
      [3_109, 'd'],
      [4_000, 'e'],
    ]);
  });

  it('does not go back in time', async () => {
    const script = (await serve()).script().at(3_000).at(3_000);
    const message = 'at(2999) goes back: the script is at 3000';
    expect(() => script.at(2_999)).to.throw(RangeError, message);
    expect(() => script.at('4' as unknown as number)).to.throw(TypeError, '`ms`');
  });

  it('draws one of several steps by the seed', async () => {
    const draw = async (seed: number) => {
      const { script, log } = await scripted({ seed });
      const steps = script();
      for (let at = 1; at <= 20; at++)
        steps.at(at).oneOf(
          ({ send }) => send('a'),
          ({ send }) => send('b'),
        );
      clock.tick(100);
      restore();
      return log().map(([, name]) => name);
    };
    const drawn = await draw(7);
    expect(drawn).to.have.length(20).and.to.include.members(['a', 'b']);
    expect(await draw(7)).to.deep.equal(drawn);
    expect(await draw(8)).not.to.deep.equal(drawn);
    const { script } = await serve();
    expect(() => script().oneOf()).to.throw(RangeError, 'oneOf() has no step to take');
  });

  it('is done when the steps so far were taken and their promises resolved', async () => {
    const { script } = await serve();
    const began = performance.now();
    await script().at(10).restart(50).drop().done;
    expect(performance.now() - began).to.be.above(55);
    await script().done;
  });

  it('ends at a step that throws: done rejects, and finished() has nothing to report', async () => {
    const { script, finished, ledger, drop } = await serve();
    const failure = await failureOf(script().at(5).expireToken().send('late').done);
    expect(String(failure)).to.contain('needs the option `tokens`');
    drop();
    await finished();
    expect(ledger.sent).to.deep.equal([]);
  });

  it('reports each error by finished() once, if nobody read done', async () => {
    const { script, finished } = await serve();
    script().at(5).expireToken();
    script()
      .at(10)
      .oneOf(() => Promise.reject(new Error('second')));
    expect(String(await failureOf(finished()))).to.contain('needs the option `tokens`');
    expect(await failureOf(finished())).to.have.property('message', 'second');
    await finished();
  });

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
