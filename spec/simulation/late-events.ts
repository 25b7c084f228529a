import fc from 'fast-check';
import { command, type Command } from './commands.js';
import { passTime } from './client-commands.js';
import { isKnownDead, type Line } from './line.js';
import type { Model } from './model.js';
import type { World } from './world.js';

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
export const anyLateEvent: fc.Arbitrary<Command> = fc
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
