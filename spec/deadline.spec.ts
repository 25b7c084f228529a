import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, retry, take } from 'rxjs';
import { inspect } from 'node:util';
import { afterPendingEvents, deadline, throwLater } from '../lib/rx/streams.js';
import { Emitter } from '../lib/rx/emitter.js';
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
    const server = createServer((socket) => socket.end('frame'));
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

/** Listens, and writes down what comes under a name. */
function listen({ stream$ }: Emitter<number>, log: string[], name: string, then = () => {}) {
  return stream$.subscribe({
    next(value) {
      log.push(`${name}${value}`);
      then();
    },
    error: expect.fail,
    complete: () => log.push(`${name}|`),
  });
}

describe('Emitter', () => {
  it('gives each value to all, in the order of their coming, and to nobody before or after', () => {
    const emitter = new Emitter<number>();
    const log: string[] = [];
    emitter.next(0);
    const a = listen(emitter, log, 'a');
    emitter.next(1);
    listen(emitter, log, 'b');
    emitter.next(2);
    a.unsubscribe();
    emitter.next(3);
    expect(log).to.deep.equal(['a1', 'a2', 'b2', 'b3']);
  });

  it('says whether anybody listens', () => {
    const emitter = new Emitter<number>();
    expect(emitter.observed).to.equal(false);
    const a = listen(emitter, [], 'a');
    expect(emitter.observed).to.equal(true);
    a.unsubscribe();
    expect(emitter.observed).to.equal(false);
  });

  it('gives a value to those who were there when it came, and are there still', () => {
    const emitter = new Emitter<number>();
    const log: string[] = [];
    const first = listen(emitter, log, 'a', () => {
      first.unsubscribe();
      second.unsubscribe();
      listen(emitter, log, 'c');
    });
    const second = listen(emitter, log, 'b');
    emitter.next(1);
    expect(log).to.deep.equal(['a1']);
    emitter.next(2);
    expect(log).to.deep.equal(['a1', 'c2']);
  });

  it('completes all, and who comes later at once', () => {
    const emitter = new Emitter<number>();
    const log: string[] = [];
    listen(emitter, log, 'a');
    listen(emitter, log, 'b');
    emitter.complete();
    expect(emitter.observed).to.equal(false);
    listen(emitter, log, 'c');
    emitter.next(1);
    expect(log).to.deep.equal(['a|', 'b|', 'c|']);
  });

  it('lets operators leave in the midst of a value', () => {
    const emitter = new Emitter<number>();
    const seen: number[] = [];
    emitter.stream$
      .pipe(take(1))
      .subscribe({ next: (value) => seen.push(value), error: expect.fail });
    emitter.next(1);
    emitter.next(2);
    expect(seen).to.deep.equal([1]);
    expect(emitter.observed).to.equal(false);
  });

  it('shows nothing of the others', () => {
    const emitter = new Emitter<string>();
    const secret = { next: () => undefined, error: expect.fail, name: 'the other one' };
    emitter.stream$.subscribe(secret);
    const subscription = emitter.stream$.subscribe({ error: expect.fail });
    const shown = inspect([emitter.stream$, subscription], { depth: 20, showHidden: true });
    expect(shown).not.to.contain('the other one');
    expect(() => JSON.stringify(emitter.stream$)).not.to.throw();
  });
});

describe('throwLater', () => {
  test('errors in the next turn with what it was given', () => {
    const error = new Error('later');
    const recording = record(throwLater(error));
    expect(recording.log).to.deep.equal([]);
    advance(0);
    expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
    expect(recording.error).to.equal(error);
  });

  test('leaves no timer when it is unsubscribed from', () => {
    record(throwLater(new Error('never'))).unsubscribe();
    expect(timers()).to.equal(0);
  });

  test('does not overflow the stack of a retry()', () => {
    const recording = record(throwLater(new Error('again')).pipe(retry(20_000)));
    advance(0);
    expect(recording.log).to.deep.equal([[0, 'error', 'Error']]);
  });
});
