import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setImmediate as turn } from 'node:timers/promises';
import { asapScheduler, lastValueFrom } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { corkWrites } from '../../lib/transport/ws-streams.js';

function corking() {
  const calls: string[] = [];
  const stream = { cork: () => calls.push('cork'), uncork: () => calls.push('uncork') };
  const { cork, flush } = corkWrites(stream);
  const write = () => {
    cork();
    calls.push('write');
  };
  return { calls, write, flush };
}

describe('corkWrites', () => {
  it('holds back the writes of one turn, and lets them go at its end', async () => {
    const { calls, write } = corking();
    for (let n = 0; n < 3; n += 1) write();
    expect(calls).to.deep.equal(['cork', 'write', 'write', 'write']);
    await Promise.resolve();
    expect(calls.at(-1)).to.equal('uncork');
    write();
    await Promise.resolve();
    expect(calls.slice(-3)).to.deep.equal(['cork', 'write', 'uncork']);
  });

  it('lets them go at once when it is flushed, and not twice', async () => {
    const { calls, write, flush } = corking();
    flush();
    write();
    flush();
    expect(calls).to.deep.equal(['cork', 'write', 'uncork']);
    await Promise.resolve();
    expect(calls).to.have.length(3);
  });
});

/** Collects what nobody handles while a promise settles, in place of failing the test. */
async function unhandledDuring(act: () => Promise<void>): Promise<readonly unknown[]> {
  const reasons: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => reasons.push(reason));
  try {
    await act();
    await turn();
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  return reasons;
}

/** Another library's action, which ends the whole queue of rxjs for this turn. */
const failElsewhere = () =>
  asapScheduler.schedule(() => {
    throw new Error('theirs');
  });

describe('another library’s error in the asap queue of rxjs', () => {
  const serve = useServer();
  const connect = useSocket();

  it('holds up no write', async () => {
    const { calls, write } = corking();
    const reasons = await unhandledDuring(async () => {
      for (let turns = 0; turns < 3; turns += 1) {
        failElsewhere();
        write();
        failElsewhere();
        await turn();
      }
    });
    expect(reasons).not.to.deep.equal([]);
    expect(calls.join(' ')).to.equal(Array(3).fill('cork write uncork').join(' '));
  });

  for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
    it(`holds up no operation over ${subprotocol}`, async () => {
      const { url } = await serve({ subprotocols: [subprotocol], handle: () => [{ data: 1 }] });
      const socket = connect({ url, linger: 1_000 });
      const results: unknown[] = [];
      const reasons = await unhandledDuring(async () => {
        for (let queries = 0; queries < 5; queries += 1) {
          failElsewhere();
          const query = lastValueFrom(socket.query$('{ a }'));
          failElsewhere();
          results.push(await query);
        }
      });
      expect(reasons).not.to.deep.equal([]);
      expect(results).to.deep.equal([1, 1, 1, 1, 1]);
    });
});
