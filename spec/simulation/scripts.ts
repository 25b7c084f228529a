import fc from 'fast-check';
import { clientCommands, lastCommands, passTime } from './client-commands.js';
import { type Command, command } from './commands.js';
import { moods, serverCommands } from './server-commands.js';
import { anySettings, type Settings } from './settings.js';
import { isAudible, isKnownDead, type Line } from './line.js';
import type { Model } from './model.js';
import type { World } from './world.js';
import type { PageEvent } from './page.js';

/** What happens to the page: a connection that works is asked whether it does, and is not closed. */
const anyPageEvent: fc.Arbitrary<Command> = fc
  .constantFrom<PageEvent>('offline', 'online', 'pageshow', 'visibilitychange')
  .map((event) =>
    command(`the page: ${event}`, (model, real) => {
      // nothing is dialled for nobody
      const waits = isWaiting(model) && model.mayDial() && model.live().length > 0;
      probed(model, real, event);
      const wakes = event !== 'offline' && real.hasPage;
      if (wakes && waits && isWaiting(model)) real.report(8, `goes on waiting after ${event}`);
    }),
  );

function isWaiting({ status }: Model): boolean {
  return status?.state === 'waiting';
}

function probed(model: Model, real: World, event: PageEvent): void {
  const line = real.server.line();
  const works = line?.ackedAt !== undefined && isAudible(line);
  const pings = line?.pings;
  const justAsked = real.clock.elapsed() - (line?.wokenAt ?? -Infinity) <= 1_000;
  if (line && event !== 'offline' && !justAsked) line.wokenAt = real.clock.elapsed();
  real.page.fire(event);
  if (!works) return;
  if (!isAudible(line)) real.report(8, `closed what works over ${event}`);
  const asks =
    line.peer.subprotocol === 'graphql-transport-ws' && real.settings.pingInterval !== false;
  const served = model.live().length > 0;
  // a server that ended two connections over a ping gets no more of them
  const refused = model.lines.filter(
    ({ pings: sent, endedWith }) => sent > 0 && endedWith !== undefined,
  );
  if (refused.length > 1) return;
  // a wake causes one ping a second at most
  if (asks && served && real.hasPage && line.pings === pings && !(justAsked && event !== 'offline'))
    real.report(8, `does not ask after ${event}`);
}

type Handlers = Record<
  'onopen' | 'onmessage' | 'onclose' | 'onerror',
  ((event: object) => void) | null
>;

/** Each on the handlers of a socket that is dead for the client. */
const events: Readonly<Record<string, (handlers: Handlers, model: Model, line: Line) => void>> = {
  open: (handlers) => handlers.onopen?.({ type: 'open' }),
  ack: (handlers) => handlers.onmessage?.({ type: 'message', data: '{"type":"connection_ack"}' }),
  garbage: (handlers) => handlers.onmessage?.({ type: 'message', data: '{' }),
  error: (handlers) => handlers.onerror?.({ type: 'error', error: new Error('late') }),
  close: (handlers) => {
    handlers.onclose?.({ type: 'close', code: 4401, reason: 'late', wasClean: true });
  },
  results(handlers, model, line) {
    const type = line.peer.subprotocol === 'graphql-ws' ? 'data' : 'next';
    const ids = [...line.operations.keys(), ...model.live().map(({ route }) => route?.id)];
    for (const id of ids) {
      const data = JSON.stringify({ id, type, payload: { data: 'late' } });
      handlers.onmessage?.({ type: 'message', data });
      handlers.onmessage?.({ type: 'message', data: JSON.stringify({ id, type: 'complete' }) });
    }
  },
};

/** A dead socket speaks: nothing happens. */
const anyLateEvent: fc.Arbitrary<Command> = fc
  .record({ event: fc.constantFrom(...Object.keys(events)), back: fc.nat(2) })
  .map(({ event, back }) =>
    command(`late ${event} of a dead socket (${back})`, (model, real) => {
      const dead = model.lines.filter(isKnownDead);
      const line = dead.at(-1 - (back % Math.max(dead.length, 1)));
      if (line) speak(event, model, real, line);
      else passTime(model, real);
    }),
  );

function speak(event: string, model: Model, real: World, line: Line): void {
  const { deeds, orphans } = real;
  events[event]?.(line.raw, model, line);
  if (real.deeds > deeds || real.orphans > orphans) {
    real.report(3, `late ${event} of socket ${line.peer.attempt} had an effect`);
  }
}

/** One run. */
export interface Script {
  readonly settings: Settings;
  readonly commands: readonly Command[];
}

/** Commands of a run, besides the last ones. */
const fewest = 40;
const most = 60;
/** Of what comes after `close()`. */
const mostAfter = 5;

const everyday = [
  ...clientCommands,
  ...serverCommands,
  { weight: 3, arbitrary: anyLateEvent },
  { weight: 3, arbitrary: anyPageEvent },
];

const anyEnding = fc.option(
  fc.tuple(fc.oneof(...lastCommands), fc.array(fc.oneof(...everyday), { maxLength: mostAfter })),
  { freq: 3 },
);

const inMood = (mood: (typeof moods)[number]): fc.Arbitrary<Script> => {
  const anyCommand = fc.oneof(...everyday, ...mood);
  const anyCommands = fc.array(anyCommand, { minLength: fewest, maxLength: most, size: 'max' });
  const commands = fc
    .tuple(anyCommands, anyEnding)
    .map(([before, ending]) => (ending ? [...before, ending[0], ...ending[1]] : before));
  return fc.record({ settings: anySettings, commands });
};

/** At least forty commands, against a server of one mood or another. */
export const anyScript: fc.Arbitrary<Script> = fc.oneof(...moods.map(inMood));
