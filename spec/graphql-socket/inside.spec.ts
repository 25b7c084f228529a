import { expect } from 'chai';
import { describe } from 'mocha';
import { bench } from '../helpers/bench.js';
import { accepts, ends } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete, current, protocols } from '../helpers/wire.js';

const subscription = 'subscription { a }';

/** Everything that events$ and status$ tell of, in a life with a loss in it. */
const moments = [
  ...[
    'opened',
    'acknowledged',
    'sent',
    'received',
    'ping',
    'pong',
    'closed',
    'unhandled',
    'orphaned',
  ],
  ...['connecting', 'connected', 'waiting', 'failed'],
];

/** Lives that life, and does something at the nth moment of a kind. */
const living = (moment: string, nth: number, wire = current) =>
  bench(
    { retry: { delay: 5, count: 1 } },
    accepts(wire.subprotocol, (peer) => {
      peer.send(
        { type: 'ping' },
        { type: 'pong' },
        { type: 'ka' },
        wire.next('1', { data: moment }),
      );
      peer.send(wire.next('99', { data: nth }), complete('2'));
      ends(1001)(peer);
    }),
    accepts(wire.subprotocol, ends(4409)),
  );

for (const wire of protocols)
  for (const action of ['close()', 'unsubscribing', 'subscribing'] as const)
    describe(`${action} while something is told, on ${wire.subprotocol}`, () => {
      for (const [index, moment] of moments.entries())
        for (const nth of [1, 2])
          test(`at ${index > 8 ? 'status' : 'event'} \`${moment}\`, time ${String(nth)}`, () => {
            const { socket, live, peers } = living(moment, nth, wire);
            const streams = [
              record(socket.subscribe$(subscription)),
              record(socket.query$('{ a }')),
            ];
            const late: typeof streams = [];
            let left = nth;
            const act = () => {
              if (action === 'close()') socket.close();
              else if (action === 'subscribing') late.push(record(socket.subscribe$(subscription)));
              else for (const { unsubscribe } of streams) unsubscribe();
            };
            const watch = (kind: string) => {
              if (kind !== moment) return;
              left -= 1;
              if (left === 0) act();
            };
            if (index > 8) socket.status$.subscribe(({ state }) => watch(state));
            else socket.events$.subscribe(({ type }) => watch(type));
            advance(60);
            for (const { unsubscribe } of [...streams, ...late]) unsubscribe();
            advance(5);
            // the legacy protocol has no ping
            if (nth === 1 && !(moment === 'ping' && wire.goodbye.length > 0))
              expect(left).to.be.below(1);
            expect([live().length, timers()]).to.deep.equal([0, 0]);
            for (const dialled of peers) {
              const ids = dialled.sent.flatMap(({ type, id }) =>
                type === 'subscribe' || type === 'start' ? [id] : [],
              );
              expect(new Set(ids).size).to.equal(ids.length);
            }
            for (const { log } of [...streams, ...late]) {
              const ended = log.findIndex(([, what]) => what === 'error' || what === 'complete');
              expect(ended === -1 || ended === log.length - 1).to.equal(true);
            }
            if (action !== 'close()') return;
            const states = record(socket.status$).log.map(([, what]) => what);
            if (left <= 0) expect(states.at(-1)).to.equal('complete');
          });
    });
