import type { ClientMessage, Codec, Payload, ServerMessage } from 'rx-graphql-ws';
import type { CodecDialect } from 'rx-graphql-ws/testing';
import { appSync, appSyncDialect } from '../app-sync.js';

/** A codec with one fault, and what the contract has to say about it. */
export interface Broken {
  readonly fault: string;
  readonly codec: Codec;
  readonly dialect?: CodecDialect;
  /** The cases that fail: each of these names one at least, and none fails that they do not name. */
  readonly fails: readonly RegExp[];
  /** In the message of one of them. */
  readonly says: string;
}

const authorization = { host: 'example.org', 'x-api-key': 'k' };

export const good = appSync(authorization);

/** Made afresh: a codec may change the messages in it. */
export function goodDialect(): CodecDialect {
  return {
    ...appSyncDialect(authorization),
    // fewer than there are: every frame more is a thousand changed ones more
    says: [
      ['connection_ack', 'ack'],
      ['ka', 'pong'],
      [{ type: 'start_ack', id: '1' }, 'unknown'],
    ],
    foreign: ['next'],
  };
}

/** What a fault makes of a method need not be what its type says. */
export const encoding = (encode: (message: ClientMessage) => unknown): Codec =>
  ({ ...good, encode }) as Codec;

export const decoding = (decode: (frame: string) => unknown): Codec =>
  ({ ...good, decode }) as Codec;

export const reading = (change: (message: ServerMessage, frame: string) => unknown): Codec =>
  decoding((frame) => change(good.decode(frame), frame));

export const paying = (change: (payload: Payload, frame: string) => unknown): Codec =>
  reading((message, frame) =>
    message.type === 'next' ? { ...message, payload: change(message.payload, frame) } : message,
  );
