import { expect } from 'chai';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';

describe('several operations on one socket', () => {
  it('have nothing to do with each other', () => {
    const server = fakeSocket();
    const socket = graphqlSocket({ url: 'wss://example.org/graphql', webSocketImpl: server });
    const log: unknown[] = [];
    const note = (name: string) => ({
      next: (data: unknown) => log.push([name, data]),
      error: ({ name: error }: Error) => log.push([name, error]),
      complete: () => log.push([name, 'complete']),
    });

    const trades = socket.subscribe$('subscription { trades }').subscribe(note('trades'));
    socket.subscribe$('subscription { blocks }').subscribe(note('blocks'));
    socket.query$('{ balance }').subscribe(note('balance'));
    server.open();
    server.ack();

    server.next(2, { blocks: 1 });
    server.next(3, { balance: 5 });
    server.next(1, { trades: 9 });
    server.error(2, [{ message: 'the chain is gone' }]);
    trades.unsubscribe();
    server.next(1, { trades: 10 }); // too late

    expect(log).to.deep.equal([
      ['blocks', { blocks: 1 }],
      ['balance', { balance: 5 }],
      ['balance', 'complete'],
      ['trades', { trades: 9 }],
      ['blocks', 'OperationError'],
    ]);
    expect(server.sent.at(-1)).to.deep.equal({ type: 'complete', id: '1' });
    expect(server.peers).to.have.length(1);
  });
});
