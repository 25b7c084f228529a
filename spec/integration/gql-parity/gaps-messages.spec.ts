import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Frame } from 'rx-graphql-ws/testing/server';
import { acknowledge, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { countdown, numbers$, numbersFrom } from '../../helpers/parity/countdown.js';
import { record } from '../../helpers/parity/record.js';
import { useParity } from '../../helpers/parity/use-parity.js';

const protocols = [
  ['current', GRAPHQL_TRANSPORT_WS],
  ['legacy', SUBSCRIPTIONS_TRANSPORT_WS],
] as const;

describe('gql parity: gaps, what a server may say in the current protocol', () => {
  const start = useParity(GRAPHQL_TRANSPORT_WS);

  it('X1 answers a ping before the ack, and goes on waiting', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send({ type: 'ping', payload: { message: 'keepalive' } });
        expect((await peer.read('pong')).payload).to.deep.equal({ message: 'keepalive' });
        peer.send({ type: 'connection_ack' });
        const { id } = await peer.read('subscribe');
        peer.send(resultOf({ data: continents })(id, peer), completion(id));
      },
    });
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    await server.finished();
  });

  it('X8 echoes the payload of a ping, and adds none where there is none', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        peer.send({ type: 'ping', payload: { id: 7 } }, { type: 'ping' });
        await peer.read('pong');
        await peer.read('pong');
        peer.close(1000);
      },
    });
    await record(socket.connection$).ended;
    await server.finished();
    expect(server.ledger.frames.map(({ frame }) => frame).slice(1)).to.deep.equal([
      '{"type":"pong","payload":{"id":7}}',
      '{"type":"pong"}',
    ]);
  });

  it('X9 a pong from before our ping does not answer it', async () => {
    const { server, socket } = await start(
      {
        script: async (peer) => {
          await acknowledge(peer);
          peer.send({ type: 'pong' });
          await peer.read('ping');
        },
      },
      { pingInterval: 40, pongTimeout: 20 },
    );
    const seen = record(socket.connection$);
    await seen.ended;
    expect(seen.error).to.include({ name: 'SilentDisconnectError', kind: 'pong' });
    const pings = server.ledger.messages.filter(({ type }) => type === 'ping');
    expect(pings).to.have.length(1);
  });
});

for (const [protocol, subprotocol] of protocols) {
  describe(`gql parity: gaps, what a server may say, ${protocol} protocol`, () => {
    const start = useParity(subprotocol);

    /** Two operations; the server says `frame` to the first, then answers the second and completes both. */
    const sayTo = async (frame: (id: unknown) => Frame) => {
      const { server, socket } = await start({
        script: async (peer) => {
          await acknowledge(peer);
          const [first, second] = [await peer.read(), await peer.read()];
          peer.send(frame(first.id));
          peer.send(resultOf({ data: 2 })(second.id, peer), completion(second.id));
          peer.send(completion(first.id));
        },
      });
      const events = record(socket.events$);
      const [first, second] = [
        record(socket.subscribe$('{ a }')),
        record(socket.subscribe$('{ b }')),
      ];
      await Promise.all([first.ended, second.ended]);
      return { server, first, second, events };
    };

    for (const frame of ['[]', '"text"', 'null', '1']) {
      it(`X2 ${frame} costs the connection, and nobody hangs`, async () => {
        const { server, first, second } = await sayTo(() => frame);
        for (const { error } of [first, second]) {
          expect(error).to.include({ name: 'ProtocolError', frame });
        }
        const { code, reason } = await server.ledger.until('closed');
        expect({ code, reason }).to.deep.equal({ code: 4400, reason: 'Malformed frame' });
      });
    }

    const refuse = async (payload: unknown, message: string) => {
      const { first, second } = await sayTo((id) => ({ id, type: 'error', payload }));
      expect(first.error).to.have.property('name', 'OperationError');
      expect(first.error).to.have.nested.property('errors[0].message', message);
      expect(second).to.deep.include({ outcome: 'completed', values: [2] });
    };

    it('X3 an error whose payload is an empty list costs the operation alone', async () => {
      await refuse([], 'unknown error');
    });

    it('X4 an error whose payload is an error, or a list of results, costs the operation alone', async () => {
      await refuse({ message: 'no' }, 'no');
      await refuse([{ errors: [{ message: 'no' }] }], 'no');
    });

    it('X5 an error whose payload is a list of errors costs the operation alone', async () => {
      await refuse([{ message: 'no' }, { message: 'nor' }], 'no');
    });

    it('X6 an unknown message type is told, and costs nothing', async () => {
      const { first, second, events } = await sayTo((id) => ({ id, type: 'start_ack' }));
      expect(first).to.deep.include({ outcome: 'completed', values: [] });
      expect(second).to.deep.include({ outcome: 'completed', values: [2] });
      const unhandled = events.values.filter(({ type }) => type === 'unhandled');
      expect(unhandled).to.have.length(1);
      expect(unhandled[0]).to.include({ frame: '{"id":"1","type":"start_ack"}' });
    });

    it('X7 ids are any text, and a number is taken for its digits', async () => {
      const ids = ['f2a9-…', '2'];
      const { server, socket } = await start(
        {
          script: async (peer) => {
            await acknowledge(peer);
            const [first, second] = [await peer.read(), await peer.read()];
            peer.send(resultOf({ data: 0 })('stranger', peer), completion('stranger'));
            peer.send(resultOf({ data: 1 })(first.id, peer), completion(first.id));
            peer.send(resultOf({ data: 2 })(2, peer), completion(2));
            expect([first.id, second.id]).to.deep.equal(['f2a9-…', '2']);
          },
        },
        { generateId: () => ids.shift() ?? '' },
      );
      const [first, second] = [
        record(socket.subscribe$('{ a }')),
        record(socket.subscribe$('{ b }')),
      ];
      await Promise.all([first.ended, second.ended]);
      expect(first).to.deep.include({ outcome: 'completed', values: [1] });
      expect(second).to.deep.include({ outcome: 'completed', values: [2] });
      await server.finished();
    });

    it('X10 results keep the connection as well as keep-alives do', async () => {
      const { socket } = await start({ handle: countdown(50) }, { keepAliveTimeout: 400 });
      const numbers = await lastValueFrom(numbers$(socket, 10).pipe(toArray()));
      expect(numbers).to.deep.equal(numbersFrom(10));
    });

    describe('X11 a result with data and errors, and one after it', () => {
      const errors = [{ message: 'partly' }];
      const handle = () => [{ data: { a: 1 }, errors }, { data: { a: 2 } }];

      it('X11 execute$ emits both', async () => {
        const { socket } = await start({ handle });
        const results = await lastValueFrom(socket.execute$('subscription { a }').pipe(toArray()));
        expect(results).to.deep.equal(handle());
      });

      it('X11 subscribe$ fails, with the errors and the data', async () => {
        const { socket } = await start({ handle });
        const seen = record(socket.subscribe$('subscription { a }'));
        await seen.ended;
        expect(seen.error).to.deep.include({ name: 'OperationError', errors, data: { a: 1 } });
        expect(seen.values).to.deep.equal([]);
      });

      it("X11 subscribe$ emits the data of both with errorPolicy: 'ignore'", async () => {
        const { socket } = await start({ handle });
        const data$ = socket.subscribe$('subscription { a }', { errorPolicy: 'ignore' });
        expect(await lastValueFrom(data$.pipe(toArray()))).to.deep.equal([{ a: 1 }, { a: 2 }]);
      });
    });

    it('X12 data that is null is emitted', async () => {
      const { socket } = await start({ handle: () => [{ data: null }] });
      for (const data$ of [socket.subscribe$('subscription { a }'), socket.query$('{ a }')]) {
        expect(await lastValueFrom(data$.pipe(toArray()))).to.deep.equal([null]);
      }
    });
  });
}
