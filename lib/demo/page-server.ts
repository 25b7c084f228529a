import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from 'rx-graphql-ws/testing/server';
import { faults, planTour, type Fault, type Step } from './faults.js';
import { startServer, type DemoServer } from './server.js';

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html'],
  '/page.css': ['page.css', 'text/css'],
  '/page.js': ['page.js', 'text/javascript'],
  '/naive.ts': ['naive.ts.txt', 'text/plain'],
  '/ours.ts': ['ours.ts.txt', 'text/plain'],
};
const built = new URL('page/', import.meta.url);

/** The first message to a page; a `ServerState` is each that follows. `POST /<id>?fault=<name>` orders a fault. */
export type Hello = Readonly<{ id: string; url: string; every: number; tour: readonly Step[] }>;

/** The servers of the open pages, by the ids of the pages. */
type Sessions = Map<string, DemoServer>;

/** Serves the page, on another port if that one cannot be had. Each open page has a GraphQL server of its own. */
export async function servePage(port: number, seed: number, directory = built) {
  const sessions: Sessions = new Map();
  const running = new Set<Promise<unknown>>();
  const server = createServer(({ method, url }, response) => {
    const { pathname, searchParams } = new URL(String(url), 'http://localhost');
    const fault = searchParams.get('fault') ?? '';
    const file = files[pathname];
    const every = Math.max(5, Number(searchParams.get('every')) || 100);
    if (file) void sendFile(response, new URL(file[0], directory), file[1]);
    else if (pathname === '/session') running.add(open(response, every, seed, sessions));
    else if (method === 'POST' && Object.hasOwn(faults, fault)) {
      sessions.get(pathname.slice(1))?.strike(fault as Fault);
      response.writeHead(204).end();
    } else response.writeHead(404).end();
  });
  const listen = (at: number) => once(server.listen(at, '127.0.0.1'), 'listening');
  await listen(port).catch(() => listen(0));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all(running);
    },
  };
}

/** Starts the server of a page. It ends with this request, which tells the page the truth about it. */
async function open(response: ServerResponse, every: number, seed: number, sessions: Sessions) {
  const gone = once(response, 'close');
  const server = await startServer(every, seed, 1);
  const id = randomUUID();
  sessions.set(id, server);
  const tell = (message: unknown) => response.write(`data: ${JSON.stringify(message)}\n\n`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  tell({ id, url: server.url, every, tour: planTour(seededRandom(seed)) } satisfies Hello);
  const telling = setInterval(() => tell(server.state()), 200);
  await gone;
  clearInterval(telling);
  sessions.delete(id);
  await server.stop();
}

async function sendFile(response: ServerResponse, file: URL, type: string): Promise<void> {
  const text = await readFile(file).catch(() => undefined);
  response.writeHead(text ? 200 : 404, { 'Content-Type': `${type}; charset=utf-8` });
  response.end(text);
}
