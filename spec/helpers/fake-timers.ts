import { type SinonFakeTimers, useFakeTimers } from 'sinon';

/**
 * As sinon's, for tests with real sockets: an interval that began before it is cleared for good. A socket of the test before may close only
 * now, and its timer would fire after it was cleared, in another test.
 */
export function fakeTimers(config: Parameters<typeof useFakeTimers>[0] = {}): SinonFakeTimers {
  const { clearInterval: real } = globalThis;
  const clock = useFakeTimers(config);
  const { clearInterval: fake } = globalThis;
  globalThis.clearInterval = (timer) => ('_onTimeout' in Object(timer) ? real : fake)(timer);
  return clock;
}
