import { expect } from 'chai';
import { describe, it } from 'mocha';
import { account } from './account.js';
import type { ClientEvent, ClientLine, ServerLine } from './log-line.js';
import { balance } from './balance.js';

describe('sequence accounting', () => {
  // Row k exists at 1000 + 10 k; the server got each subscription 2 ms after it was sent.
  const feed = {
    existsAt: (number: number) => 1_000 + number * 10,
    startedAt: (id: string): number | undefined => ({ '1': 1_002, '2': 1_102 })[id],
  };
  const event = (at: number, connection: number, name: string, more: object = {}) =>
    ({ at, client: 'c', type: 'event', event: name, connection, ...more }) as ClientLine;
  const connect = (at: number, connection: number): readonly ClientLine[] => [
    event(at, connection, 'opened'),
    event(at, connection, 'acknowledged'),
    event(at, connection, 'sent', { message: 'subscribe', id: String(connection) }),
  ];
  const receive = (connection: number, number: number): readonly ClientLine[] => {
    const at = feed.existsAt(number) + 1;
    const received = event(at, connection, 'received', { message: 'next', number });
    return [received, { at, client: 'c', type: 'value', number }];
  };
  const interruption: readonly ClientLine[] = [event(1_050, 1, 'closed'), ...connect(1_100, 2)];
  const found = (...parts: (readonly ClientLine[])[]) => account(parts.flat(), feed);
  const reasons = (...parts: (readonly ClientLine[])[]) =>
    found(...parts).lost.map(({ from, to, outside }) => [from, to, outside]);

  it('finds nothing where there is nothing', () => {
    expect(found(connect(1_000, 1), receive(1, 1), receive(1, 2))).to.deep.equal({
      values: 2,
      lost: [],
      duplicated: [],
      outOfOrder: [],
      undelivered: [],
    });
  });

  it('admits what is lost in an interruption', () => {
    const { lost } = found(connect(1_000, 1), receive(1, 1), interruption, receive(2, 11));
    expect(lost).to.deep.equal([{ from: 2, to: 10, outside: undefined, onTheWay: 0 }]);
  });

  it('finds a loss within one connection', () => {
    expect(reasons(connect(1_000, 1), receive(1, 1), receive(1, 4))).to.deep.equal([
      [2, 3, 'within one connection'],
    ]);
  });

  it('finds a loss after the first value of a connection', () => {
    const lines = [connect(1_000, 1), receive(1, 1), interruption, receive(2, 11), receive(2, 13)];
    expect(reasons(...lines)[1]).to.deep.equal([12, 12, 'within one connection']);
  });

  it('finds a loss without a `closed`', () => {
    const lines = [connect(1_000, 1), receive(1, 1), connect(1_100, 2), receive(2, 11)];
    expect(reasons(...lines)[0]![2]).to.match(/^no `closed`/);
  });

  it('finds a connection acknowledged before the other had closed', () => {
    const late = [...connect(1_100, 2), event(1_101, 1, 'closed')];
    const lines = [connect(1_000, 1), receive(1, 1), late, receive(2, 11)];
    expect(reasons(...lines)[0]![2]).to.match(/^no `acknowledged`/);
  });

  it('finds a subscription that was not sent again', () => {
    const lines = [connect(1_000, 1), receive(1, 1), interruption.slice(0, -1), receive(2, 11)];
    expect(reasons(...lines)[0]![2]).to.match(/^the subscription was not sent/);
  });

  it('finds a row lost after the server had the subscription', () => {
    const lines = [connect(1_000, 1), receive(1, 1), interruption, receive(2, 20)];
    expect(reasons(...lines)).to.deep.equal([
      [2, 19, '88 ms after the server got the subscription'],
    ]);
  });

  it('finds a subscription that the server never got', () => {
    const lines = [connect(1_000, 1), receive(1, 1), event(1_050, 1, 'closed'), connect(1_100, 3)];
    expect(reasons(...lines.flat().map((line) => [line]), receive(3, 11))[0]![2]).to.match(/never/);
  });

  it('finds values that came twice, out of order, or not from the wire to the subscriber', () => {
    const [onWire] = receive(1, 6);
    const lines = [connect(1_000, 1), receive(1, 1), receive(1, 4), receive(1, 4), receive(1, 3)];
    const [, again] = receive(1, 7);
    const result = found(...lines, [onWire!], receive(1, 7), [again!]);
    expect(result.duplicated).to.deep.equal([4, 7]);
    expect(result.outOfOrder).to.deep.equal([3]);
    expect(result.undelivered).to.deep.equal([6]);
    expect(result.lost.map(({ from }) => from)).to.deep.equal([2, 5]);
  });
});

describe("the server's books", () => {
  const sent = (...ids: readonly string[]) =>
    ids.map((id) => {
      const event: ClientEvent = {
        at: 0,
        client: 'c',
        type: 'event',
        event: 'sent',
        connection: 1,
      };
      return ['c', { ...event, message: 'subscribe', id }] as const;
    });
  const line = (type: 'started' | 'stopped' | 'ended', connection: number, id: string) =>
    ({ at: 0, type, connection, id, client: 'c' }) as ServerLine;

  it('balance what was completed, closed and killed', () => {
    const first = [line('started', 1, '1'), line('ended', 1, '1'), line('started', 2, '2')];
    const second = [line('started', 1, '3'), line('stopped', 1, '3'), line('ended', 1, '3')];
    expect(balance([first, second], sent('1', '2', '3'))).to.deep.equal({
      subscribed: 3,
      completed: 1,
      closed: 1,
      killed: 1,
      orphaned: 0,
      double: [],
    });
  });

  it('show an orphan', () =>
    expect(balance([[line('started', 1, '1')]], sent('1')).orphaned).to.equal(1));

  it('show what was subscribed twice: on one connection, under one id, or never sent', () => {
    const onOne = [line('started', 1, '1'), line('started', 1, '2')];
    expect(balance([onOne], sent('1', '2')).double).to.deep.equal(['c/2']);
    const underOne = [line('started', 1, '1'), line('started', 2, '1')];
    expect(balance([underOne], sent('1')).double).to.deep.equal(['c/1']);
    expect(balance([[line('started', 1, '1')]], sent()).double).to.deep.equal(['c/1']);
  });
});
