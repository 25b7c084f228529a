import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, Subject } from 'rxjs';
import { activity } from '../../lib/connection/activity.js';
import type { WatchedConnection } from '../../lib/connection/watched-connection.js';
import { createEmitter } from '../../lib/emitter.js';
import type { ServerMessage } from '../../lib/protocol/codec.js';
import { fakeConnection } from '../helpers/fake-connection.js';
import { virtually } from '../helpers/virtually.js';

const message: ServerMessage = { type: 'pong' };

type Watched = Pick<WatchedConnection, 'messages$' | 'received'>;

/** A connection of ours, as far as it is looked at here. */
function ours() {
  const messages = createEmitter<ServerMessage>();
  let received = 0;
  const connection: Watched = {
    ...fakeConnection(messages.stream$),
    get received() {
      return received;
    },
  };
  const receive = () => {
    received += 1;
    messages.next(message);
  };
  return { connection, receive, listened: () => messages.observed };
}

/** The same of anybody's. */
function theirs() {
  const messages = new Subject<ServerMessage>();
  const connection: Watched = fakeConnection(messages);
  const receive = () => {
    messages.next(message);
  };
  return { connection, receive, listened: () => messages.observed };
}

for (const [whose, made] of Object.entries({ ours, "anybody's": theirs }))
  describe(`activity of a connection that is ${whose}`, () => {
    it(
      'is told with the first message, and at the end of each window with further ones',
      virtually(({ advance }) => {
        const { connection, receive } = made();
        const told: number[] = [];
        const startedAt = asyncScheduler.now();
        const watch = activity(connection, 10).subscribe({
          next: () => told.push(asyncScheduler.now() - startedAt),
          error: expect.fail,
        });
        advance(5);
        receive();
        advance(3);
        receive();
        receive();
        // at 15 the first window has ended, at 25 one without a message
        advance(12);
        expect(told).to.deep.equal([5, 15]);
        advance(20);
        receive();
        advance(30);
        receive();
        expect(told).to.deep.equal([5, 15, 40, 70]);
        watch.unsubscribe();
      }),
    );
  });

describe('activity', () => {
  it(
    'listens to no message of ours as long as they come',
    virtually(({ advance }) => {
      const { connection, receive, listened } = ours();
      const watch = activity(connection, 10).subscribe({ error: expect.fail });
      expect(listened()).to.equal(true);
      receive();
      expect(listened()).to.equal(false);
      receive();
      advance(10);
      expect(listened()).to.equal(false);
      advance(10);
      expect(listened()).to.equal(true);
      watch.unsubscribe();
      expect(listened()).to.equal(false);
    }),
  );
});
