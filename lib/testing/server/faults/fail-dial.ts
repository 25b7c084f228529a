import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fromEvent, interval, takeUntil, tap } from 'rxjs';
import { refuseUpgrade } from '../refuse-upgrade.js';
import type { Failure } from './dial-fault.js';

/** A dial that is to fail. */
export interface Dial {
  readonly incoming: IncomingMessage;
  readonly stream: Duplex;
  /** Ends the TCP connection with RST. */
  readonly reset: (stream: Duplex) => void;
}

type Named = Extract<Failure, string>;

const names: Readonly<Record<Named, (dial: Dial) => void>> = {
  'no-answer': () => undefined,
  end: ({ stream }) => stream.end(),
  reset: ({ stream, reset }) => {
    reset(stream);
  },
  'not-http': ({ stream }) => stream.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'huge-header': ({ stream }) => stream.write(`${switching}A: ${'b'.repeat(2 ** 20)}\r\n\r\n`),
  'many-headers': ({ stream }) => stream.write(`${switching}${'A: b\r\n'.repeat(50_000)}\r\n`),
  'wrong-accept': answer(() => [...upgraded, 'Sec-WebSocket-Accept: bm90IHlvdXJz']),
  'no-upgrade-header': answer((accept) => ['Connection: Upgrade', accept]),
  'unoffered-extension': answer((accept) => [
    ...upgraded,
    accept,
    'Sec-WebSocket-Extensions: x-nobody-asked',
  ]),
};

const switching = 'HTTP/1.1 101 Switching Protocols\r\n';
const upgraded = ['Upgrade: websocket', 'Connection: Upgrade'];

/** Lets a dial fail. The TCP connection stays open for as long as the client leaves it open, unless the fault is that it does not. */
export function failDial(fault: Failure, dial: Dial): void {
  const { stream } = dial;
  // An HTTP server's connections outlive their client's FIN, and unread ones never see it.
  stream.on('end', () => stream.destroy()).resume();
  if (typeof fault === 'string') names[fault](dial);
  else if ('bytes' in fault) stream.end(fault.bytes);
  else if ('drip' in fault) drip(fault.drip, stream);
  else refuseUpgrade(stream, fault);
}

function answer(headers: (accept: string) => readonly string[]) {
  return ({ incoming, stream }: Dial): void => {
    const { 'sec-websocket-key': key, 'sec-websocket-protocol': offer } = incoming.headers;
    // RFC 6455, section 1.3
    const hash = createHash('sha1').update(`${String(key)}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    const lines = [
      ...headers(`Sec-WebSocket-Accept: ${hash.digest('base64')}`),
      ...(offer === undefined ? [] : [`Sec-WebSocket-Protocol: ${offer.replace(/,.*/, '')}`]),
    ];
    stream.write(`${switching}${lines.join('\r\n')}\r\n\r\n`);
  };
}

function drip(everyMs: number, stream: Duplex): void {
  const head = `${switching}X-Drip: `;
  interval(everyMs)
    .pipe(
      tap((at) => stream.write(head[at] ?? 'x')),
      takeUntil(fromEvent(stream, 'close')),
    )
    .subscribe();
}
