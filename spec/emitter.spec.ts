import { inspect } from 'node:util';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { take } from 'rxjs';
import type { Emitter } from '../lib/rx/emitter.js';
import { createEmitter } from '../lib/rx/emitter.js';

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

describe('createEmitter', () => {
  it('gives each value to all, in the order of their coming, and to nobody before or after', () => {
    const emitter = createEmitter<number>();
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
    const emitter = createEmitter<number>();
    expect(emitter.observed).to.equal(false);
    const a = listen(emitter, [], 'a');
    expect(emitter.observed).to.equal(true);
    a.unsubscribe();
    expect(emitter.observed).to.equal(false);
  });

  it('gives a value to those who were there when it came, and are there still', () => {
    const emitter = createEmitter<number>();
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
    const emitter = createEmitter<number>();
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
    const emitter = createEmitter<number>();
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
    const emitter = createEmitter<string>();
    const secret = { next: () => undefined, error: expect.fail, name: 'the other one' };
    emitter.stream$.subscribe(secret);
    const subscription = emitter.stream$.subscribe({ error: expect.fail });
    const shown = inspect([emitter.stream$, subscription], { depth: 20, showHidden: true });
    expect(shown).not.to.contain('the other one');
    expect(() => JSON.stringify(emitter.stream$)).not.to.throw();
  });
});
