import type { Line } from './line.js';
import { isLive } from './line.js';
import type { Operation } from './operation.js';
import { routedOn } from './operation.js';
import type { Settings } from './settings.js';

/** A frame of the server's: a message, or whatever text stands in its place. */
export type Said =
  { readonly type: string; readonly id?: unknown; readonly payload?: unknown } | string;

/** ms after which what was sent alone is under no suspicion any more. */
const quarantine = 5_000;

const resultFields = ['data', 'errors', 'incremental', 'hasNext'];

/** Notes what a frame means for the connection, and for the one operation that it may reach; `orphan` when it is for nobody. */
export function foretell(
  line: Line,
  said: Said,
  settings: Settings,
  now: number,
  memory: { understood: boolean },
): 'orphan' | undefined {
  const message = typeof said === 'string' ? parsed(said) : said;
  if (!message) {
    line.fault = 'malformed';
    return undefined;
  }
  const type = neutral[line.peer.subprotocol]?.[message.type];
  const id = typeof message.id === 'number' ? String(message.id) : message.id;
  const named = typeof id === 'string' && id !== '';
  if (type === 'next' && !named) line.fault = 'malformed';
  else if (line.ackedAt === undefined) greet(line, type, named, now);
  else if (isForeign(line, message.type, named, memory)) line.fault = 'subprotocol';
  else if (named) return tell(line, type, { id, payload: message.payload }, settings, now);
  return undefined;
}

/** Whether it shows that the server does not speak the subprotocol: three errors without an id, or a result of the other one, while nothing meant anything. */
function isForeign(
  line: Line,
  type: string,
  named: boolean,
  memory: { understood: boolean },
): boolean {
  const legacy = line.peer.subprotocol === 'graphql-ws';
  const needsId = ['next', 'data', 'error', 'complete'].includes(type);
  const known = legacy
    ? ['connection_ack', 'connection_error', 'ka', 'data', 'error', 'complete']
    : ['connection_ack', 'connection_error', 'ping', 'pong', 'next', 'error', 'complete'];
  if (known.includes(type) && (named || !needsId)) memory.understood = true;
  const busy = [...line.operations.values()].some((operation) => routedOn(operation, line));
  if (memory.understood || !busy) return false;
  if (type === 'error') line.strayErrors += 1;
  return type === (legacy ? 'next' : 'data') || line.strayErrors >= 3;
}

function greet(line: Line, type: string | undefined, named: boolean, now: number): void {
  if (type === 'ack') line.ackedAt = now;
  else if (type === 'rejected') line.fault = 'rejected';
  else if (named && ['next', 'error', 'complete'].includes(String(type))) line.fault = 'malformed';
}

function tell(
  line: Line,
  type: string | undefined,
  { id, payload }: { readonly id: string; readonly payload: unknown },
  settings: Settings,
  now: number,
): 'orphan' | undefined {
  const operation = line.operations.get(id);
  const alive = operation?.route?.id === id && routedOn(operation, line) ? operation : undefined;
  if (alive && ['next', 'error', 'complete'].includes(String(type))) alive.heardOf = true;
  if (type === 'next') {
    line.proven = true;
    if (!alive) {
      if (operation && !line.stops.has(id) && isLive(line)) line.late.add(id);
      return 'orphan';
    }
    if (now - alive.sentAt > quarantine) alive.patient = false;
    result(alive, payload, line);
  } else if (alive && type === 'error') {
    end(alive, 'error OperationError');
  } else if (alive && type === 'complete') {
    if (alive.kind !== 'subscription') end(alive, 'error OperationError');
    else if (settings.onServerComplete === 'complete') end(alive, 'complete');
    else {
      alive.route = undefined;
      alive.patient = true;
    }
  }
  return undefined;
}

/** The server has ended it: nothing is sent back. */
function end(operation: Operation, how: string): void {
  operation.route = undefined;
  operation.expected.push(how);
}

function result(operation: Operation, payload: unknown, line: Line): void {
  const { kind, expected } = operation;
  operation.answered = kind !== 'subscription';
  const { data, errors } = Object(payload) as { data?: unknown; errors?: unknown };
  const isResult =
    typeof payload === 'object' && resultFields.some((field) => field in Object(payload));
  if (!isResult || errors !== undefined) {
    expected.push(isResult ? 'error OperationError' : 'error ProtocolError');
    operation.owed = !operation.answered && isLive(line);
  } else if (data !== undefined) {
    expected.push(`next ${JSON.stringify(data)}`);
    if (operation.answered || operation.manner === 'once') expected.push('complete');
  }
}

/** `undefined` for what ends the connection. A frame whose head names an operation is for that one, whatever follows. */
function parsed(frame: string): Exclude<Said, string> | undefined {
  const head = /^\{"id":"([^"]+)","type":"(next|data)","payload":/.exec(frame);
  try {
    const message = JSON.parse(frame) as { type?: unknown } | null;
    if (typeof message?.type === 'string') return message as Exclude<Said, string>;
  } catch {
    if (head) return { type: String(head[2]), id: head[1], payload: undefined };
  }
  return undefined;
}

const common = {
  connection_ack: 'ack',
  connection_error: 'rejected',
  error: 'error',
  complete: 'complete',
} as const;

/** Without a prototype: types come from anywhere. */
const neutral: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'graphql-transport-ws': Object.assign(Object.create(null) as object, common, { next: 'next' }),
  'graphql-ws': Object.assign(Object.create(null) as object, common, { data: 'next' }),
};
