import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, map, mergeMap, take, toArray } from 'rxjs';
import { handshake, openSocket } from 'rx-graphql-ws';
import { restore, spy } from 'sinon';
import WebSocket from 'ws';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

const results = 3;
/** Over the length from which on no text is made, in characters that take two bytes. */
const long = 'é'.repeat(20_000);

/** How often text was made of bytes that are long. */
function textsMade() {
  const toString = spy(Buffer.prototype, 'toString');
  return () =>
    toString.getCalls().filter(({ thisValue, args }) => {
      return args.length === 0 && (thisValue as Buffer).length > 1_000;
    }).length;
}

describe('a long text frame', () => {
  const serve = useServer();
  const connect = useSocket();
  afterEach(restore);
  const start = (text = long) =>
    serve({
      handle: () => Array.from({ length: results }, (_, n) => ({ data: { n: n + 1, text } })),
    });

  it('is received and routed, and becomes text only when somebody asks', async () => {
    const { url } = await start();
    const made = textsMade();
    const socket = connect({ url });
    const payload$ = socket.payload$<{ n: number; text: string }>('subscription { n text }');
    const all = await lastValueFrom(payload$.pipe(toArray()));
    expect(all).to.have.length(results);
    expect(made()).to.equal(0);
    const last = all.at(-1)!;
    expect(last.decode().data).to.deep.equal({ n: 3, text: long });
    expect(JSON.parse(last.text)).to.deep.equal({ data: { n: 3, text: long } });
    expect(made()).to.equal(1);
  });

  it('is read as a WebSocket of the user hands it over', async () => {
    const { url } = await start();
    const heard: unknown[] = [];
    const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage')!;
    class Heard extends WebSocket {
      constructor(address: string, protocols?: string[], options?: object) {
        super(address, protocols, options);
        Object.defineProperty(this, 'onmessage', {
          set: (listener: (event: { data: unknown }) => void) => {
            set?.call(this, ({ data }: { data: string }) => {
              heard.push(data);
              listener({ data: data.replaceAll('é', 'e') });
            });
          },
        });
      }
    }
    const socket = connect({ url, webSocketImpl: Heard });
    const data$ = socket.subscribe$<{ text: string }>('subscription { n text }');
    const { text } = await firstValueFrom(data$);
    expect(text).to.equal('e'.repeat(20_000));
    expect(heard.every((data) => typeof data === 'string')).to.equal(true);
  });

  it('is read from the frames$ that a user has put in place', async () => {
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
