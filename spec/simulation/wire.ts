import type { SentMessage } from 'rx-graphql-ws/testing';
import { createDialCeiling } from './dial-ceiling.js';
import { isLive, type Line } from './line.js';
import type { Report } from './model.js';
import { routedOn, type Operation } from './operation.js';

/** What the client does on the wire, held against what it should do. */
export interface Wire {
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
  /** The clock jumped. */
  forgive(): void;
}

export function createWire(
  lines: Line[],
  operations: readonly Operation[],
  now: () => number,
  report: Report,
): Wire {
  const ceiling = createDialCeiling();
  const ids = new Set<string>();

  const subscribed = (line: Line, id: string, key: number) => {
    const operation = operations[key];
    if (!operation) return;
    const name = `operation ${key} (${operation.kind})`;
    if (ids.has(id)) report(2, `id "${id}" was sent twice`);
    ids.add(id);
    if (line.ackedAt === undefined) report(5, `${name} was sent before the ack`);
    if (operation.over) report(5, `${name} was sent, and is over`);
    if (routedOn(operation, line)) report(5, `${name} was sent twice on one connection`);
    if (operation.kind === 'mutation' && operation.sends > 0) report(13, `${name} was sent again`);
    if (key < line.lastKey && !operation.patient) report(5, `${name} was sent out of turn`);
    line.lastKey = Math.max(line.lastKey, key);
    operation.sends += 1;
    operation.sentAt = now();
    operation.heardOf = false;
    operation.route = { line, id };
    // the close is on its way, and may be taken for the answer
    if (line.endedWith !== undefined) {
      operation.patient = true;
      line.suspects += 1;
    }
    line.operations.set(id, operation);
  };
  const stopped = (line: Line, id: string) => {
    const operation = line.operations.get(id);
    if (line.stops.has(id)) report(5, `an end of "${id}" was sent twice`);
    line.stops.add(id);
    if (line.late.delete(id)) return;
    if (operation?.owed && operation.route?.id === id) operation.owed = false;
    else report(5, `an end of "${id}" was sent that nobody is owed`);
  };

  return {
    forgive: ceiling.forgive,
    dialled(line) {
      const previous = lines.at(-1);
      const [left] = previous?.peer.closes ?? [];
      const excused = previous?.useful === true && left?.code === 1000;
      if (!ceiling.allows(now(), excused)) report(6, 'too many dials');
      if (lines.some(isLive)) report(1, 'dialled while there is a socket');
      lines.push(line);
    },
    heard(line, { type, id, payload }) {
      if (!isLive(line)) report(5, `${String(type)} was sent on a socket that is over`);
      if (type === 'subscribe' || type === 'start') {
        const { variables } = payload as { variables: { key: number } };
        subscribed(line, String(id), variables.key);
      } else if (type === 'complete' || type === 'stop') stopped(line, String(id));
      else if (type === 'ping') line.pings += 1;
      else if (type === 'connection_init') line.initialisedAt = now();
    },
  };
}
