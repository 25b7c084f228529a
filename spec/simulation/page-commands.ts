import fc from 'fast-check';
import { command, type Command } from './commands.js';
import { isAudible } from './line.js';
import type { Model } from './model.js';
import type { PageEvent } from './page.js';
import type { World } from './world.js';

/** What happens to the page: a connection that works is asked whether it does, and is not closed. */
export const anyPageEvent: fc.Arbitrary<Command> = fc
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
