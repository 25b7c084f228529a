import { expect } from 'chai';
import { firstValueFrom } from 'rxjs';
import type { Frame } from 'rx-graphql-ws/testing/server';
import { continents, continentsQuery } from './continents.js';
import { faultyAnswer, type Damage } from './faulty-answer.js';
import { record } from './record.js';
import type { useParity } from './use-parity.js';

/** A frame that is not as the protocol has it, the damage that it does, and the error of the operation that it damages. */
export type FaultyFrame = readonly [what: string, frame: Frame, damage: Damage, error?: string];

/** Answers a query with the frame: the damage is done, and no more. */
export async function expectDamage(
  start: ReturnType<typeof useParity>,
  [, frame, damage, name]: FaultyFrame,
): Promise<void> {
  const { server, socket } = await start({ script: faultyAnswer(frame, damage) });
  const seen = record(socket.query$(continentsQuery));
  await seen.ended;
  expect((seen.error as Error | undefined)?.name).to.equal(name);
  expect(seen.values).to.deep.equal(damage === 'none' ? [continents] : []);
  const next = await firstValueFrom(socket.query$(continentsQuery));
  expect(next).to.deep.equal(continents);
  expect(server.ledger.opened).to.have.length(damage === 'connection' ? 2 : 1);
}
