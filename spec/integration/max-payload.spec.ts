import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, of, type Observable } from 'rxjs';
import type { ExecutionResult } from 'rx-graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useRawServer } from '../helpers/net/raw-server.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

const MiB = 1024 * 1024;
const webSocketOptions = { maxPayload: 1_000 };
const sized = (size: number): Observable<ExecutionResult> => of({ data: 'x'.repeat(size) });

describe('a message that is longer than maxPayload', () => {
  const serve = useServer();
  const serveRaw = useRawServer();
  const connect = useSocket();

  it('closes the connection, which is dialled again, silently', async () => {
    let calls = 0;
    const server = await serve({ handle: () => sized((calls += 1) === 1 ? 2_000 : 500) });
    const socket = connect({ url: server.url, webSocketOptions });
    const errors: unknown[] = [];
    socket.status$.subscribe((status) => {
      if (status.state === 'waiting') errors.push(status.error);
    });
    expect(await firstValueFrom(socket.subscribe$('{ a }'))).to.have.length(500);
    expect(server.ledger.opened).to.have.length(2);
    expect(server.ledger.closed[0]?.code).to.equal(1009);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.include({ name: 'ConnectionClosedError', code: 1006 });
    expect(errors[0]).to.have.nested.property('cause.code', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH');
  });

  it('is an error with retry: false', async () => {
    const { url } = await serve({ handle: () => sized(2_000) });
    const socket = connect({ url, webSocketOptions, retry: false });
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
    expect(error).to.include({ code: 1006, wasClean: false });
  });

  it('passes within the limit', async () => {
    const { url } = await serve({ handle: () => sized(900) });
    const socket = connect({ url, webSocketOptions, retry: false });
    expect(await firstValueFrom(socket.query$('{ a }'))).to.have.length(900);
  });

  it('is 32 MiB by default', async () => {
    for (const [bytes, closes] of [
      [32 * MiB, false],
      [32 * MiB + 1, true],
    ] as const) {
      const server = await serveRaw((peer) => {
        // what follows need not come: the length is in front
        peer.write(frameHead(bytes));
      });
      // one protocol: the other would be tried at once
      const subprotocols = ['graphql-transport-ws'];
      const socket = connect({ url: server.url, subprotocols, retry: false });
      const ends: unknown[] = [];
      socket.query$('{ a }').subscribe({ error: (error: unknown) => ends.push(error) });
      await eventually(() => expect(server.peers).to.have.length(1));
      await delay(30);
      expect(ends).to.have.length(closes ? 1 : 0);
      expect(server.closed.map(({ code }) => code)).to.deep.equal(closes ? [1009] : []);
    }
  });
});

/** Of a text frame whose payload is this long. */
function frameHead(bytes: number): Buffer {
  const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeBigUInt64BE(BigInt(bytes), 2);
  return head;
}
