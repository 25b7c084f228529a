import { expect } from 'chai';
import { describe, it } from 'mocha';
import { balance } from './balance.js';
import type { ClientEvent, ServerLine } from './log-line.js';

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
