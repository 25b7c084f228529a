import fc from 'fast-check';
import { frameSpec, type FrameSpec } from './frame-spec.js';

/** What happens to a client, one after the other. */
export type Step =
  /** Frames in one tick. */
  | { readonly kind: 'frames'; readonly frames: readonly FrameSpec[] }
  /** The connection is lost, and the next one says this before its ack. */
  | { readonly kind: 'early'; readonly frames: readonly FrameSpec[] }
  | { readonly kind: 'close'; readonly code: number }
  | { readonly kind: 'fail' }
  /** An operation is unsubscribed. */
  | { readonly kind: 'leave'; readonly slot: number }
  | { readonly kind: 'advance'; readonly ms: number };

/** One life of a socket object. */
export interface Life {
  readonly dialect: 'graphql-transport-ws' | 'graphql-ws';
  /** Whether it has what `ws` has. */
  readonly ws: boolean;
  /** Each is followed by so many ms. */
  readonly steps: readonly (readonly [Step, number])[];
}

/** 1006 is a drop; those of a browser, of the specification, and of others. */
const codes = [
  ...[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015],
  ...[3000, 4000, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4499, 4500, 4999],
];
const frames = (kind: 'frames' | 'early', maxLength: number) =>
  fc.array(frameSpec, { minLength: 1, maxLength }).map((list) => ({ kind, frames: list }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: frames('frames', 6) },
  { weight: 1, arbitrary: frames('early', 3) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...codes).map((code) => ({ kind: 'close' as const, code })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'fail' as const }) },
  { weight: 1, arbitrary: fc.nat(4).map((slot) => ({ kind: 'leave' as const, slot })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(1, 5_000, 26_000, 90_000)
      .map((ms) => ({ kind: 'advance' as const, ms })),
  },
);
/** Mostly longer than the minute in which protocol faults count: a socket that has failed has nothing to tell. */
const pause = fc.constantFrom(5, 5, 300, 3_000, 61_000, 61_000);

export const life: fc.Arbitrary<Life> = fc.record({
  dialect: fc.constantFrom('graphql-transport-ws', 'graphql-ws'),
  ws: fc.boolean(),
  steps: fc.array(fc.tuple(step, pause), { minLength: 1, maxLength: 8 }),
});
