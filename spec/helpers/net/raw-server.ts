import { afterEach } from 'mocha';
import { upgradeServer } from './upgrade-server.js';

/** A message of a client's. */
interface ClientFrame {
  readonly type: string;
  /** Absent on what is not of an operation. */
  readonly id: string;
  readonly payload: { readonly query: string } | undefined;
}

/** The server's end of one WebSocket. */
export interface RawPeer {
  /** Counts from 1. */
  readonly connection: number;
  readonly messages: ClientFrame[];
  /** Bytes, as they are, in one TCP segment as far as they fit. */
  write(...frames: readonly Uint8Array[]): void;
  close(code: number, reason: string): void;
}

export interface RawServer {
  readonly url: string;
  readonly peers: readonly RawPeer[];
  /** Codes and reasons, in the order in which the clients closed. */
  readonly closed: readonly { readonly code: number; readonly reason: string }[];
}

/** What the server does at each message. */
export type OnMessage = (peer: RawPeer, message: ClientFrame) => void;

/** Starts WebSocket servers that answer nothing by themselves, and write any bytes. They are stopped after each test of the suite. */
export function useRawServer(): (onMessage: OnMessage) => Promise<RawServer> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (onMessage) => {
    const { server, stop } = await listen(onMessage);
    stops.push(stop);
    return server;
  };
}

async function listen(onMessage: OnMessage) {
  const peers: RawPeer[] = [];
  const closed: { code: number; reason: string }[] = [];
  const { url, stop } = await upgradeServer((socket, stream) => {
    const peer: RawPeer = {
      connection: peers.length + 1,
      messages: [],
      write: (...frames) => void stream.write(Buffer.concat(frames)),
      close: (code, reason) => socket.close(code, reason),
    };
    peers.push(peer);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientFrame;
      peer.messages.push(message);
      onMessage(peer, message);
    });
    socket.on('close', (code, reason) => closed.push({ code, reason: reason.toString() }));
  });
  return { server: { url, peers, closed }, stop };
}
