import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { lastValueFrom, toArray } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { useStockServer } from '../../helpers/peers/stock-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const query = '{ hello }';
const initial = { data: { hello: 'you' }, hasNext: true };
const increments = [
  initial,
  { incremental: [{ data: { more: 1 }, path: [], errors: [{ message: 'late' }] }], hasNext: true },
  { data: { more: 2 }, path: ['more'], hasNext: true },
  { completed: [{ id: '0', errors: [{ message: 'later' }] }], hasNext: false },
];

/** Increments in the forms of three versions of the proposal, as servers with `@defer` give them. */
async function* defer() {
  for (const increment of increments) {
    yield increment;
    await delay(20, undefined, { ref: false });
  }
}

describe('incremental delivery of a stock server of graphql-ws', () => {
  const start = useStockServer();
  const connect = useSocket();
  const startDefer = () => start({ execute: defer as never });

  for (const method of ['query$', 'mutate$', 'subscribe$'] as const)
    for (const errorPolicy of ['none', 'ignore'] as const)
      it(`is refused by ${method} with errorPolicy '${errorPolicy}', and stopped`, async () => {
        const server = await startDefer();
        const socket = connect({ url: server.url });
        const holder = socket.connection$.subscribe();
        const error = await failureOf(socket[method](query, { errorPolicy }), 'OperationError');
        expect(error.message).to.match(/^operation failed: incremental delivery .*`execute\$`/);
        expect(error.data).to.deep.equal(initial.data);
        await eventually(() => {
          const ends = server.received.filter(({ type }) => type === 'complete');
          expect(ends.map(({ id }) => id)).to.deep.equal(['1']);
        });
        holder.unsubscribe();
      });

  it('passes through execute$ as it is', async () => {
    const { url } = await startDefer();
    const results = await lastValueFrom(connect({ url }).execute$(query).pipe(toArray()));
    expect(results).to.deep.equal(increments);
  });

  it('that is over with its first result gives the data', async () => {
    const { url } = await start({ onNext: () => ({ data: { hello: 'you' }, hasNext: false }) });
    const data = await lastValueFrom(connect({ url }).query$(query));
    expect(data).to.deep.equal({ hello: 'you' });
  });

  it('keeps the error of a part that query$ gets with its end', async () => {
    const { url } = await start({ onNext: () => increments[3] });
    for (const errorPolicy of ['none', 'ignore'] as const) {
      const data$ = connect({ url }).query$(query, { errorPolicy });
      const { message } = await failureOf(data$, 'OperationError');
      expect(message).to.equal('operation failed: later');
    }
  });
});
