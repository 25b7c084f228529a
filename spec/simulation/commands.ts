import type fc from 'fast-check';
import type { Model } from './model.js';
import type { World } from './world.js';
import { isAudible, isKnownDead, isLive } from './line.js';
import { routedOn } from './operation.js';

/** All reasons that the client may close with: fixed, ASCII, at most 123 bytes. */
const reasons = ['', 'Malformed frame', 'Malformed handshake', 'No connection_ack'];
/** ms that a timer may fire later than its time. */
const slack = 5;
/** Timers of one connection and its retries, and of one socket that is being closed. */
const timersOfConnection = 9;
const timersOfClosing = 4;

/** What must hold after every command; those that are checked as things happen have been reported before. */
function checkInvariants(model: Model, real: World): void {
  sockets(model, real);
  operations(model, real);
  resources(model, real);
  if (real.orphans !== real.server.orphans) {
    const { orphans, server } = real;
    real.report(3, `${server.orphans} results were for nobody, ${orphans} reached nobody`);
  }
  if (real.unhandled.length > real.consumers.thrown) {
    real.report(14, `unhandled: ${real.unhandled.map(String).join('; ')}`);
  }
  if (real.violations.length > 0) throw new Error(real.violations.join('\n'));
}

function sockets({ lines, deserted, status }: Model, { report, settings, clock }: World): void {
  const live = lines.filter(isLive);
  if (live.length > 1) report(1, `${live.length} live sockets`);
  for (const { peer } of lines.slice(-3)) {
    for (const { reason, code } of peer.closes) {
      // the refusal of a subprotocol sends no close frame
      if (code !== 'terminated' && !reasons.includes(reason))
        report(10, `closed with ${String(code)} "${reason}"`);
    }
  }
  if (deserted === undefined || clock.elapsed() <= deserted + settings.linger + slack) return;
  if (live.length > 0) report(11, 'a live socket for nobody');
  const state = status?.state ?? 'none';
  if (!['idle', 'failed', 'closed'].includes(state)) report(11, `${state} for nobody`);
}

function operations(
  { lines, operations: all, live, status, disposed }: Model,
  { report, clock }: World,
): void {
  const line = lines.at(-1);
  const connected = line?.ackedAt !== undefined && isAudible(line);
  const served = live();
  if (line && isLive(line)) {
    for (const id of line.late)
      report(5, `the server goes on with "${id}", and was not told that it is over`);
  }
  for (const { key, owed } of all) {
    if (owed) report(5, `the server was not told that operation ${key} is over`);
  }
  for (const operation of served) {
    const { key, kind, route, blamed, expected, condemned, patient } = operation;
    const name = `operation ${key} (${kind})`;
    if (expected.length > 0) report(4, `${name} was not told "${expected.join(', ')}"`);
    if (condemned) report(4, `${name} outlived a fatal error`);
    if (blamed && route && isKnownDead(route.line)) report(8, `${name} was refused, and goes on`);
    if (kind === 'mutation' && route && isKnownDead(route.line)) {
      report(13, `${name} was sent, and outlived its connection`);
    }
    if (connected && !patient && !routedOn(operation, line)) report(8, `${name} was not sent`);
  }
  if (disposed || served.length === 0) return;
  const state = status?.state ?? 'none';
  // the dial ceiling holds a first dial back, and there is no error to wait for
  const held = state === 'idle' && clock.timers() > 0;
  if (!held && !['connecting', 'connected', 'waiting'].includes(state)) {
    report(8, `${state}, with ${served.length} subscribers`);
  }
}

function resources(model: Model, { report, clock, unhandled, consumers, settings }: World): void {
  const closing = model.lines.filter(({ raw }) => raw.readyState === 2).length;
  const reporting = consumers.thrown - unhandled.length;
  const restarting = settings.onServerComplete === 'restart' ? model.live().length : 0;
  const bound = timersOfConnection + closing * timersOfClosing + reporting + restarting;
  const timers = clock.timers();
  if (timers > bound) report(7, `${timers} timers outstanding, more than ${bound}`);
  const stuck = model.status?.state === 'waiting' && timers === 0;
  if (stuck) report(8, 'waiting for nothing');
}

export type Command = fc.Command<Model, World>;

/** A command; what it does is followed by a check of everything. It always runs: where there is nothing to act on something else happens. */
export function command(name: string, act: (model: Model, real: World) => unknown): Command {
  return {
    check: () => true,
    run(model, real) {
      real.note(`── ${name}`);
      act(model, real);
      checkInvariants(model, real);
    },
    toString: () => name,
  };
}
