import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  filter,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  of,
  switchMap,
  take,
  toArray,
} from 'rxjs';
import { handshake, openSocket } from 'rx-graphql-ws';
import WebSocket from 'ws';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

const results = 3;
/** Over the length from which on no text is made, in characters that take two bytes. */
const long = 'é'.repeat(20_000);

/** `ws`, with a list of the lengths of which text was made, in bytes. */
function watched() {
  const made: number[] = [];
  class Watched extends WebSocket {
    constructor(url: string, protocols?: string[], options?: object) {
      super(url, protocols, options);
      // before anybody else hears of it
      this.prependListener('message', (data: Buffer) => {
        const { toString } = data;
        data.toString = (encoding, ...range: number[]) => {
          if (encoding === undefined) made.push(data.length);
          return toString.call(data, encoding, ...range);
        };
      });
    }
  }
  return { webSocketImpl: Watched, made, texts: () => made.filter((length) => length > 1_000) };
}

describe('a long text frame', () => {
  const serve = useServer();
  const connect = useSocket();
  const start = (text = long) =>
    serve({
      handle: () => Array.from({ length: results }, (_, n) => ({ data: { n: n + 1, text } })),
    });

  it('is received and routed, and no text is made of it until somebody wants it', async () => {
    const { url } = await start();
    const { webSocketImpl, texts } = watched();
    const socket = connect({ url, webSocketImpl });
    const payload$ = socket.payload$<{ n: number; text: string }>('subscription { n text }');
    const all = await lastValueFrom(payload$.pipe(toArray()));
    expect(all).to.have.length(results);
    expect(texts()).to.deep.equal([]);
    const last = all.at(-1)!;
    expect(last.decode().data).to.deep.equal({ n: 3, text: long });
    expect(JSON.parse(last.text)).to.deep.equal({ data: { n: 3, text: long } });
    expect(texts()).to.have.length(1);
  });

  it('is text for who wants data', async () => {
    const { url } = await start();
    const socket = connect({ url });
    const data$ = socket.subscribe$<{ n: number; text: string }>('subscription { n text }');
    const all = await lastValueFrom(data$.pipe(toArray()));
    expect(all.map(({ n, text }) => [n, text === long])).to.deep.equal([
      [1, true],
      [2, true],
      [3, true],
    ]);
  });

  it('is shown as text to who watches the wire', async () => {
    const { url } = await start();
    const socket = connect({ url });
    const next$ = socket.events$.pipe(
      filter((event) => event.type === 'received'),
      filter(({ message }) => message.type === 'next'),
      take(results),
      map(({ text }) => text),
      toArray(),
    );
    const shown = firstValueFrom(next$);
    await lastValueFrom(socket.payload$('subscription { n text }'));
    expect((await shown).every((text) => text.includes(long))).to.equal(true);
  });

  it('is text for who listens to the frames of a socket', async () => {
    const { url } = await start();
    const frame$ = openSocket({ url }).pipe(
      switchMap((socket) =>
        merge(
          socket.frames$.pipe(filter((frame) => frame.length > 1_000)),
          of(socket).pipe(
            handshake(),
            mergeMap((connection) => connection.execute('subscription { n text }')),
            ignoreElements(),
          ),
        ),
      ),
      take(results),
      toArray(),
    );
    for (const frame of await lastValueFrom(frame$)) expect(frame).to.include(long);
  });

  it('is heard in the stead of another that a user has put there', async () => {
    const { url } = await start();
    const text$ = openSocket({ url }).pipe(
      map((socket) => ({
        ...socket,
        frames$: socket.frames$.pipe(map((frame) => frame.replaceAll('é', 'e'))),
      })),
      handshake(),
      mergeMap((connection) => connection.execute<{ text: string }>('subscription { n text }')),
      map((payload) => payload.decode().data?.text),
      take(1),
    );
    expect(await lastValueFrom(text$)).to.equal('e'.repeat(20_000));
  });
});
