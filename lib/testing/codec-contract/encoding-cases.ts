import type { ClientMessage, Codec } from 'rx-graphql-ws';
import { encoding } from './calls.js';
import { clientMessages, furtherMessages, plainMessages, subscribe } from './client-messages.js';
import type { CodecCase } from './codec-case.js';
import { mismatch } from './mismatch.js';
import { sameJson } from './same-json.js';
import { shown } from './shown.js';
import { writeMessage, writeOrRefuse } from './write-message.js';

/** From neutral messages to frames, whatever the frames look like. */
export function encodingCases(codec: Codec): readonly CodecCase[] {
  return [
    ...namingCases(codec),
    ...plainMessages().map((message) => ({
      name: `encode gives text for ${shown(message)}`,
      run() {
        writeMessage(codec, message);
      },
    })),
    ...furtherMessages().map((message) => ({
      name: `encode gives text for ${shown(message)}, or throws`,
      run() {
        writeOrRefuse(codec, message);
      },
    })),
    {
      name: 'encode has a frame for subscribe',
      run() {
        checkFrame(codec, subscribe({}));
      },
    },
    ...unchangingCases(codec),
    {
      name: 'encode writes no placeholder for what it was not given',
      run() {
        for (const message of clientMessages()) {
          const frame = writeOrRefuse(codec, message) ?? '';
          if (!/undefined|\[object /.test(frame)) continue;
          throw mismatch(encoding(message), 'no `undefined` and no `[object …]`', shown(frame));
        }
      },
    },
  ];
}

function namingCases(codec: Codec): readonly CodecCase[] {
  return [
    {
      name: 'subprotocol is a name that Sec-WebSocket-Protocol can carry',
      run() {
        // RFC 6455, section 4.1: a token of RFC 2616; of anything else a browser's WebSocket throws
        const { subprotocol }: { readonly subprotocol: unknown } = codec;
        if (typeof subprotocol === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(subprotocol)) return;
        throw mismatch('subprotocol', 'letters, digits, - . _', shown(subprotocol));
      },
    },
    {
      name: 'canPing is a boolean; where it is true there is a frame for ping',
      run() {
        if (typeof (codec.canPing as unknown) !== 'boolean') {
          throw mismatch('canPing', 'true or false', shown(codec.canPing));
        }
        if (codec.canPing) checkFrame(codec, { type: 'ping' });
      },
    },
  ];
}

function unchangingCases(codec: Codec): readonly CodecCase[] {
  return [
    {
      name: 'encode writes the same frame for the same message',
      run() {
        const write = () => clientMessages().map((message) => writeOrRefuse(codec, message));
        const first = write();
        const second = write();
        for (const [index, message] of clientMessages().entries()) {
          if (first[index] === second[index]) continue;
          throw mismatch(encoding(message), shown(first[index]), shown(second[index]));
        }
      },
    },
    {
      name: 'encode leaves the message as it is',
      run() {
        for (const message of clientMessages()) {
          const before = copy(message);
          const given = copy(message);
          writeOrRefuse(codec, given);
          if (sameJson(given, before)) continue;
          throw mismatch(`the message after ${encoding(before)}`, shown(before), shown(given));
        }
      },
    },
  ];
}

function checkFrame(codec: Codec, message: ClientMessage): void {
  const frame = writeMessage(codec, message);
  if (frame === '')
    throw mismatch(encoding(message), 'a frame', 'an empty string: nothing is sent');
}

function copy(message: ClientMessage): ClientMessage {
  return JSON.parse(JSON.stringify(message)) as ClientMessage;
}
