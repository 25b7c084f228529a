import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, of, toArray } from 'rxjs';
import type { SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { fakeSocket, record } from 'rx-graphql-ws/testing';
import { expectObservable, flush, test } from '../helpers/test.js';
import { document, init, socketOver } from './marble-test.js';
import { ack, closed, header, opened, received, sent, status, wire } from './recorded.js';

const { next, subscribe } = wire('graphql-transport-ws');
const at = (ms: number, act: () => unknown) => asyncScheduler.schedule(() => void act(), ms);

/** Records at once, and gives the lines as objects. */
function recorded(...args: Parameters<typeof record>) {
  const lines: string[] = [];
  record(...args).subscribe((line) => lines.push(line));
  return () =>
    lines.map((line) => {
      expect(line).to.match(/^\{[^\n]*\}\n$/);
      return JSON.parse(line) as object;
    });
}

/** A session that is dropped, dialled again without success, and then left. */
function session(sourceName: 'socket' | 'events$') {
  const server = fakeSocket();
  const socket = socketOver(server);
  const lines = recorded(sourceName === 'socket' ? socket : socket.events$);
  const stream = socket.subscribe$(document).subscribe();
  at(5, () => server.open());
  at(7, () => server.ack());
  at(8, () => server.next(1, 7));
  at(20, () => server.close(1012, 'restart'));
  at(32, () => server.fail(new Error('refused')));
  at(43, () => stream.unsubscribe());
  flush();
  return lines();
}

const greeting = [opened(5), sent(5, init), received(7, ack)];
const operation = [sent(7, subscribe('1')), received(8, next('1', 7)), closed(20, 1012, 'restart')];

describe('record', () => {
  test('writes the frames, and the states that explain them', () => {
    const lines = [
      ...[header, status(0, 'idle'), status(0, 'connecting')],
      ...[...greeting, status(7, 'connected'), ...operation],
      ...[status(20, 'waiting', 'ConnectionClosedError'), status(30, 'connecting')],
      ...[closed(32, 1006, '', 2), status(32, 'waiting', 'ConnectionError')],
      ...[status(42, 'connecting'), closed(43, 1006, '', 3), status(43, 'idle')],
    ];
    const json = JSON.parse(JSON.stringify(lines)) as unknown;
    expect(session('socket')).to.deep.equal(json);
  });

  test('writes the frames alone, if it gets the events alone', () => {
    const ends = [closed(32, 1006, '', 2), closed(43, 1006, '', 3)];
    const lines = [header, ...greeting, ...operation, ...ends];
    expect(session('events$')).to.deep.equal(lines);
  });

  test('does not connect, begins anew with each subscription, and completes with the socket', () => {
    const server = fakeSocket();
    const socket = socketOver(server);
    const lines$ = record(socket).pipe(toArray());
    const a = [header, status(0, 'idle'), status(10, 'closed')].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    expectObservable(lines$).toBe('10ms (a|)', { a });
    expectObservable(lines$, '-----^').toBe('10ms (a|)', { a });
    at(10, () => socket.close());
    flush();
    expect(server.peers).to.deep.equal([]);
  });

  it('has no time before that of the last line, although the clock is set back', () => {
    const events = [
      { type: 'opened', at: 1_000, connection: 1, subprotocol: '' },
      { type: 'closed', at: 400, connection: 1, code: 1000, reason: '' },
      { type: 'closed', at: 1_200, connection: 2, code: 1006, reason: '' },
    ] as const;
    expect(recorded(of(...events))()).to.deep.equal([
      ...[header, opened(1_000, ''), closed(1_000, 1000), closed(1_200, 1006, '', 2)],
    ]);
  });

  describe('in the middle of a connection', () => {
    const frame: SocketEvent = {
      ...{ type: 'received', at: 50, connection: 3, text: '{}' },
      message: { type: 'unknown', frame: '{}' },
    };
    const dropped: SocketEvent = { type: 'closed', at: 60, connection: 3, code: 1006, reason: '' };
    const restarted: SocketEvent = { ...dropped, code: 1012 };
    const connected: SocketStatus = {
      ...{ since: 10, state: 'connected', subprotocol: 'graphql-ws', ackPayload: undefined },
    };
    const idle: SocketStatus = { since: 0, state: 'idle' };

    it('opens the socket first, with the subprotocol of the state', () => {
      const rest = [received(50, '{}', 3), closed(60, 1006, '', 3)];
      const events$ = of(frame, dropped);
      const before = { time: 10, status: 'connected' };
      const withStates = recorded({ status$: of(connected), events$ });
      expect(withStates()).to.deep.equal([header, before, opened(50, 'graphql-ws', 3), ...rest]);
      expect(recorded(events$)()).to.deep.equal([header, opened(50, '', 3), ...rest]);
    });

    const down = { status$: of(idle), events$: of(dropped) };
    const up = { status$: of(connected), events$: of(dropped) };
    for (const [what, source, opens] of [
      ['a drop alone as a failed dial', of(dropped), false],
      ['a close frame as the end of a socket', of(restarted), true],
      ['a drop while connected as the end of a socket', up, true],
      ['a drop while idle as a failed dial', down, false],
    ] as const)
      it(`takes ${what}`, () => {
        expect(recorded(source)().some((line) => 'opened' in line)).to.equal(opens);
      });

    it('fails with the error of `redact`', () => {
      const failure = new Error('cannot redact');
      const redact = () => {
        throw failure;
      };
      let caught: unknown;
      record(of(frame), { redact }).subscribe({ error: (error: unknown) => (caught = error) });
      expect(caught).to.equal(failure);
    });
  });
});
