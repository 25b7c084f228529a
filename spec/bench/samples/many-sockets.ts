import { sum } from '../../helpers/measure/statistics.js';
import { clients } from '../clients/clients.js';
import { leastIn } from '../feed.js';
import type { WarmUp } from '../task.js';
import { askServer } from '../ask-server.js';
import { expectInOrder, inTime } from './expect-results.js';
import { residentSet, startMeter } from './meter.js';
import { sequenceOf } from './sequence.js';

/** Many sockets with one operation each get results at a pace. Between two slices their feeds stand still. */
export const manySockets: WarmUp = async (task) => {
  const { client: name, url, legacy = false, feed, count = 1, warmUp, measure } = task;
  const connect = await clients[name]();
  const gate = String(process.pid);
  const sequences = Array.from({ length: count }, () => sequenceOf(feed.size, 'straight'));
  const counts = () => sequences.map((one) => one.count);
  let goals: readonly number[] = [];
  let missing = 0;
  let reached = () => {};
  const onEach = (results: number) => {
    goals = counts().map((one) => one + results);
    missing = count;
    const reaching = new Promise<void>((resolve) => (reached = resolve));
    return inTime(reaching, `${results} more on every socket`);
  };
  const begun = onEach(1);
  sequences.forEach((sequence, n) => {
    const next = (data: unknown) => {
      sequence.note(data);
      if (sequence.count === goals[n] && (missing -= 1) === 0) reached();
    };
    connect({ url, legacy }).subscribe({ ...feed, gate }, 'all', { next, complete: () => {} });
  });
  await begun;
  await askServer(url, 'shut', gate);
  const slice = async () => {
    await askServer(url, 'open', gate);
    const before = sum(counts());
    const meter = startMeter();
    await onEach(leastIn(measure, feed));
    const { cpu } = meter();
    const results = sum(counts()) - before;
    await askServer(url, 'shut', gate);
    sequences.forEach(expectInOrder);
    return { cpu, results };
  };
  // by slices: after the first requests to the gate, V8 optimises the code of sockets anew
  for (const end = performance.now() + warmUp; performance.now() < end;) await slice();
  const slices: Awaited<ReturnType<typeof slice>>[] = [];
  return {
    async slice() {
      const { cpu, results } = await slice();
      slices.push({ cpu, results });
      return { cpu: cpu / results };
    },
    end() {
      const results = sum(slices.map((one) => one.results));
      return {
        cpu: sum(slices.map((one) => one.cpu)) / results,
        resident: residentSet(),
        results,
      };
    },
  };
};
