import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Observable, take } from 'rxjs';
import { createOperations } from '../../lib/connection/operations.js';
import { ConnectionClosedError } from '../../lib/errors.js';
import type { ClientMessage } from '../../lib/protocol/codec.js';
import { prepareRequest } from '../../lib/protocol/request.js';
import type { Payload } from '../../lib/types.js';
import { payload } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const subscription = prepareRequest('subscription { a }');
const query = prepareRequest('{ a }');
const mutation = prepareRequest('mutation { a }');
const lost = new ConnectionClosedError(1006, '', false);

const next = (id: string, result: object) =>
  ({ type: 'next', id, payload: payload(result) }) as const;
const one = { data: 1 };
const texts = (payloads: readonly Payload[]) => payloads.map(({ text }) => text);

function operations(ids = ['1', '2', '3'], answer?: (message: ClientMessage) => void) {
  const sent: ClientMessage[] = [];
  const send = (message: ClientMessage) => {
    sent.push(message);
    answer?.(message);
  };
  return { sent, ...createOperations(send, () => ids.shift() as string) };
}

describe('createOperations', () => {
  it(
    'sends an operation when it is subscribed, and each subscriber has its own',
    virtually(({ record }) => {
      const { sent, run } = operations();
      const operation$ = run(subscription);
      expect(sent).to.deep.equal([]);
      record(operation$);
      record(operation$);
      const sentOnce = { type: 'subscribe', payload: { query: 'subscription { a }' } };
      expect(sent).to.deep.equal([
        { ...sentOnce, id: '1' },
        { ...sentOnce, id: '2' },
      ]);
    }),
  );

  it(
    'routes results, errors and completions to their operation alone',
    virtually(({ record }) => {
      const { route, run } = operations();
      const [a, b, c] = [record(run(subscription)), record(run(query)), record(run(mutation))];
      expect(route(next('2', one))).to.equal(true);
      expect(route(next('1', one))).to.equal(true);
      expect(route({ type: 'complete', id: '2' })).to.equal(true);
      expect(route({ type: 'error', id: '3', errors: [{ message: 'no' }] })).to.equal(true);
      expect(texts(a.values)).to.deep.equal(['{"data":1}']);
      expect(b.log.map(([, what]) => what)).to.deep.equal([b.values[0], 'complete']);
      expect(c.error).to.deep.include({ name: 'OperationError', errors: [{ message: 'no' }] });
    }),
  );

  it(
    'knows no operation by a name that every object has, nor one that has ended',
    virtually(({ record }) => {
      const { route, run } = operations();
      record(run(subscription));
      for (const id of ['__proto__', 'constructor', 'toString', '', '2']) {
        expect(route(next(id, one))).to.equal(false);
        expect(route({ type: 'error', id, errors: [] })).to.equal(false);
        expect(route({ type: 'complete', id })).to.equal(false);
      }
      expect(route({ type: 'complete', id: '1' })).to.equal(true);
      expect(route(next('1', one))).to.equal(false);
      expect(route({ type: 'complete', id: '1' })).to.equal(false);
    }),
  );

  it(
    'routes an id like any other, even `__proto__`',
    virtually(({ record }) => {
      const { route, run } = operations(['__proto__']);
      const { values } = record(run(subscription));
      route(next('__proto__', one));
      expect(values).to.have.length(1);
    }),
  );

  it(
    'knows the operation before it is sent: the answer may come at once',
    virtually(({ record }) => {
      const { sent, run, route } = operations(['1'], ({ type }) => {
        if (type !== 'subscribe') return;
        for (const data of [1, 2, 3]) route(next('1', { data }));
      });
      expect(texts(record(run(subscription).pipe(take(1))).values)).to.deep.equal(['{"data":1}']);
      expect(sent.map(({ type }) => type)).to.deep.equal(['subscribe', 'complete']);
    }),
  );

  it(
    'tells the server of an unsubscription once, and is deaf to the operation from then on',
    virtually(({ record }) => {
      const { sent, run, route } = operations();
      const operation = record(run(subscription));
      operation.unsubscribe();
      operation.unsubscribe();
      expect(sent.slice(1)).to.deep.equal([{ type: 'complete', id: '1' }]);
      expect(route(next('1', one))).to.equal(false);
      expect(operation.log).to.deep.equal([]);
    }),
  );

  it(
    'says nothing when the server has ended the operation, or answered a query or mutation',
    virtually(({ record }) => {
      const { sent, run, route } = operations();
      const [completed, failed, answered] = [run(subscription), run(subscription), run(query)];
      const [, , queried] = [record(completed), record(failed), record(answered)];
      route({ type: 'complete', id: '1' });
      route({ type: 'error', id: '2', errors: [] });
      route(next('3', one));
      queried.unsubscribe();
      expect(sent.map(({ type }) => type)).to.deep.equal(['subscribe', 'subscribe', 'subscribe']);
    }),
  );

  it(
    'takes a query for answered only when its last increment is there',
    virtually(({ record }) => {
      const { sent, run, route } = operations();
      const [early, late] = [record(run(query)), record(run(query))];
      for (const id of ['1', '2']) route(next(id, { data: {}, hasNext: true }));
      early.unsubscribe();
      route(next('2', { incremental: [], hasNext: false }));
      late.unsubscribe();
      expect(sent.slice(2)).to.deep.equal([{ type: 'complete', id: '1' }]);
    }),
  );

  it(
    'ends every operation when the connection is lost: those answered complete',
    virtually(({ record }) => {
      const { sent, run, route, lose } = operations(['1', '2', '3', '4', '5']);
      const kept = prepareRequest('mutation { a }', { resend: true });
      const [sub, ask, mutate, again] = [subscription, query, mutation, kept].map((request) =>
        record(run(request)),
      );
      const answered = record(run(mutation));
      route(next('5', one));
      lose(lost);
      for (const operation of [sub, ask, again]) expect(operation?.error).to.equal(lost);
      const { error } = mutate as unknown as { error: Error };
      expect(error).to.include({ name: 'ConnectionLostError', operationId: '3', cause: lost });
      expect(answered.log.at(-1)).to.deep.equal([0, 'complete']);
      expect(sent).to.have.length(5);
      expect(route(next('1', one))).to.equal(false);
    }),
  );

  it(
    'sends nothing after the loss: operations error, asynchronously',
    virtually(({ record, advance, timers }) => {
      const { sent, run, lose } = operations();
      lose(lost);
      const late = record(run(subscription));
      expect(late.log).to.deep.equal([]);
      advance(0);
      expect(late.error).to.equal(lost);
      record(run(subscription)).unsubscribe();
      expect([sent, timers()]).to.deep.equal([[], 0]);
    }),
  );

  it(
    'tells the server of all that are not answered when they stop, in order',
    virtually(({ record }) => {
      const { sent, run, route, stop } = operations();
      for (const request of [subscription, query, mutation]) record(run(request));
      route(next('2', one));
      stop();
      expect(sent.slice(3)).to.deep.equal([
        { type: 'complete', id: '1' },
        { type: 'complete', id: '3' },
      ]);
    }),
  );

  it(
    'lets a consumer subscribe, unsubscribe and lose the connection while it is told a result',
    virtually(({ record }) => {
      const { sent, run, route, lose } = operations();
      const inner = run(subscription);
      const log: unknown[] = [];
      const outer$ = new Observable<unknown>((subscriber) =>
        run(subscription).subscribe((value) => {
          inner.subscribe({ error: () => log.push('inner lost') });
          subscriber.next(value);
          lose(lost);
          log.push('told');
        }),
      );
      const { values } = record(outer$.pipe(take(1)));
      route(next('1', one));
      expect(values).to.have.length(1);
      expect(log).to.deep.equal(['inner lost', 'told']);
      expect(sent.map(({ type }) => type)).to.deep.equal(['subscribe', 'subscribe', 'complete']);
    }),
  );
});
