import { expect } from 'chai';
import { describe } from 'mocha';
import { map, NEVER, throwError, timer } from 'rxjs';
import { openSocket } from 'rx-graphql-ws';
import { scripted, opens } from '../helpers/scripted.js';
import { advance, cold, record, test, timers } from '../helpers/test.js';
import { url } from './dialling.js';

describe('openSocket', () => {
  test('offers the current protocol before the legacy one, and emits the open socket', () => {
    const peer = scripted(cold('--o', { o: opens('graphql-ws') }));
    const recording = record(openSocket({ url, webSocketImpl: peer }));
    advance(5);
    expect(recording.log).to.deep.equal([[2, recording.values[0]]]);
    expect(recording.values[0]!.subprotocol).to.equal('graphql-ws');
    expect(peer.peers[0]!.offered).to.deep.equal(['graphql-transport-ws', 'graphql-ws']);
    expect(peer.peers[0]!.options).to.deep.equal({
      perMessageDeflate: false,
      maxPayload: 33_554_432,
      closeTimeout: 3_000,
    });
  });

  test('takes options that have no prototype', () => {
    const bare = <T extends object>(options: T) =>
      Object.assign<object, T>(Object.create(null) as object, options);
    const peer = scripted();
    const headers = bare({ authorization: 't' });
    for (const webSocketOptions of [bare({ headers }), () => bare({ headers })]) {
      const recording = record(openSocket(bare({ url, webSocketImpl: peer, webSocketOptions })));
      expect(recording.log).to.deep.equal([]);
      expect(peer.peer.url).to.equal(url);
      expect(peer.peer.options).to.deep.include({ headers, closeTimeout: 3_000 });
      recording.unsubscribe();
    }
    expect(peer.peers).to.have.length(2);
  });

  test('asks for url, subprotocols and options together before it dials, and afresh each time', () => {
    const peer = scripted();
    let asked = 0;
    const socket$ = openSocket({
      url: (context) => {
        expect(context).to.deep.equal({ attempt: 0, error: undefined });
        return `ws://example.org/${(asked += 1)}`;
      },
      subprotocols: cold<string[]>('--s', { s: ['graphql-ws'] }),
      webSocketOptions: () => cold('---o', { o: { headers: { n: asked } } }),
      webSocketImpl: peer,
    });
    expect(asked).to.equal(0);
    record(socket$);
    advance(2);
    expect(peer.peers).to.have.length(0);
    advance(1);
    record(socket$);
    advance(5);
    expect(
      peer.peers.map(({ url: dialled, offered, options, dialledAt }) => [
        dialled,
        offered,
        (options as { headers: unknown }).headers,
        dialledAt,
      ]),
    ).to.deep.equal([
      ['ws://example.org/1', ['graphql-ws'], { n: 1 }, 3],
      ['ws://example.org/2', ['graphql-ws'], { n: 2 }, 6],
    ]);
  });

  test('dials nothing when a value is not to be had, nor when nobody waits for it any more', () => {
    const webSocketImpl = scripted();
    const failing = () => throwError(() => new Error('no token'));
    const recordings = [
      record(openSocket({ url: failing, webSocketImpl })),
      record(openSocket({ url, subprotocols: failing, webSocketImpl })),
      record(openSocket({ url, webSocketOptions: NEVER, webSocketImpl, connectTimeout: 7 })),
    ];
    record(openSocket({ url: timer(5).pipe(map(() => url)), webSocketImpl })).unsubscribe();
    advance(10);
    expect(recordings.map(({ log }) => log)).to.deep.equal([
      [[0, 'error', 'ConnectionError']],
      [[0, 'error', 'ConnectionError']],
      [[7, 'error', 'ConnectionError']],
    ]);
    expect([webSocketImpl.peers.length, timers()]).to.deep.equal([0, 0]);
  });

  test('errors for what a function gives that is of the wrong kind', () => {
    const webSocketImpl = scripted();
    const recordings = [
      record(openSocket({ url: () => 'secret', webSocketImpl })),
      record(openSocket({ url, subprotocols: () => ['secret '], webSocketImpl })),
      record(openSocket({ url, webSocketOptions: () => [] as never, webSocketImpl })),
    ];
    advance(1);
    expect(recordings.map(({ error }) => error.message)).to.deep.equal([
      'expected `url` to be a ws: or wss: URL, got string that is relative to a page, and there is no page: give the whole URL',
      'expected `subprotocols` to be a list of distinct subprotocol names, got array',
      'expected `webSocketOptions` to be an object, got array',
    ]);
  });

  test('gives connecting and closing the time that it is told to', () => {
    const peer = scripted(
      () => undefined,
      cold('o', {
        o: (socket) => {
          socket.open();
          socket.ignoreClose();
        },
      }),
    );
    const options = { url, webSocketImpl: peer, connectTimeout: 20, closeTimeout: 30 };
    const late = record(openSocket(options));
    advance(20);
    expect(late.log).to.deep.equal([[20, 'error', 'ConnectionError']]);
    const left = record(openSocket(options));
    advance(5);
    left.unsubscribe();
    advance(30);
    expect(peer.peers[1]!.closes.map(({ at }) => at)).to.deep.equal([25, 55]);
  });
});
