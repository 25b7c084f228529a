import { isAudible, isLive } from './line.js';
import type { Model } from './model.js';
import { routedOn } from './operation.js';
import { noticesSilence } from './settings.js';
import type { World } from './world.js';

/** ms within which all is well again: silence noticed, a dial given up, the longest backoff, and the handshake. */
const recovery = 75_000;

/** No stuck state: with a server that is well every subscriber is on the live socket by and by, and served. */
export function heal(model: Model, real: World): void {
  const { server, clock, settings, report } = real;
  server.recover();
  clock.advance(recovery);
  const before = model.lines.at(-1);
  const deaf = before?.silent === true && isLive(before) && before.ackedAt !== undefined;
  if (deaf && !noticesSilence(settings, before.peer.subprotocol)) {
    // nobody asked to notice, or what was learnt of its heartbeats allows for more: the network tells
    server.close(before, 1006);
    clock.advance(recovery);
  }
  const line = model.lines.at(-1);
  // a search is over by now
  for (const operation of model.live()) operation.patient = false;
  for (const operation of model.live()) {
    const { key, route } = operation;
    // a result for another one may have ended it
    if (operation.over || model.disposed) continue;
    if (!line || !isAudible(line) || !route || !routedOn(operation, line)) {
      report(8, `operation ${key} is stuck: ${String(model.status?.state)}`);
    } else {
      const payload = { data: { healed: key } };
      server.say(line, { type: server.name(line, 'next'), id: route.id, payload });
    }
  }
}

/** When all have left nothing is left. */
export function settle(model: Model, real: World): void {
  const { consumers, clock, settings, report } = real;
  for (const operation of model.live()) consumers.unsubscribe(operation);
  clock.advance(settings.linger + settings.closeTimeout + 100);
  const timers = clock.timers();
  if (timers > 0) report(7, `${timers} timers for nobody`);
  if (model.lines.some(isLive)) report(11, 'a live socket for nobody');
  if (real.page.listeners > 0) report(7, `${real.page.listeners} listeners for nobody`);
  if (consumers.thrown !== real.unhandled.length) {
    report(14, `${consumers.thrown} thrown, ${real.unhandled.length} reported`);
  }
  if (model.disposed && !real.statusCompleted) report(9, 'status$ does not complete');
}
