import fc from 'fast-check';
import { command, type Command } from './commands.js';
import { heal, settle } from './heal.js';
import type { Model } from './model.js';
import type { Manner } from './operation.js';
import type { World } from './world.js';

const manners: readonly fc.WeightedArbitrary<Manner>[] = [
  { weight: 12, arbitrary: fc.constant('plain') },
  { weight: 3, arbitrary: fc.constant('once') },
  { weight: 2, arbitrary: fc.constant('throws') },
  { weight: 2, arbitrary: fc.constant('leaves') },
  { weight: 2, arbitrary: fc.constant('evicts') },
  { weight: 2, arbitrary: fc.constant('subscribes') },
  { weight: 2, arbitrary: fc.constant('succeeds') },
];

const anySubscribe = fc
  .record({
    kind: fc.constantFrom('subscription', 'subscription', 'subscription', 'query', 'mutation'),
    manner: fc.oneof(...manners),
  })
  .map(({ kind, manner }) =>
    command(`subscribe ${kind} (${manner})`, (_model, { consumers }) => {
      consumers.subscribe(kind, manner);
    }),
  );

const anyUnsubscribe = fc.nat(20).map((index) =>
  command(`unsubscribe ${index}`, (model, real) => {
    const live = model.live();
    const operation = live[index % live.length];
    if (operation) real.consumers.unsubscribe(operation);
    else passTime(model, real);
  }),
);

const unsubscribeAll = command('unsubscribe all', (model, real) => {
  for (const operation of model.live()) real.consumers.unsubscribe(operation);
});

const leaveAlone = command('unsubscribe all, and wait', settle);

const reconnect = command('reconnect()', (model, { socket }) => {
  model.renewing();
  socket.reconnect();
});

const dispose = command('close()', (_model, { consumers }) => {
  consumers.dispose();
});

const anyDispose = fc.constantFrom(
  dispose,
  command('subscribe (disposes)', (_model, { consumers }) => {
    consumers.subscribe('subscription', 'disposes');
  }),
);

const anyAdvance = fc
  .oneof(
    fc.constantFrom(0, 1, 5, 20, 200, 1_000, 3_000, 5_000, 10_000, 25_000, 35_000, 60_000),
    fc.nat(2_000),
    fc.nat(60_000),
  )
  .map((ms) =>
    command(`advance ${ms} ms`, (_model, { clock }) => {
      clock.advance(ms);
    }),
  );

const anyJump = fc.constantFrom(-86_400_000, -5_000, -1_000, 1_000, 60_000, 86_400_000).map((ms) =>
  command(`the clock jumps by ${ms} ms`, (model, { clock }) => {
    clock.jump(ms);
    model.jumped(clock.elapsed());
  }),
);

/** What the program does that uses the library, and time. */
export const clientCommands: readonly fc.WeightedArbitrary<Command>[] = [
  { weight: 22, arbitrary: anySubscribe },
  { weight: 8, arbitrary: anyUnsubscribe },
  { weight: 2, arbitrary: fc.constant(unsubscribeAll) },
  { weight: 1, arbitrary: fc.constant(leaveAlone) },
  { weight: 2, arbitrary: fc.constant(reconnect) },
  { weight: 18, arbitrary: anyAdvance },
  { weight: 1, arbitrary: anyJump },
  { weight: 1, arbitrary: fc.constant(command('the server recovers', heal)) },
];

/** Ends most of what a run can do: it comes late. */
export const lastCommands: readonly fc.WeightedArbitrary<Command>[] = [
  { weight: 30, arbitrary: fc.constant(dispose) },
  { weight: 10, arbitrary: anyDispose },
];

/** Where a command has nothing to act on. */
export function passTime(model: Model, { consumers, clock }: World): void {
  if (model.live().length === 0 && !model.disposed) consumers.subscribe('subscription', 'plain');
  else clock.advance(500);
}
