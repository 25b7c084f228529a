import { expect } from 'chai';
import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';
import { virtually } from '../helpers/virtually.js';
import { current, legacy, protocols } from '../helpers/wire.js';
import { dial } from './fake-test.js';

const request = { query: 'subscription { a }' };
const errors = [{ message: 'no' }];

/** An open socket on which three operations were sent, and what its client reads from then on. */
function conversing(wire = current) {
  const { fake, socket, heard } = dial({}, [wire.subprotocol]);
  fake.open();
  socket.send('{"type":"connection_init"}');
  for (const id of ['a', '2', 'c']) socket.send(JSON.stringify(wire.subscribe(id, request)));
  const read = () => heard.slice(1).map(([, , text]) => JSON.parse(text as string) as object);
  return { fake, read };
}

describe('fakeSocket', () => {
  for (const wire of protocols)
    describe(`on ${wire.subprotocol}`, () => {
      it('says what the protocol has for each method', () => {
        const { fake, read } = conversing(wire);
        fake.ack();
        fake.ack({ user: 1 });
        fake.next(1, { n: 1 });
        fake.result('2', { data: null, errors });
        fake.error(3, errors);
        fake.complete('a');
        expect(read()).to.deep.equal([
          { type: 'connection_ack' },
          { type: 'connection_ack', payload: { user: 1 } },
          wire.next('a', { data: { n: 1 } }),
          wire.next('2', { data: null, errors }),
          { type: 'error', id: 'c', payload: errors },
          { type: 'complete', id: 'a' },
        ]);
      });

      it('lists the operations, live or not', () => {
        const { fake } = conversing(wire);
        fake.complete(1);
        expect(fake.peer.operations).to.deep.equal(['a', '2', 'c'].map((id) => ({ id, request })));
      });

      it(
        'feeds a client of the package',
        virtually(({ record, advance }) => {
          const fake = fakeSocket();
          const socket = graphqlSocket({ url: 'ws://fake', webSocketImpl: fake, retry: false });
          const streams = [
            record(socket.subscribe$('subscription { a }')),
            record(socket.query$('{ b }')),
          ];
          advance(0);
          fake.open(wire.subprotocol);
          fake.ack();
          fake.ka();
          fake.error(2, errors);
          fake.next(1, 1);
          fake.complete(1);
          expect(streams.map(({ log }) => log)).to.deep.equal([
            [
              [0, 1],
              [0, 'complete'],
            ],
            [[0, 'error', 'OperationError']],
          ]);
        }),
      );
    });

  it('beats and pings in each protocol’s own way', () => {
    const { fake, read } = conversing(current);
    fake.ka();
    fake.ping();
    fake.ping({ n: 1 });
    expect(read()).to.deep.equal([
      { type: 'pong' },
      { type: 'ping' },
      { type: 'ping', payload: { n: 1 } },
    ]);
    const old = conversing(legacy);
    old.fake.ka();
    expect(() => old.fake.ping()).to.throw(
      'the legacy protocol has no ping: its heartbeat is ka()',
    );
    expect(old.read()).to.deep.equal([{ type: 'ka' }]);
  });

  it('takes a server that selected nothing for a legacy one', () => {
    const { fake, heard } = dial();
    fake.open('');
    fake.ka();
    expect(heard.at(-1)?.[2]).to.equal('{"type":"ka"}');
  });

  describe('says which operations there are', () => {
    for (const [operation, which] of [
      [4, 'operation 4'],
      [0, 'operation 0'],
      ['1', 'operation "1"'],
    ] as const)
      it(`when there is no ${which}`, () => {
        const { fake, read } = conversing();
        const message = `no ${which} was sent on this connection; sent were: "a", "2", "c"`;
        expect(() => fake.next(operation, {})).to.throw(message);
        expect(() => fake.result(operation, {})).to.throw(message);
        expect(() => fake.error(operation, [])).to.throw(message);
        expect(() => fake.complete(operation)).to.throw(message);
        expect(read()).to.deep.equal([]);
      });

    it('when there is none', () => {
      const { fake } = dial();
      fake.open();
      expect(() => fake.next(1, {})).to.throw(
        'no operation 1 was sent on this connection; sent were: none',
      );
    });
  });

  describe('send', () => {
    it(
      'sends text and bytes as they are, and objects as JSON, in one tick',
      virtually(() => {
        const { fake, heard } = dial();
        fake.open();
        const raw = ['x', '', new ArrayBuffer(2), new Uint8Array(2), new Blob(['x']), null, 7];
        fake.send(...raw, { type: 'x' }, [1]);
        const heardData = heard.slice(1).map(([, , data]) => data);
        raw.forEach((value, index) => expect(heardData[index]).to.equal(value));
        expect(heardData.slice(raw.length)).to.deep.equal(['{"type":"x"}', '[1]']);
      }),
    );

    it('cannot be done before open()', () => {
      const { fake } = dial();
      expect(() => fake.send('x')).to.throw('nothing can be sent before open()');
      expect(() => fake.ack()).to.throw('nothing can be sent before open()');
    });

    it(
      'still reaches a client that is closing, and none that has closed',
      virtually(({ advance }) => {
        const { fake, socket, heard } = dial();
        fake.open();
        socket.close(1000);
        fake.send('closing');
        advance(1);
        fake.send('closed');
        expect(heard.map(([, event]) => event)).to.deep.equal(['open', 'message', 'close']);
      }),
    );

    it(
      'is in vain after an end of the server’s, in the midst of a burst too',
      virtually(({ advance }) => {
        for (const end of ['close', 'drop', 'fail'] as const) {
          const { fake, socket, heard } = dial();
          fake.open();
          const hear = socket.onmessage;
          socket.onmessage = (event) => {
            hear(event);
            fake[end]();
          };
          fake.send('1', '2', '3');
          fake.send('4');
          advance(0);
          expect(heard.map(([, , data]) => data).slice(1, 2)).to.deep.equal(['1']);
          expect(heard.filter(([, event]) => event === 'message')).to.have.length(1);
        }
      }),
    );
  });
});
