import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GraphQLError } from 'graphql';
import { graphqlSocket, type GraphQLFormattedError } from 'rx-graphql-ws';
import { fakeSocket, type FakePeerControls } from 'rx-graphql-ws/testing';
import { advance, now, record, test } from '../helpers/test.js';
import { current, init, legacy, protocols } from '../helpers/wire.js';
import { dial, dialOpen } from './fake-test.js';

const query = 'subscription { price }';

describe('fakeSocket', () => {
  test('lets the test play the server over a reconnect', () => {
    const fake = fakeSocket();
    const url = 'ws://fake';
    const socket = graphqlSocket({ url, webSocketImpl: fake, retry: { delay: 10 } });
    const prices = record(socket.subscribe$(query));
    advance(100);
    expect([fake.peers.length, fake.sent, prices.log]).to.deep.equal([1, [], []]);
    fake.open();
    expect(fake.sent).to.deep.equal([init]);
    fake.ack();
    fake.next(1, { price: 7 });
    expect(prices.log).to.deep.equal([[100, { price: 7 }]]);
    fake.close(1012);
    advance(10);
    expect([fake.peers.length, now()]).to.deep.equal([2, 110]);
    fake.open();
    fake.ack();
    expect(fake.sent).to.deep.equal([init, current.subscribe('2', { query })]);
    fake.next(1, { price: 8 });
    fake.complete(1);
    expect(prices.log.slice(1)).to.deep.equal([
      [110, { price: 8 }],
      [110, 'complete'],
    ]);
  });

  test('describes every dial', () => {
    const fake = fakeSocket();
    new fake('ws://peer/1');
    advance(5);
    new fake('ws://peer/2', ['a', 'b'], { headers: {} });
    const [first, second] = fake.peers;
    expect(first).to.deep.include({ attempt: 1, url: 'ws://peer/1', offered: [], dialledAt: 0 });
    expect(second).to.deep.include({ attempt: 2, url: 'ws://peer/2', offered: ['a', 'b'] });
    expect(second).to.deep.include({ options: { headers: {} }, dialledAt: 5 });
    expect(fake.peer).to.equal(second);
  });

  it('controls the last dialled socket, while a peer controls its own', () => {
    const fake = fakeSocket();
    const [first, second] = [new fake('ws://peer/', ['a']), new fake('ws://peer/', ['b'])];
    fake.open();
    expect([first, second].map(({ readyState }) => readyState)).to.deep.equal([0, 1]);
    fake.peers[0]!.open();
    first.send('{"type":"one"}');
    second.send('{"type":"two"}');
    expect(fake.sent).to.deep.equal([{ type: 'two' }]);
    expect(fake.peers[0]!.sent).to.deep.equal([{ type: 'one' }]);
  });

  it('says for each control that nothing was dialled yet', () => {
    const controls: Record<keyof FakePeerControls, (fake: FakePeerControls) => void> = {
      open: (fake) => fake.open(),
      ack: (fake) => fake.ack(),
      next: (fake) => fake.next(1, {}),
      result: (fake) => fake.result(1, {}),
      error: (fake) => fake.error(1, []),
      complete: (fake) => fake.complete(1),
      ka: (fake) => fake.ka(),
      ping: (fake) => fake.ping(),
      send: (fake) => fake.send('x'),
      close: (fake) => fake.close(),
      drop: (fake) => fake.drop(),
      fail: (fake) => fake.fail(),
      ignoreClose: (fake) => fake.ignoreClose(),
      emit: (fake) => fake.emit('pong'),
    };
    const uses = [...Object.values(controls), () => fakeSocket().peer, () => fakeSocket().sent];
    for (const use of uses)
      expect(() => use(fakeSocket())).to.throw(
        'nothing was dialled yet: subscribe to something first',
      );
    expect(fakeSocket().peers).to.deep.equal([]);
  });

  test('calls `dialled` before the client can listen', () => {
    const attempts: number[] = [];
    const webSocketImpl = fakeSocket({
      dialled: (peer) => {
        attempts.push(peer.attempt);
        peer.open();
      },
    });
    const config = { url: 'ws://fake', webSocketImpl, connectTimeout: 50, retry: false as const };
    const stream = record(graphqlSocket(config).connection$);
    advance(50);
    expect([attempts, stream.log]).to.deep.equal([[1], [[50, 'error', 'ConnectionError']]]);
  });

  it('calls `received` with each message that `sent` has, and lets it answer at once', () => {
    const seen: unknown[] = [];
    const { fake, socket, heard } = dialOpen({
      received: (message, peer) => {
        seen.push([message, peer.sent.length, peer === fake.peer]);
        peer.send('answer');
      },
    });
    socket.send('{"type":"connection_init"}');
    socket.send('no JSON');
    expect(seen).to.deep.equal([
      [{ type: 'connection_init' }, 1, true],
      [{ frame: 'no JSON' }, 2, true],
    ]);
    expect(heard.map(([, , text]) => text)).to.deep.equal(['answer', 'answer']);
  });
});

const request = { query: 'subscription { a }' };
const errors = [{ message: 'no' }];

/** Opens a socket, sends three operations, and reads the server's messages from then on. */
function conversing(wire = current) {
  const { fake, socket, heard } = dialOpen({}, [wire.subprotocol]);
  socket.send('{"type":"connection_init"}');
  for (const id of ['a', '2', 'c']) socket.send(JSON.stringify(wire.subscribe(id, request)));
  const read = () => heard.map(([, , text]) => JSON.parse(text as string) as object);
  return { fake, read };
}

describe('messages of fakeSocket', () => {
  for (const wire of protocols) {
    it(`follow the protocol ${wire.subprotocol}`, () => {
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
      const listed = ['a', '2', 'c'].map((id) => ({ id, request }));
      expect(fake.peer.operations).to.deep.equal(listed);
    });
  }

  it('are heartbeats and pings of each protocol', () => {
    const { fake, read } = conversing(current);
    fake.ka();
    fake.ping({ n: 1 });
    expect(read()).to.deep.equal([{ type: 'pong' }, { type: 'ping', payload: { n: 1 } }]);
    const old = conversing(legacy);
    old.fake.ka();
    expect(() => old.fake.ping()).to.throw('the legacy protocol has no ping');
    expect(old.read()).to.deep.equal([{ type: 'ka' }]);
  });

  it('are legacy ones when no subprotocol was offered', () => {
    const { fake, heard } = dial({}, []);
    fake.open();
    fake.ka();
    expect(heard.at(-1)?.[2]).to.equal('{"type":"ka"}');
  });

  for (const [operation, which] of [
    [4, 'operation 4'],
    [0, 'operation 0'],
    ['1', 'operation "1"'],
  ] as const)
    it(`are refused for ${which}, which was not sent`, () => {
      const { fake, read } = conversing();
      const message = `no ${which} was sent on this connection; sent were: "a", "2", "c"`;
      expect(() => fake.next(operation, {})).to.throw(message);
      expect(() => fake.error(operation, [])).to.throw(message);
      expect(() => fake.complete(operation)).to.throw(message);
      expect(read()).to.deep.equal([]);
      const none = 'no operation 1 was sent on this connection; sent were: none';
      expect(() => dialOpen().fake.next(1, {})).to.throw(none);
    });

  describe('with errors', () => {
    const extensions = { code: 'LOST' };
    const path = ['a', 0];
    const locations = [{ line: 1, column: 2 }];
    const values: readonly GraphQLFormattedError[] = [
      new Error('lost'),
      Object.assign(new TypeError('odd'), { extensions, path, locations, secret: 1 }),
      new GraphQLError('bad', { extensions, path }),
      { message: 'plain', extensions },
    ];
    const told = [
      { message: 'lost' },
      { message: 'odd', locations, path, extensions },
      { message: 'bad', path, extensions },
      { message: 'plain', extensions },
    ];

    it('have the message and the members of each Error, and leave the value unchanged', () => {
      const { fake, read } = conversing();
      const result = Object.freeze({ data: null, errors: Object.freeze(values) });
      fake.result(1, result);
      fake.error('a', values);
      expect(read()).to.deep.equal([
        current.next('a', { data: null, errors: told }),
        { type: 'error', id: 'a', payload: told },
      ]);
      expect(result.errors[0]).to.be.an('error');
    });

    it('may be no list', () => {
      const { fake, read } = conversing();
      fake.result(1, { errors: 'x' });
      fake.result(1, []);
      fake.error(1, null as unknown as []);
      expect(read()).to.deep.equal([
        current.next('a', { errors: 'x' }),
        current.next('a', []),
        { type: 'error', id: 'a', payload: null },
      ]);
    });
  });

  test('are sent raw: text and bytes unchanged, objects as JSON', () => {
    const { fake, heard } = dialOpen();
    const raw = ['x', '', new ArrayBuffer(2), new Uint8Array(2), new Blob(['x']), null, 7];
    fake.send(...raw, { type: 'x' }, [1]);
    const data = heard.map(([, , value]) => value);
    raw.forEach((value, index) => expect(data[index]).to.equal(value));
    expect(data.slice(raw.length)).to.deep.equal(['{"type":"x"}', '[1]']);
  });

  it('are refused before open()', () => {
    const { fake } = dial();
    expect(() => fake.ack()).to.throw('nothing can be sent before open()');
  });

  test('reach a client that is closing, and none that has closed', () => {
    const { fake, socket, heard } = dialOpen();
    socket.close(1000);
    fake.send('closing');
    advance(1);
    fake.send('closed');
    expect(heard.map(([, event]) => event)).to.deep.equal(['message', 'close']);
  });

  for (const end of ['close', 'drop', 'fail'] as const)
    test(`end with ${end}(), also within a burst`, () => {
      const { fake, socket, heard } = dialOpen();
      const hear = socket.onmessage;
      socket.onmessage = (event) => {
        hear(event);
        fake[end]();
      };
      fake.send('1', '2', '3');
      fake.send('4');
      advance(0);
      const messages = heard.filter(([, event]) => event === 'message');
      expect(messages).to.deep.equal([[0, 'message', '1']]);
    });
});
