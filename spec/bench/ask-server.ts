import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Asked, Done } from './feed.js';

/** Asks the server for what is no matter of a client. Resolves when that is done. */
export async function askServer(url: string, asked: Asked, gate = ''): Promise<Done> {
  const address = `${url.replace(/^ws/, 'http')}?${new URLSearchParams({ asked, gate }).toString()}`;
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(address, { agent: false }, resolve).on('error', reject),
  );
  return JSON.parse(await text(response)) as Done;
}
