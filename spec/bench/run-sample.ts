import { loadSample } from './samples/samples.js';
import type { NoSample, Order, PlacedTask, Sample, Slices } from './task.js';

const task = JSON.parse(process.argv[2] ?? '') as PlacedTask;
const warmUp = await loadSample(task.sample);
let slices: Slices;

process.once('disconnect', () => process.exit());
process.on('message', ({ order }: { readonly order: Order }) => {
  void obey(order)
    .catch(failed)
    .then((answer) => process.send?.(answer));
});
process.send?.({});

async function obey(order: Order): Promise<Sample> {
  if (order === 'end') return slices.end();
  if (order === 'slice') return slices.slice();
  slices = await warmUp(task);
  return {};
}

function failed(error: unknown): NoSample {
  console.error(error);
  return { failure: error instanceof Error ? error.message : String(error) };
}
