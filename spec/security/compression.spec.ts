import { expect } from 'chai';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'mocha';
import { constants, deflateRawSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { frame } from '../helpers/net/frame.js';
import { useSocket } from '../helpers/use-socket.js';

const MiB = 1024 * 1024;
/** One, or the other would be tried at once. */
const subprotocols = ['graphql-transport-ws'];

/** A text frame that says it is compressed (RFC 7692), of so many MiB when it is inflated; made of pieces, as memory is measured. */
const bomb = (size: number) => {
  const piece = deflateRawSync(Buffer.alloc(MiB, 'x'), { finishFlush: constants.Z_FULL_FLUSH });
  // section 7.2.1: without the last four bytes
  return frame(Buffer.concat(Array<Buffer>(size).fill(piece)).subarray(0, -4), { rsv: 4 });
};

describe('compression', function () {
  this.timeout(20_000);
  const connect = useSocket();
  const servers: WebSocketServer[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });
  const serve = async (bytes: Buffer) => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: true,
      handleProtocols: () => 'graphql-transport-ws',
    });
    servers.push(server);
    const extensions: string[] = [];
    const codes: number[] = [];
    server.on('connection', (socket, request) => {
      extensions.push(socket.extensions);
      socket.on('close', (code) => codes.push(code));
      socket.on('message', () => request.socket.write(bytes));
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `ws://127.0.0.1:${port}/`, extensions, codes };
  };

  it('is not agreed on by default, though the server would: a bomb is not even inflated', async () => {
    const { url, extensions } = await serve(bomb(99));
    const socket = connect({ url, subprotocols, retry: false });
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
    expect(extensions).to.deep.equal(['']);
    expect(error).to.have.nested.property('cause.code', 'WS_ERR_UNEXPECTED_RSV_1');
  });

  it('that the user asks for stops at maxPayload', async () => {
    const bytes = bomb(99);
    expect(bytes.length).to.be.below(MiB);
    const { url, extensions, codes } = await serve(bytes);
    const before = process.memoryUsage.rss();
    let peak = before;
    const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 1);
    const webSocketOptions = { perMessageDeflate: true };
    const socket = connect({ url, subprotocols, webSocketOptions, retry: false });
    const error = await failureOf(socket.query$('{ a }'), 'ConnectionClosedError');
    clearInterval(sampling);
    expect(extensions).to.deep.equal(['permessage-deflate']);
    expect(error).to.have.nested.property('cause.code', 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH');
    // 32 MiB in pieces, and what zlib needs
    expect(peak - before).to.be.below(64 * MiB);
    await eventually(() => expect(codes).to.deep.equal([1009]));
  });
});
