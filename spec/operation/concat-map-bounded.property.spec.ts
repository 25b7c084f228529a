import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Subject, tap } from 'rxjs';
import type { Bounded } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import { wsBench } from '../helpers/bench.js';
import { advance, record, runVirtually } from '../helpers/test.js';

/** A value comes, or what is worked on is done. */
const steps = fc.array(fc.constantFrom('comes' as const, 'comes' as const, 'done' as const), {
  maxLength: 60,
});
const capacities = fc.nat(7);

/** Works on one value until it is told that it is done. */
function worker() {
  const begun: number[] = [];
  let current: Subject<never> | undefined;
  return {
    begun,
    project(value: number) {
      begun.push(value);
      current = new Subject();
      return current;
    },
    done: () => current?.complete(),
  };
}

/** `concatMapBounded` as it should be, written as plainly as possible. */
function model(capacity: number, overflow: Bounded['overflow']) {
  const begun: number[] = [];
  let waiting: number[] = [];
  let busy = false;
  let dropped = 0;
  const next = () => {
    const [first, ...rest] = waiting;
    busy = first !== undefined;
    if (first !== undefined) begun.push(first);
    waiting = rest;
  };
  return {
    begun,
    waiting: () => waiting.length,
    dropped: () => dropped,
    /** Returns whether the stream goes on. */
    comes(value: number) {
      waiting.push(value);
      if (!busy) next();
      if (waiting.length <= capacity) return true;
      if (overflow === 'error') return false;
      dropped += 1;
      waiting = overflow === 'dropOldest' ? waiting.slice(1) : waiting.slice(0, -1);
      return true;
    },
    done: next,
  };
}

describe('concatMapBounded, whatever comes when,', () => {
  for (const overflow of ['error', 'dropOldest', 'dropNewest'] as const)
    it(`does with '${overflow}' what it should`, () => {
      fc.assert(
        fc.property(capacities, steps, (capacity, script) => {
          const values = new Subject<number>();
          const working = worker();
          const expected = model(capacity, overflow);
          let dropped = 0;
          const errors: unknown[] = [];
          values
            .pipe(
              concatMapBounded(working.project, {
                capacity,
                overflow,
                dropped: (count) => (dropped = count),
              }),
            )
            .subscribe({ error: (error: unknown) => errors.push(error) });
          let last = 0;
          for (const step of script) {
            if (step === 'comes') {
              last += 1;
              values.next(last);
              const goesOn = expected.comes(last);
              expect(errors).to.have.length(goesOn ? 0 : 1);
              if (!goesOn) return;
            } else {
              working.done();
              expected.done();
            }
            expect(working.begun).to.deep.equal(expected.begun);
            expect(dropped).to.equal(expected.dropped());
          }
          while (expected.waiting() > 0) {
            working.done();
            expected.done();
          }
          expect(working.begun).to.deep.equal(expected.begun);
          expect(working.begun.length + dropped).to.equal(last);
        }),
      );
    });

  it("loses nothing with 'pause', and lets no more wait than may", () => {
    fc.assert(
      fc.property(capacities, steps, (capacity, script) => {
        runVirtually(() => {
          const { socket, at } = wsBench();
          const { begun, project, done } = worker();
          let read = 0;
          const source$ = socket.subscribe$<number>('subscription { a }');
          const bounded$ = source$.pipe(
            tap(() => (read += 1)),
            concatMapBounded(project, { capacity, overflow: 'pause', socket }),
          );
          const stream = record(bounded$);
          advance(2);
          let came = 0;
          let finished = 0;
          const finish = () => {
            finished = begun.length;
            done();
            // a value that was not read is read a turn later
            advance(1);
          };
          const check = () => {
            expect(begun).to.deep.equal(begun.map((_, index) => index + 1));
            expect(read - begun.length).to.be.at.most(capacity);
            expect(begun.length - finished).to.equal(Number(came > finished));
            // it reads, or as many wait as are left before it reads on
            const few = capacity < 4 ? 0 : Math.floor(capacity / 2);
            if (at(0).paused) expect(read - begun.length).to.be.above(capacity === 0 ? -1 : few);
            else expect(read).to.equal(came);
          };
          for (const step of script) {
            if (step === 'comes') at(0).next(1, (came += 1));
            else finish();
            check();
          }
          while (finished < came) {
            finish();
            check();
          }
          expect(begun).to.have.length(came);
          expect(at(0).paused).to.equal(false);
          stream.unsubscribe();
        });
      }),
    );
  });
});
