import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler } from 'rxjs';
import { deadline, afterPendingEvents } from '../lib/rx/streams.js';
import { advance, record, test, timers } from './helpers/test.js';

describe('deadline', () => {
  test('emits when its time has come, not before', () => {
    const late = record(deadline(100));
    advance(99);
    expect(late.log).to.deep.equal([]);
    advance(1);
    expect(late.log.map(([at]) => at)).to.deep.equal([100, 100]);
    expect(timers()).to.equal(0);
  });

  test('leaves no timer behind when it is not wanted any more', () => {
    const late = record(deadline(100));
    advance(50);
    late.unsubscribe();
    expect(timers()).to.equal(0);
  });
});

describe('afterPendingEvents', () => {
  test('lets two rounds of timers pass', () => {
    const rounds: string[] = [];
    asyncScheduler.schedule<number>(function (round = 1) {
      rounds.push(`round ${String(round)}`);
      if (round < 2) this.schedule(round + 1, 0);
    });
    const over = afterPendingEvents().subscribe(() => rounds.push('over'));
    advance(0);
    expect(rounds).to.deep.equal(['round 1', 'round 2', 'over']);
    over.unsubscribe();
  });

  it('lets a frame be read that came while the event loop was blocked', async () => {
    const order: string[] = [];
    const { createServer, connect } = await import('node:net');
    const server = createServer((socket) => {
      socket.end('frame');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const client = connect(port, '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
    client.once('data', () => order.push('read'));
    const verdict = new Promise<void>((resolve) => {
      deadline(20).subscribe(() => {
        order.push('verdict');
        resolve();
      });
    });
    // the server is in this very process: it has written before the loop is blocked
    await new Promise((resolve) => setImmediate(resolve));
    const until = Date.now() + 60;
    while (Date.now() < until);
    await verdict;
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    expect(order).to.deep.equal(['read', 'verdict']);
  });
});
