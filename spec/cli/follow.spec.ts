import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  ConnectionClosedError,
  SilentDisconnectError,
  type GraphQLSocketError,
  type SocketStatus,
} from 'rx-graphql-ws';
import { Subject } from 'rxjs';
import { follow, type Tally } from '../../lib/cli/follow.js';

const waiting = (
  error: GraphQLSocketError = new SilentDisconnectError('silence', 1),
): SocketStatus => ({ state: 'waiting', attempt: 1, delay: 1, until: 1, error, since: 0 });
const connected: SocketStatus = {
  state: 'connected',
  subprotocol: 'graphql-ws',
  ackPayload: undefined,
  since: 0,
};

function followed(seconds?: number) {
  const status = new Subject<SocketStatus>();
  const results = new Subject<number>();
  const tallies: Tally[] = [];
  let ended = false;
  const subscription = follow(status, results, seconds).subscribe({
    next: (tally) => tallies.push(tally),
    complete: () => (ended = true),
  });
  return { status, results, subscription, last: () => tallies.at(-1), ended: () => ended };
}

describe('follow', () => {
  it('counts results, connections and silent disconnects', () => {
    const { status, results, subscription, last } = followed();
    expect(last()).to.deep.equal({
      results: 0,
      connections: 0,
      silentDisconnects: 0,
      recovered: false,
    });
    status.next(connected);
    results.next(2);
    results.next(3);
    expect(last()).to.deep.include({ results: 5, connections: 1, recovered: false });
    status.next(waiting());
    expect(last()).to.deep.include({ silentDisconnects: 1, recovered: false });
    status.next(connected);
    expect(last()).to.deep.include({ connections: 2, recovered: false });
    results.next(1);
    expect(last()).to.deep.include({ results: 6, silentDisconnects: 1, recovered: true });
    status.next(waiting(new ConnectionClosedError(1006, '', false)));
    expect(last()).to.deep.include({ silentDisconnects: 1, recovered: true });
    status.next(waiting());
    expect(last()).to.deep.include({ silentDisconnects: 2, recovered: false });
    subscription.unsubscribe();
    expect([status.observed, results.observed]).to.deep.equal([false, false]);
  });

  it('ends with the stream', () => {
    const { status, results, last, ended } = followed();
    results.complete();
    expect(last()).to.include({ end: 'completed' });
    expect([ended(), status.observed]).to.deep.equal([true, false]);
  });

  it('ends with the error of the stream, as a value', () => {
    const { results, last, ended } = followed();
    const error = new Error('x');
    results.error(error);
    expect(last()).to.include({ end: 'failed', error });
    expect(ended()).to.equal(true);
  });

  it('ends when the time is over', async () => {
    const { results, last, ended } = followed(0.01);
    expect(ended()).to.equal(false);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(last()).to.include({ end: 'over' });
    expect(results.observed).to.equal(false);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`ends at ${signal}, and listens no more`, () => {
      const before = process.listenerCount(signal);
      const { last } = followed();
      expect(process.listenerCount(signal)).to.equal(before + 1);
      process.emit(signal);
      expect(last()).to.include({ end: 'interrupted' });
      expect(process.listenerCount(signal)).to.equal(before);
    });
});
