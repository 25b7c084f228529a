import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpRefusal } from './verdict.js';

/** Answers a request to upgrade with HTTP, and ends the TCP connection. */
export function refuseUpgrade(
  stream: Duplex,
  { status, headers = {}, body = '' }: HttpRefusal,
): void {
  const lines = Object.entries({
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`,
  );
}
