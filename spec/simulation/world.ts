import type { GraphQLSocket } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { config } from 'rxjs';
import type { Clock } from './clock.js';
import { createConsumers, type Consumers } from './consumers.js';
import type { Line } from './line.js';
import { createModel, type Model } from './model.js';
import { createNetwork } from './network.js';
import type { Page } from './page.js';
import { createServer, type Server } from './server.js';
import { toConfig, type Settings } from './settings.js';

/** The library, its consumers and its server, in virtual time. */
export interface World {
  readonly settings: Settings;
  readonly socket: GraphQLSocket;
  readonly consumers: Consumers;
  readonly server: Server;
  readonly clock: Clock;
  readonly page: Page;
  /** Whether the library can know of the page. */
  readonly hasPage: boolean;
  /** What the library has done so far: anything at all. */
  readonly deeds: number;
  /** Results for nobody, as `events$` told of them. */
  readonly orphans: number;
  /** What rxjs found unhandled. */
  readonly unhandled: readonly unknown[];
  readonly statusCompleted: boolean;
  readonly violations: readonly string[];
  report(invariant: number, text: string): void;
  /** What happened, one line each; only when a failure is shown. */
  note(text: string): void;
}

/** Of all runs, each after the other. */
export interface Surroundings {
  readonly clock: Clock;
  readonly page: Page;
}

export function createWorld(
  settings: Settings,
  { clock, page }: Surroundings,
  note: (text: string) => void,
): { readonly model: Model; readonly real: World } {
  const violations: string[] = [];
  const unhandled: unknown[] = [];
  const counts = { deeds: 0, orphans: 0, completed: false };
  const report = (invariant: number, text: string) => {
    violations.push(`invariant ${invariant}: ${text}`);
    note(`✗ invariant ${invariant}: ${text}`);
  };
  const did = (text: string) => {
    counts.deeds += 1;
    note(text);
  };
  const model = createModel(settings, clock.elapsed, report);
  const number = (line: Line) => line.peer.attempt;
  const impl = createNetwork(settings, clock.elapsed, {
    dialled(line) {
      did(`socket ${number(line)}: dialled, offering ${line.peer.offered.join(', ')}`);
      model.dialled(line);
      server.dialled(line);
    },
    heard(line, message) {
      did(`socket ${number(line)}: client says ${JSON.stringify(message)}`);
      model.heard(line, message);
      server.heard(line, message);
    },
  });
  const server = createServer(settings, model, clock, report, note);
  page.install(!settings.ws);
  const socket = graphqlSocket(toConfig(settings, impl));
  const consumers = createConsumers(socket, model, did);
  config.onUnhandledError = (error) => {
    unhandled.push(error);
  };
  socket.status$.subscribe({
    next(status) {
      const why = 'error' in status ? `: ${String(status.error)}` : '';
      did(`status ${status.state}${why}`);
      model.entered(status);
    },
    complete() {
      counts.completed = true;
      note('status$ completes');
    },
  });
  socket.events$.subscribe(({ type }) => {
    if (type === 'orphaned') counts.orphans += 1;
  });
  const real: World = {
    settings,
    socket,
    consumers,
    server,
    clock,
    page,
    hasPage: !settings.ws,
    unhandled,
    violations,
    report,
    note,
    get deeds() {
      return counts.deeds;
    },
    get orphans() {
      return counts.orphans;
    },
    get statusCompleted() {
      return counts.completed;
    },
  };
  return { model, real };
}
